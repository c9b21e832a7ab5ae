// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

namespace starling::ensemble {

/// Mean over the members of each column, and standard deviation with N - 1 (0 for one member).
/// `block` is all members x columns; mean and spread have as many entries as it has columns.
/// Members are added in index order, so a column gives the same bits wherever it is. Allocates
/// nothing.
void moments(Real* mean, Real* spread, ConstRows block);

}  // namespace starling::ensemble
