// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <vector>

namespace starling::datasets {

/// The Wasserstein-1 distance of the distributions of two samples, of any numbers of values in
/// ascending order: the area between their distribution functions F and G,
///
///     W1 = integral |F(x) - G(x)| dx,
///
/// in one dimension the least mean distance that values are moved to make one of the other. Throws
/// InputError for a sample of none.
Real wasserstein1(const std::vector<float>& sorted, const std::vector<float>& other);

}  // namespace starling::datasets
