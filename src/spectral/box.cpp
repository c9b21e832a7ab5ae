// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/box.hpp"

#include "core/error.hpp"

#include <numbers>

namespace starling::spectral {
namespace {

void check(const Box& box) {
  for (int axis = 0; axis < box.dimensions; ++axis) {
    const auto a = static_cast<std::size_t>(axis);
    require(box.points[a] >= 4 && box.points[a] % 2 == 0,
            "a box with {} points in {}; allowed: an even number >= 4", box.points[a], "xyz"[axis]);
    require(box.length[a] > 0, "a box of length {} in {}; allowed: > 0", box.length[a],
            "xyz"[axis]);
  }
}

}  // namespace

Box::Box(Index nx, Index ny, Real lx, Real ly)
    : dimensions(2), points{nx, ny, 1}, length{lx, ly, 1} {
  check(*this);
}

Box::Box(Index nx, Index ny, Index nz, Real lx, Real ly, Real lz)
    : dimensions(3), points{nx, ny, nz}, length{lx, ly, lz} {
  check(*this);
}

Real Box::spacing(int axis) const {
  const auto a = static_cast<std::size_t>(axis);
  return length[a] / static_cast<Real>(points[a]);
}

Real Box::unit(int axis) const {
  return 2 * std::numbers::pi / length[static_cast<std::size_t>(axis)];
}

}  // namespace starling::spectral
