// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/gaussian_filter.hpp"
#include "filters/static_gain.hpp"

#include <vector>

namespace starling::filters {

/// Optimal interpolation (gandin1965) from the climatology: its mean b and covariance B are the
/// background of every analysis, so that nothing is learnt from earlier observations,
///     x = b + K (y - H(b)),    P = (I - K H) B    (StaticGain).
/// For one member. Without observations the state is left alone.
class OptimalInterpolation : public GaussianFilter {
 public:
  /// Throws InputError without a climatology or with more than one member. Collective.
  explicit OptimalInterpolation(const FilterContext& context);

  Report analyse(const Analysis& analysis) override;
  bool uses_climatology() const override { return true; }
  Marginals background(const Analysis& analysis) override;
  Marginals analysed(const Analysis& analysis) override;
  Real bytes() const override { return gain_.bytes(); }
  static FilterEntry entry();

 private:
  StaticGain gain_;
  std::vector<Real> deviation_, observed_deviation_;
};

}  // namespace starling::filters
