// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

namespace starling::filters {

/// A mean and a covariance that do not change with time, B = sum over k of s_k s_k^T, and how they
/// look through the observations of an analysis: H is taken at the mean, exact where H is linear.
/// Columns are this rank's share, as in Analysis; all is borrowed.
struct StaticCovariance {
  const Real* mean;           ///< my dofs
  ConstRows roots;            ///< rank x my dofs: the s_k
  const Real* observed_mean;  ///< my observations: H(mean)
  ConstRows observed_roots;   ///< rank x my observations: H(mean + s_k) - H(mean)
};

}  // namespace starling::filters
