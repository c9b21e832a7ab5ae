// SPDX-License-Identifier: BSD-3-Clause
#include "plots/colormap.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace starling::plots {
namespace {

constexpr Rgb missing{190, 190, 190};
constexpr Index half_entries = 256;  // in a branch of the table, its first colour not counted

using Lab = std::array<Real, 3>;

Lab cartesian(const Lch& colour) {
  const Real angle = colour.hue * std::numbers::pi / 180;
  return {colour.lightness, colour.chroma * std::cos(angle), colour.chroma * std::sin(angle)};
}

std::uint8_t channel(Real linear) {
  linear = std::clamp(linear, 0.0, 1.0);
  // IEC 61966-2-1, the transfer function of sRGB.
  const Real encoded =
      linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(255 * encoded));
}

// Ottosson (2020), "Converting from OKLab to linear sRGB".
Rgb srgb(const Lab& lab) {
  const auto [lightness, a, b] = lab;
  const Real l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const Real m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const Real s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  return {channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

// The curve of Catmull and Rom (1974) through `points`, at `at` in [0, points - 1].
Lab on_curve(const std::vector<Lab>& points, Real at) {
  const auto last = static_cast<Index>(points.size()) - 1;
  const Index i = std::min(static_cast<Index>(at), last - 1);
  const Real t = at - static_cast<Real>(i);
  const auto point = [&](Index k, std::size_t c) {
    // Beyond the ends the curve goes straight on.
    if (k < 0) return 2 * points[0][c] - points[1][c];
    if (k > last) {
      return 2 * points[static_cast<std::size_t>(last)][c] -
             points[static_cast<std::size_t>(last - 1)][c];
    }
    return points[static_cast<std::size_t>(k)][c];
  };
  Lab out{};
  for (std::size_t c = 0; c < out.size(); ++c) {
    const Real p0 = point(i - 1, c), p1 = point(i, c), p2 = point(i + 1, c), p3 = point(i + 2, c);
    out[c] =
        p1 +
        0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
  }
  return out;
}

// half_entries + 1 colours at equal distances along the curve.
std::vector<Rgb> even_colours(const std::vector<Lch>& through) {
  constexpr Index samples = 4096;
  std::vector<Lab> points;
  points.reserve(through.size());
  for (const Lch& colour : through) points.push_back(cartesian(colour));
  const auto parameter = [&](Index sample) {
    return static_cast<Real>(points.size() - 1) * static_cast<Real>(sample) / samples;
  };
  std::vector<Real> length{0};
  Lab before = points.front();
  for (Index sample = 1; sample <= samples; ++sample) {
    const Lab here = on_curve(points, parameter(sample));
    length.push_back(length.back() +
                     std::hypot(here[0] - before[0], here[1] - before[1], here[2] - before[2]));
    before = here;
  }
  std::vector<Rgb> out;
  for (Index entry = 0; entry <= half_entries; ++entry) {
    const Real wanted = length.back() * static_cast<Real>(entry) / half_entries;
    const auto found = std::lower_bound(length.begin(), length.end() - 1, wanted);
    out.push_back(srgb(on_curve(points, parameter(found - length.begin()))));
  }
  return out;
}

}  // namespace

Rgb Colormap::operator()(Real number) const {
  if (std::isnan(number)) return missing;
  const auto last = static_cast<Real>(table_.size() - 1);
  return table_[static_cast<std::size_t>(std::lround(std::clamp(number, 0.0, 1.0) * last))];
}

Colormap Colormap::diverging() {
  const auto branch = [](Real hue, Real turn) {
    return even_colours({{1, 0, hue},
                         {0.88, 0.055, hue},
                         {0.73, 0.115, hue + 0.3 * turn},
                         {0.55, 0.145, hue + 0.6 * turn},
                         {0.39, 0.120, hue + turn},
                         {0.26, 0.080, hue + turn}});
  };
  const std::vector<Rgb> blue = branch(238, 22), red = branch(52, -30);
  std::vector<Rgb> table(blue.rbegin(), blue.rend());
  table.insert(table.end(), red.begin() + 1, red.end());
  return Colormap(std::move(table));
}

Colormap Colormap::sequential() {
  return Colormap(even_colours({{1, 0, 95},
                                {0.91, 0.085, 88},
                                {0.79, 0.135, 66},
                                {0.65, 0.165, 38},
                                {0.50, 0.165, 8},
                                {0.36, 0.130, 335},
                                {0.22, 0.080, 310},
                                {0.10, 0.030, 300}}));
}

}  // namespace starling::plots
