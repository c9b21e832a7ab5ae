// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <array>
#include <string>
#include <vector>

namespace starling {

/// A place in up to three coordinates, x first; those that are not used are 0.
struct Point {
  Point(Real x = 0, Real y = 0, Real z = 0) : at{x, y, z} {}
  Real operator[](int axis) const { return at[static_cast<std::size_t>(axis)]; }
  friend bool operator==(const Point&, const Point&) = default;

  std::array<Real, 3> at;
};

/// "3", or "(3, 0.5)" of `dimensions` coordinates, for messages.
std::string shown(const Point& point, int dimensions);

/// One direction of a grid: point i at origin + i * spacing.
struct Axis {
  Index points = 0;
  Real origin = 0;
  Real spacing = 1;
  bool periodic = true;

  Real length() const { return spacing * static_cast<Real>(points); }
  Real coordinate(Index i) const { return origin + spacing * static_cast<Real>(i); }
  /// Whether x is in [origin, origin + length) if periodic, else between the first and the last
  /// point; never for a NaN.
  bool contains(Real x) const;
  /// The same for messages: "0 <= x < 22".
  std::string allowed(const char* name = "x") const;
};

/// One of the fields that the grid-point values of a member consist of.
struct Component {
  std::string name = "u";
  std::string long_name = "state";
  std::string units = "model units";
  Real level = 0;  ///< of the layer it belongs to
};

/// Where the grid-point values of a member are: one or more fields on a grid of up to three
/// directions, [component][z][y][x], x contiguous. Lorenz models count variables: origin 0, spacing
/// 1.
class Domain {
 public:
  Domain() : Domain(0, 0, 1, true) {}
  /// One field in one dimension.
  Domain(Index points, Real origin, Real spacing, bool periodic);
  /// Axes x, y, z as far as there are any.
  Domain(std::vector<Axis> axes, std::vector<Component> components);

  int dimensions() const { return static_cast<int>(axes_.size()); }
  const Axis& axis(int d = 0) const { return axes_[static_cast<std::size_t>(d)]; }
  const std::vector<Component>& components() const { return components_; }
  /// Points of the grid, and grid-point values of a member: as many for each component.
  Index points() const { return points_; }
  Index values() const { return points_ * static_cast<Index>(components_.size()); }
  /// In every direction.
  bool periodic() const;

  /// Coordinates of grid point i.
  Point point(Index i) const;
  bool contains(const Point& point) const;
  /// For messages: "0 <= x < 22, 0 <= y < 11".
  std::string allowed() const;

 private:
  std::vector<Axis> axes_;
  std::vector<Component> components_;
  Index points_;
};

}  // namespace starling
