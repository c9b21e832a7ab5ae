// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <array>

namespace starling::spectral {

/// A periodic box of two or three dimensions, [0, length) with equidistant points in each; axis 0
/// is x, which is contiguous in memory. In two dimensions the third axis has one point.
struct Box {
  /// Throw InputError unless the points of each axis are even and >= 4 and its length is > 0.
  Box(Index nx, Index ny, Real lx, Real ly);
  Box(Index nx, Index ny, Index nz, Real lx, Real ly, Real lz);

  int dimensions;
  std::array<Index, 3> points;
  std::array<Real, 3> length;

  Index all_points() const { return points[0] * points[1] * points[2]; }
  Real spacing(int axis) const;
  /// 2 pi / length of an axis [radians per unit length].
  Real unit(int axis) const;
};

}  // namespace starling::spectral
