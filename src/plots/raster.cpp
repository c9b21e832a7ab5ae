// SPDX-License-Identifier: BSD-3-Clause
#include "plots/raster.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace starling::plots {
namespace {

// Where `value` lies among ascending coordinates, in steps of their index; beyond the ends the
// first and the last step go on.
Real position(const std::vector<Real>& coordinates, Real value) {
  const auto last = static_cast<Index>(coordinates.size()) - 1;
  if (last == 0) return value - coordinates[0];
  const auto above = std::upper_bound(coordinates.begin(), coordinates.end(), value);
  const Index i = std::clamp<Index>(above - coordinates.begin() - 1, 0, last - 1);
  const auto k = static_cast<std::size_t>(i);
  const Real step = coordinates[k + 1] - coordinates[k];
  return static_cast<Real>(i) + (step > 0 ? (value - coordinates[k]) / step : 0);
}

// Collects weights of entries, those beyond the ends going to the end entries.
class Collector {
 public:
  explicit Collector(Index size) : last_(size - 1) {}
  void add(Index entry, Real weight) {
    entry = std::clamp<Index>(entry, 0, last_);
    if (share_.weights.empty()) share_.first = entry;
    const auto slot = static_cast<std::size_t>(entry - share_.first);
    if (slot >= share_.weights.size()) share_.weights.resize(slot + 1, 0);
    share_.weights[slot] += weight;
  }
  Share take() { return std::move(share_); }

 private:
  Index last_;
  Share share_;
};

Share mean_over(Real from, Real to, Index size) {
  Collector collector(size);
  // Entry k stands for [k - 1/2, k + 1/2].
  const auto first = static_cast<Index>(std::floor(from + 0.5));
  const auto last = static_cast<Index>(std::ceil(to + 0.5)) - 1;
  for (Index k = first; k <= last; ++k) {
    const auto centre = static_cast<Real>(k);
    const Real cover = std::min(to, centre + 0.5) - std::max(from, centre - 0.5);
    collector.add(k, cover / (to - from));
  }
  return collector.take();
}

Share cubic_at(Real at, Index size) {
  Collector collector(size);
  const auto k = static_cast<Index>(std::floor(at));
  const Real t = at - static_cast<Real>(k);
  const std::array<Real, 4> weights{0.5 * t * (-1 + t * (2 - t)), 1 + 0.5 * t * t * (-5 + 3 * t),
                                    0.5 * t * (1 + t * (4 - 3 * t)), 0.5 * t * t * (t - 1)};
  for (Index i = 0; i < 4; ++i) collector.add(k - 1 + i, weights[static_cast<std::size_t>(i)]);
  return collector.take();
}

// Weighted sums of rows: out[i] = sum of weights of share i times rows of `in`.
std::vector<Real> apply(const std::vector<Share>& shares, const std::vector<Real>& in,
                        std::size_t width) {
  std::vector<Real> out(shares.size() * width, 0);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    for (std::size_t k = 0; k < shares[i].weights.size(); ++k) {
      const Real weight = shares[i].weights[k];
      if (weight == 0) continue;  // else a NaN beside the pixel would make it grey
      const std::size_t row = static_cast<std::size_t>(shares[i].first) + k;
      for (std::size_t j = 0; j < width; ++j) out[i * width + j] += weight * in[row * width + j];
    }
  }
  return out;
}

std::vector<Real> transposed(const std::vector<Real>& in, std::size_t rows) {
  const std::size_t columns = in.size() / rows;
  std::vector<Real> out(in.size());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < columns; ++j) out[j * rows + i] = in[i * columns + j];
  }
  return out;
}

// Weighted sums of rows that repeat periodically: those behind the seam are put in front of it too.
std::vector<Real> apply_periodic(const std::vector<Real>& coordinates, Index pixels, bool smooth,
                                 const std::vector<Real>& in, std::size_t width) {
  constexpr Index reach = 2;  // of cubic interpolation
  const Window period = period_of(coordinates);
  const Index size = std::ssize(coordinates), row_length = static_cast<Index>(width);
  const Real step = (period.to - period.from) / static_cast<Real>(size);
  std::vector<Real> around, rows;
  for (Index i = -reach; i < size + reach; ++i) {
    around.push_back(period.from + static_cast<Real>(i) * step);
    const auto row = in.begin() + ((i % size) + size) % size * row_length;
    rows.insert(rows.end(), row, row + row_length);
  }
  return apply(shares(around, period, pixels, smooth), rows, width);
}

}  // namespace

