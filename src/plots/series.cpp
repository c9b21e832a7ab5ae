// SPDX-License-Identifier: BSD-3-Clause
#include "plots/series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace starling::plots {
namespace {

constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();

// Every finite number that `curves` draw along y.
std::vector<Real> drawn_values(const std::vector<Curve>& curves) {
  std::vector<Real> out;
  const auto add = [&out](Real value) {
    if (std::isfinite(value)) out.push_back(value);
  };
  for (const Curve& curve : curves) {
    for (std::size_t i = 0; i < curve.y.size(); ++i) {
      const Real other = i < curve.other.size() ? curve.other[i] : nan;
      if (curve.mark == Mark::errors) {
        add(curve.y[i] - other);
        add(curve.y[i] + other);
      } else {
        add(other);
      }
      add(curve.y[i]);
    }
  }
  return out;
}

}  // namespace

bool is_flat(const std::vector<Real>& values, Real rounding) {
  const Real low = quantile(values, 0), high = quantile(values, 1);
  const Real largest = std::max(std::abs(low), std::abs(high));
  return !(largest >= rounding && high - low >= 1e-4 * largest);
}

Real quantile(std::vector<Real> values, Real fraction) {
  std::erase_if(values, [](Real value) { return !std::isfinite(value); });
  if (values.empty()) return nan;
  const auto at = static_cast<Index>(std::lround(fraction * static_cast<Real>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

Binned binned(const std::vector<Real>& x, const std::vector<Real>& y, Index bins) {
  Binned out;
  if (x.empty()) return out;
  const Real width = (x.back() - x.front()) / static_cast<Real>(bins);
  std::size_t i = 0;
  for (Index bin = 0; bin < bins; ++bin) {
    const Real end = x.front() + static_cast<Real>(bin + 1) * width;
    std::vector<Real> values;
    for (; i < x.size() && (x[i] < end || bin + 1 == bins); ++i) {
      if (std::isfinite(y[i])) values.push_back(y[i]);
    }
    Real sum = 0;
    for (const Real value : values) sum += value;
    out.x.push_back(end - width / 2);
    out.mean.push_back(values.empty() ? nan : sum / static_cast<Real>(values.size()));
    out.low.push_back(quantile(values, 0.1));
    out.high.push_back(quantile(values, 0.9));
  }
  return out;
}

Points inside(const std::vector<Real>& x, const std::vector<Real>& y, Window window) {
  Points out;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    if (x[i] < window.from || x[i] > window.to) continue;
    out.x.push_back(x[i]);
    out.y.push_back(y[i]);
  }
  return out;
}

void add_series(std::vector<Curve>& out, const Points& points, Real pixels, const Curve& like) {
  Curve line = like;
  if (static_cast<Real>(points.x.size()) <= pixels) {
    line.x = points.x;
    line.y = points.y;
  } else {
    const Binned pieces = binned(points.x, points.y, std::lround(pixels / 3));
    if (!like.dashed) {
      Curve band = like;
      band.mark = Mark::band;
      band.title.clear();
      band.opacity = 0.18;
      band.x = pieces.x;
      band.y = pieces.low;
      band.other = pieces.high;
      out.insert(out.begin(), std::move(band));  // behind every line
    }
    line.x = pieces.x;
    line.y = pieces.mean;
  }
  out.push_back(std::move(line));
}

void fit(Axis& axis, const std::vector<Curve>& curves, Real rounding) {
  std::vector<Real> values = drawn_values(curves);
  if (axis.logarithmic) std::erase_if(values, [](Real value) { return value <= 0; });
  if (values.empty()) return;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (axis.logarithmic) {
    const Real room = std::pow(*high / *low, 0.05) * 1.05;
    axis.from = *low / room;
    axis.to = *high * room;
    return;
  }
  if (is_flat(values, rounding)) {
    // Neither rounding nor what is conserved to many digits is worth a closer look.
    const Real middle = std::abs(*high) < rounding ? 0 : *high;
    const Real half = middle == 0 ? 0.1 : 0.05 * std::abs(middle);
    axis.from = middle - half;
    axis.to = middle + half;
    return;
  }
  const Real room = 0.06 * (*high - *low);
  const bool from_zero = *low >= 0 && *low < 0.5 * *high;
  axis.from = from_zero ? 0 : *low - room;
  axis.to = *high + room;
}

bool wants_logarithm(const std::vector<Curve>& curves, Real ratio) {
  std::vector<Real> values = drawn_values(curves);
  if (values.empty() || *std::min_element(values.begin(), values.end()) <= 0) return false;
  return quantile(values, 1) > ratio * quantile(values, 0.05);
}

int exponent_of(Real largest) {
  if (!(largest > 0) || (largest < 1e4 && largest >= 1e-2)) return 0;
  return 3 * static_cast<int>(std::floor(std::log10(largest) / 3));
}

std::string power_of_ten(int exponent) {
  constexpr std::array digits{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent)))
    out += digits[static_cast<std::size_t>(digit - '0')];
  return out;
}

void fit_past_start(Axis& axis, const std::vector<Curve>& curves, Real factor, Real rounding) {
  constexpr std::size_t most = 3;
  fit(axis, curves, rounding);
  std::vector<Curve> later = curves;
  for (std::size_t i = 0; i < most; ++i) {
    for (Curve& curve : later) {
      if (i + most >= curve.y.size()) return;
      curve.y[i] = nan;
      if (i < curve.other.size()) curve.other[i] = nan;
    }
    Axis shorter = axis;
    fit(shorter, later, rounding);
    if (axis.to - axis.from > factor * (shorter.to - shorter.from)) axis = shorter;
  }
}

std::string shown(Real value) {
  if (!std::isfinite(value)) return "n/a";
  return fmt::format("{:.3g}", value);
}

std::string shown(Real value, Real error) {
  if (!std::isfinite(error) || error <= 0) return shown(value);
  const int digits = std::clamp(static_cast<int>(1 - std::floor(std::log10(error))), 0, 12);
  return fmt::format("{:.{}f} ± {:.{}f}", value, digits, error, digits);
}

}  // namespace starling::plots
