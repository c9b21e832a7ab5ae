// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/filter.hpp"

namespace starling::filters {

/// Mean and standard deviation of my dofs, and of what the observations see of them. Borrowed from
/// the filter until its next call.
struct Marginals {
  const Real* mean;
  const Real* deviation;
  const Real* observed_mean = nullptr;  ///< my observations; none for an analysis
  const Real* observed_deviation = nullptr;
};

/// A filter that knows a mean and a covariance, whatever the members are: it is scored by its
/// marginals, which are normal. Collective as analyse(); nothing allocates.
class GaussianFilter : public Filter {
 public:
  /// Before analyse() of the same analysis.
  virtual Marginals background(const Analysis& analysis) = 0;
  /// After analyse().
  virtual Marginals analysed(const Analysis& analysis) = 0;
};

}  // namespace starling::filters