Window period_of(const std::vector<Real>& coordinates) {
  if (coordinates.empty()) return {0, 1};
  const Real step = coordinates.size() > 1 ? coordinates[1] - coordinates[0] : 1;
  return {coordinates.front(), coordinates.front() + step * static_cast<Real>(coordinates.size())};
}

std::vector<Index> spread_out(Index size, Index count) {
  std::vector<Index> out;
  count = std::min(size, count);
  if (count == 1) out.push_back(size - 1);
  for (Index i = 0; i < count && count > 1; ++i) {
    // Rounded to the nearest.
    out.push_back((2 * i * (size - 1) + count - 1) / (2 * (count - 1)));
  }
  return out;
}

std::vector<Share> shares(const std::vector<Real>& coordinates, Window window, Index pixels,
                          bool smooth) {
  STARLING_ASSERT(!coordinates.empty() && pixels > 0);
  const auto size = static_cast<Index>(coordinates.size());
  const Real width = (window.to - window.from) / static_cast<Real>(pixels);
  std::vector<Share> out;
  out.reserve(static_cast<std::size_t>(pixels));
  for (Index pixel = 0; pixel < pixels; ++pixel) {
    const Real left = window.from + static_cast<Real>(pixel) * width;
    const Real from = position(coordinates, left), to = position(coordinates, left + width);
    const Real middle = position(coordinates, left + width / 2);
    if (to - from > 1) {
      out.push_back(mean_over(from, to, size));
    } else if (smooth && size > 1) {
      out.push_back(cubic_at(std::clamp(middle, 0.0, static_cast<Real>(size - 1)), size));
    } else {
      out.push_back({std::clamp<Index>(std::lround(middle), 0, size - 1), {1}});
    }
  }
  return out;
}

Image raster(const Field& field, Window time, Window space, Index width, Index height, Way way,
             bool smooth, const Colormap& map, Window limits) {
  const bool up = way == Way::time_up;
  const Index across = up ? width : height, along = up ? height : width;
  const auto points = static_cast<std::size_t>(field.points());
  // First time, then space: frames x points -> along x points -> across x along.
  const std::vector<Real> in_time =
      apply(shares(field.time, time, along, smooth), field.values, points);
  const std::vector<Real> picture =
      apply(shares(field.x, space, across, smooth),
            transposed(in_time, static_cast<std::size_t>(along)), static_cast<std::size_t>(along));
  Image image(width, height);
  for (Index row = 0; row < height; ++row) {
    for (Index column = 0; column < width; ++column) {
      const Index x = up ? column : height - 1 - row, t = up ? height - 1 - row : column;
      const Real value = picture[static_cast<std::size_t>(x * along + t)];
      image.at(column, row) = map((value - limits.from) / (limits.to - limits.from));
    }
  }
  return image;
}

Image raster(const Plane& plane, Index width, Index height, bool smooth, const Colormap& map,
             Window limits) {
  const std::vector<Real> in_y =
      apply_periodic(plane.y, height, smooth, plane.values, plane.x.size());
  const auto rows = static_cast<std::size_t>(height);
  const std::vector<Real> picture =
      apply_periodic(plane.x, width, smooth, transposed(in_y, rows), rows);
  Image image(width, height);
  for (Index row = 0; row < height; ++row) {
    for (Index column = 0; column < width; ++column) {
      const Real value = picture[static_cast<std::size_t>(column * height + height - 1 - row)];
      image.at(column, row) = map((value - limits.from) / (limits.to - limits.from));
    }
  }
  return image;
}

Image colour_bar(const Colormap& map, Index width, Index height) {
  Image image(width, height);
  for (Index row = 0; row < height; ++row) {
    for (Index column = 0; column < width; ++column) {
      const Real number = width > height
                              ? (static_cast<Real>(column) + 0.5) / static_cast<Real>(width)
                              : 1 - (static_cast<Real>(row) + 0.5) / static_cast<Real>(height);
      image.at(column, row) = map(number);
    }
  }
  return image;
}

}  // namespace starling::plots
