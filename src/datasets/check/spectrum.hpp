// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"
#include "datasets/check/origin.hpp"
#include "datasets/check/well_format.hpp"

#include <array>
#include <string>
#include <vector>

namespace starling::datasets::check {

/// Whether the grid has a Fourier series: periodic, an even number of points.
bool has_spectrum(const Domain& grid);

/// Modes with factor |m| >= points are not resolved (docs/conventions.md, dealiasing); 2 where
/// nothing is known of the model.
Index resolution_factor(const Origin* origin);

/// Whether each mode with mx >= 0 is resolved.
bool resolves(const Domain& grid, Index factor, const std::array<Index, 3>& mode);

/// How often the coefficient of a mode with mx >= 0 counts in Parseval's sum.
Real weight_of(const Domain& grid, const std::array<Index, 3>& mode);

/// Fields that are products of others have more modes than those.
bool is_nonlinear(const std::string& name);

/// Element `element` of a field, [x][y][z][element], to [z][y][x] in the model's units.
void take_element(Real* out, const float* numbers, const Domain& grid, const StoredField& field,
                  Index element);

}  // namespace starling::datasets::check
