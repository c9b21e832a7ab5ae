// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"
#include "observations/batch.hpp"
#include "observations/product_sums.hpp"

#include <string>

namespace starling::observations {

/// Adds to `sums` observation j of `batch`, the mean over a box of the extent w in each direction
/// around the location, [x - w/2, x + w/2] and so on, of the (multi)linear interpolant of the
/// grid-point values: its exact integral over w^d, as products of the weights of the points
/// involved along each axis. Exact for fields that are linear over the box, and equal to the mean
/// of the values where the box is the whole of a periodic domain. Costs about (w / spacing + 2)^d
/// operations for each observation and member. Throws InputError, naming `source`, unless the
/// extent is above 0 and at most each period, or the box within the domain.
void add_box_average(ProductSums& sums, const Domain& domain, const Batch& batch, Index j,
                     const std::string& source);

}  // namespace starling::observations
