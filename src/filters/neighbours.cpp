// SPDX-License-Identifier: BSD-3-Clause
#include "filters/neighbours.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::filters {
namespace {

constexpr Real cells_per_radius = 2;

Real wrapped(Real x, Real period) {
  if (period <= 0 || (x >= 0 && x < period)) return x;
  x = std::fmod(x, period);
  return x < 0 ? x + period : x;
}

}  // namespace

// The level is axis 0 where it counts: distances then add up as in Geometry::distance.
Neighbours::Neighbours(const Geometry& geometry, Real radius, Index capacity)
    : geometry_(geometry),
      radius_(radius),
      axes_(geometry.dimensions + (geometry.level_distance > 0 ? 1 : 0)),
      begin_(static_cast<std::size_t>(2 * capacity + 2)),
      cell_(static_cast<std::size_t>(capacity)),
      index_(cell_.size()),
      found_(cell_.size()),
      distances_(cell_.size()),
      trial_(cell_.size()),
      centres_(64) {
  STARLING_ASSERT(radius > 0 && geometry.dimensions >= 1 && geometry.dimensions <= 3);
  const int levels = axes_ - geometry.dimensions;
  for (int a = 0; a < axes_; ++a) {
    const auto axis = static_cast<std::size_t>(a);
    coordinate_[axis].resize(cell_.size());
    if (a >= levels) axis_[axis].period = geometry.period[axis - static_cast<std::size_t>(levels)];
  }
}

Neighbours::Point Neighbours::point(const Place& place) const {
  Point out{};
  const int levels = axes_ - geometry_.dimensions;
  if (levels > 0) out[0] = geometry_.level_distance * place.level;
  for (int d = 0; d < geometry_.dimensions; ++d) {
    const auto from = static_cast<std::size_t>(d), to = static_cast<std::size_t>(d + levels);
    out[to] = wrapped(place.x[from], axis_[to].period);
  }
  return out;
}

Index Neighbours::cell(const Point& point, int axis) const {
  const auto a = static_cast<std::size_t>(axis);
  const Real along = (point[a] - axis_[a].origin) * axis_[a].cells_per_length;
  return std::clamp(static_cast<Index>(along), Index{0}, axis_[a].cells - 1);
}

// Boxes of the same width along all axes, at most about two for each place.
void Neighbours::divide(const Point& least, const Point& most, Index count) {
  Real width = radius_ / cells_per_radius;
  for (;; width *= 2) {
    Real product = 1;
    for (int i = 0; i < axes_; ++i) {
      const auto a = static_cast<std::size_t>(i);
      Axis& axis = axis_[a];
      const bool periodic = axis.period > 0;
      axis.origin = periodic ? 0 : least[a];
      const Real length = periodic ? axis.period : most[a] - least[a];
      const Real cells = length > 0 ? std::max(1.0, std::floor(length / width)) : 1;
      axis.cells_per_length = cells > 1 ? cells / length : 0;
      product *= cells;
      axis.cells = product <= static_cast<Real>(begin_.size()) ? static_cast<Index>(cells) : 1;
    }
    if (product > static_cast<Real>(2 * count + 1)) continue;
    cells_ = static_cast<Index>(product);
    return;
  }
}

