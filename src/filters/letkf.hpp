// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/local_filter.hpp"

namespace starling::filters {

/// Local ensemble transform Kalman filter (hunt2007): KalmanTransform near every domain, with the
/// taper on R^-1. With infinite support it is the ETKF.
class Letkf final : public LocalFilter {
 public:
  using Options = LocalSettings;
  Letkf(const FilterContext& context, const Options& options);
  static FilterEntry entry();
};

/// Local error-subspace transform Kalman filter (nerger2012): the same analysis, computed in the
/// N - 1 directions that members can differ in.
class Lestkf final : public LocalFilter {
 public:
  using Options = LocalSettings;
  Lestkf(const FilterContext& context, const Options& options);
  static FilterEntry entry();
};

/// Local non-linear ensemble transform filter (toedter2015): NonlinearTransform near every domain.
/// Mean and covariance are those of the members weighted by their likelihood, whatever their
/// distribution; it needs more members than the LETKF, and the rotation.
class Lnetf final : public LocalFilter {
 public:
  using Options = LocalSettings;
  Lnetf(const FilterContext& context, const Options& options);
  static FilterEntry entry();
};

}  // namespace starling::filters
