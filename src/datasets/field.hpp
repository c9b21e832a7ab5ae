// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"

#include <string>
#include <vector>

namespace starling::datasets {

/// A field of a data set: a scalar (order 0), a vector (1) or a tensor (2) on the grid, made of
/// dimensions^order of the arrays that a member consists of.
struct Field {
  std::string name;
  std::string long_name;
  std::string units;
  int order = 0;
  std::vector<std::size_t> arrays;  ///< where its elements are, row-major
  Real scale = 1;                   ///< published = model's value / scale
  std::string sign_convention;      ///< of targets; or empty

  Index elements() const { return static_cast<Index>(arrays.size()); }
};

/// The fields that arrays of these names are. In two and three dimensions u, v (and w) with the
/// same ending are one vector: u1, v1 are velocity1, u_forcing, v_forcing are velocity_forcing;
/// stress_xx, stress_xy, ... with the same ending are one tensor; the rest are scalars. Vectors'
/// names are those of flux_x, flux_y, ... without the direction, too. In the order of the first
/// array of each.
std::vector<Field> group_fields(const std::vector<Component>& arrays, int dimensions);

/// What an element of a field is called: the field itself where it is a scalar, else "velocity_x",
/// or of a tensor, which has 4 or 9 elements, "stress_xy".
std::string element_name(const std::string& field, Index element, Index elements);

/// Where point number `point` of The Well's order, [x][y][z], is in [z][y][x].
Index transposed(const Domain& grid, Index point);

/// `values` of one element on a grid, [z][y][x], into [x][y][z][element] of elements: The Well's
/// order. Divides by the scale and rounds to single precision.
void place_element(float* out, const Real* values, const Domain& grid, Index element,
                   Index elements, Real scale);

}  // namespace starling::datasets