void Neighbours::build(const Place* places, const Real* variance, Index count) {
  STARLING_ASSERT(count <= static_cast<Index>(cell_.size()));
  const auto used = [=](Index i) { return variance == nullptr || std::isfinite(variance[i]); };
  Point least, most;
  least.fill(std::numeric_limits<Real>::infinity());
  most.fill(-std::numeric_limits<Real>::infinity());
  count_ = everywhere_ = 0;
  for (Index i = 0; i < count; ++i) {
    if (!used(i)) continue;
    ++count_;
    if (places[i].everywhere) {
      ++everywhere_;
      continue;
    }
    const Point x = point(places[i]);
    for (std::size_t a = 0; a < static_cast<std::size_t>(axes_); ++a) {
      least[a] = std::min(least[a], x[a]);
      most[a] = std::max(most[a], x[a]);
    }
  }
  divide(least, most, count_);

  // A counting sort; what is everywhere comes last.
  std::fill_n(begin_.begin(), cells_ + 2, 0);
  const auto number = [&](Index i) {
    if (places[i].everywhere) return cells_;
    const Point x = point(places[i]);
    Index out = 0;
    for (int a = 0; a < axes_; ++a)
      out = out * axis_[static_cast<std::size_t>(a)].cells + cell(x, a);
    return out;
  };
  for (Index i = 0; i < count; ++i)
    if (used(i))
      ++begin_[static_cast<std::size_t>((cell_[static_cast<std::size_t>(i)] = number(i)))];
  Index sum = 0;
  for (Index c = 0; c <= cells_; ++c) {
    const Index here = begin_[static_cast<std::size_t>(c)];
    begin_[static_cast<std::size_t>(c)] = sum;
    sum += here;
  }
  for (Index i = 0; i < count; ++i) {
    if (!used(i)) continue;
    const auto to = static_cast<std::size_t>(
        begin_[static_cast<std::size_t>(cell_[static_cast<std::size_t>(i)])]++);
    index_[to] = i;
    const Point x = point(places[i]);
    for (std::size_t a = 0; a < static_cast<std::size_t>(axes_); ++a) coordinate_[a][to] = x[a];
  }
  for (Index c = cells_; c > 0; --c)
    begin_[static_cast<std::size_t>(c)] = begin_[static_cast<std::size_t>(c - 1)];
  begin_[0] = 0;
}

// The boxes along one axis that have a part within `radius` of `centre`; the first may be below 0
// or the last beyond the end where the axis is periodic.
Neighbours::Reach Neighbours::reach(Real centre, Real radius, int i) const {
  const Axis& axis = axis_[static_cast<std::size_t>(i)];
  if (axis.cells == 1) return {0, 1};
  // Rounding must not hide a place at exactly the radius.
  const Real at = (centre - axis.origin) * axis.cells_per_length;
  const Real reach = radius * axis.cells_per_length * (1 + 1e-12) + 1e-9;
  if (axis.period > 0) {
    if (2 * reach + 2 >= static_cast<Real>(axis.cells)) return {0, axis.cells};
    const auto first = static_cast<Index>(std::floor(at - reach));
    return {first, static_cast<Index>(std::floor(at + reach)) - first + 1};
  }
  const Real last_cell = static_cast<Real>(axis.cells - 1);
  const auto first = static_cast<Index>(std::clamp(std::floor(at - reach), 0.0, last_cell));
  const auto last = static_cast<Index>(std::clamp(std::floor(at + reach), 0.0, last_cell));
  return {first, last - first + 1};
}

Real Neighbours::distance(const Point& a, const Point& b) const {
  Real squares = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(axes_); ++i) {
    Real along = std::abs(a[i] - b[i]);
    if (axis_[i].period > 0) along = std::min(along, axis_[i].period - along);
    squares += along * along;
  }
  return std::sqrt(squares);
}

Index Neighbours::find(const Place* centres, Index count) { return look(centres, count, false); }
Index Neighbours::near(const Place* centres, Index count) { return look(centres, count, true); }

