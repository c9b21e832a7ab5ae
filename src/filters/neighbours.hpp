// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/geometry.hpp"
#include "core/types.hpp"

#include <array>
#include <vector>

namespace starling::filters {

/// Which of many places are within a radius of a few others, by a cell list: places are sorted into
/// boxes about half a radius wide, and a search looks only into the boxes that it can reach.
/// Sorting costs O(places); a search what it finds, times about two. Coordinates of periodic axes
/// may lie in any period.
///
/// Places are found in an order that depends on the places and the centres alone. No communication;
/// nothing is allocated after construction unless there are more than 64 centres.
class Neighbours {
 public:
  /// For up to `capacity` places. `radius` may be infinite.
  Neighbours(const Geometry& geometry, Real radius, Index capacity);

  /// Sorts places 0 to count - 1. Those of infinite `variance` (by place; may be null) are left
  /// out.
  void build(const Place* places, const Real* variance, Index count);

  /// Finds all places whose distance to the centres, averaged over these, is at most the radius;
  /// returns how many. Places and centres that are everywhere are at distance 0.
  Index find(const Place* centres, Index count = 1);
  /// Finds at least all places within the radius of any of the centres; distances are those to the
  /// first of them, or their mean if one is everywhere or the radius infinite.
  Index near(const Place* centres, Index count);
  /// What find() or near() found, until the next call: numbers of places, and their mean distances.
  const Index* found() const { return found_.data(); }
  const Real* distances() const { return distances_.data(); }

  Real radius() const { return radius_; }
  Real bytes() const;

 private:
  static constexpr int most_axes = 4;  // three coordinates and the level
  using Point = std::array<Real, most_axes>;

  struct Axis {
    Real period = 0, origin = 0, cells_per_length = 0;
    Index cells = 1;
  };
  struct Reach {
    Index first, count;
  };

  Point point(const Place& place) const;
  Index cell(const Point& point, int axis) const;
  void divide(const Point& least, const Point& most, Index count);
  Reach reach(Real centre, Real radius, int axis) const;
  Index look(const Place* centres, Index count, bool any);
  void search(Index first, Index end, const Point* centres, Index count, Index everywhere,
              Real radius);
  Real distance(const Point& a, const Point& b) const;

  Geometry geometry_;
  Real radius_;
  int axes_;
  std::array<Axis, most_axes> axis_;
  Index count_ = 0, cells_ = 1, everywhere_ = 0, hits_ = 0;
  std::vector<Index> begin_, cell_, index_, found_;
  std::array<std::vector<Real>, most_axes> coordinate_;
  std::vector<Real> distances_, trial_;
  std::vector<Point> centres_;
};

}  // namespace starling::filters
