// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/filter.hpp"

#include <mpi.h>

namespace starling::filters {

/// Throws NumericalError, the same on every rank of `comm`, if the background, its observed image
/// or the observations are not finite; names the first member of which something is not.
/// Collective; one message.
void require_finite(const Analysis& analysis, MPI_Comm comm);

/// Whether all `count` numbers are finite.
bool all_finite(const Real* x, Index count);

}  // namespace starling::filters