Index Neighbours::look(const Place* centres, Index count, bool any) {
  hits_ = 0;
  if (static_cast<Index>(centres_.size()) < count) centres_.resize(static_cast<std::size_t>(count));
  Index everywhere = 0, somewhere = 0;
  for (Index c = 0; c < count; ++c) {
    if (centres[c].everywhere)
      ++everywhere;
    else
      centres_[static_cast<std::size_t>(somewhere++)] = point(centres[c]);
  }
  const Index placed = count_ - everywhere_;
  if (everywhere > 0 || std::isinf(radius_)) {
    search(0, placed, centres_.data(), somewhere, everywhere,
           any && everywhere > 0 ? std::numeric_limits<Real>::infinity() : radius_);
  } else {
    Real radius = radius_;
    for (Index c = 1; c < count; ++c)
      radius =
          std::max(radius, radius_ + distance(centres_[0], centres_[static_cast<std::size_t>(c)]));
    std::array<Reach, most_axes> reaches{};
    for (int a = 0; a < axes_; ++a)
      reaches[static_cast<std::size_t>(a)] =
          reach(centres_[0][static_cast<std::size_t>(a)], radius, a);
    const auto inner = static_cast<std::size_t>(axes_ - 1);
    std::array<Index, most_axes> step{};
    for (bool done = false; !done;) {
      Index row = 0;
      for (std::size_t a = 0; a < inner; ++a) {
        const Index c = reaches[a].first + step[a], n = axis_[a].cells;
        row = row * n + (c < 0 ? c + n : c >= n ? c - n : c);
      }
      const Index n = axis_[inner].cells, base = row * n;
      const auto run = [&](Index first, Index end) {
        search(begin_[static_cast<std::size_t>(base + first)],
               begin_[static_cast<std::size_t>(base + end)], centres_.data(), any ? 1 : count, 0,
               any ? radius : radius_);
      };
      const Index first = reaches[inner].first, end = first + reaches[inner].count;
      if (first < 0) {
        run(first + n, n);
        run(0, end);
      } else if (end > n) {
        run(first, n);
        run(0, end - n);
      } else {
        run(first, end);
      }
      done = true;
      for (std::size_t a = 0; a < inner; ++a) {
        if (++step[a] < reaches[a].count) {
          done = false;
          break;
        }
        step[a] = 0;
      }
    }
  }
  for (Index k = placed; k < count_; ++k) {
    found_[static_cast<std::size_t>(hits_)] = index_[static_cast<std::size_t>(k)];
    distances_[static_cast<std::size_t>(hits_++)] = 0;
  }
  return hits_;
}

// Takes what is near enough of the sorted places [first, end).
void Neighbours::search(Index first, Index end, const Point* centres, Index count, Index everywhere,
                        Real radius) {
  const Index places = end - first;
  Real* trial = trial_.data();
  const Real share = 1 / static_cast<Real>(count + everywhere);
  for (Index c = 0; c < count; ++c) {
    for (Index k = 0; k < places; ++k) distances_[static_cast<std::size_t>(hits_ + k)] = 0;
    Real* squares = distances_.data() + hits_;
    for (int i = 0; i < axes_; ++i) {
      const auto a = static_cast<std::size_t>(i);
      const Real* x = coordinate_[a].data() + first;
      const Real centre = centres[c][a], period = axis_[a].period;
      if (period > 0) {
#pragma GCC ivdep
        for (Index k = 0; k < places; ++k) {
          const Real straight = std::abs(x[k] - centre);
          const Real along = std::min(straight, period - straight);
          squares[k] += along * along;
        }
      } else {
#pragma GCC ivdep
        for (Index k = 0; k < places; ++k) squares[k] += (x[k] - centre) * (x[k] - centre);
      }
    }
    if (c == 0)
      for (Index k = 0; k < places; ++k) trial[k] = std::sqrt(squares[k]);
    else
      for (Index k = 0; k < places; ++k) trial[k] += std::sqrt(squares[k]);
  }
  if (count == 0) std::fill_n(trial, places, 0.0);
  if (count + everywhere > 1)
    for (Index k = 0; k < places; ++k) trial[k] *= share;
  for (Index k = 0; k < places; ++k) {
    found_[static_cast<std::size_t>(hits_)] = index_[static_cast<std::size_t>(first + k)];
    distances_[static_cast<std::size_t>(hits_)] = trial[k];
    hits_ += trial[k] <= radius ? 1 : 0;
  }
}

Real Neighbours::bytes() const {
  const auto reals = begin_.size() + cell_.size() * static_cast<std::size_t>(5 + axes_);
  return 8 * static_cast<Real>(reals);
}

}  // namespace starling::filters
