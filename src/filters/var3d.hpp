// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/gaussian_filter.hpp"
#include "filters/static_gain.hpp"

#include <vector>

namespace starling::filters {

/// Three-dimensional variational assimilation (lorenc1986) in closed form: the forecast x of the
/// last analysis is the background, with a static covariance, a factor f times the climatological
/// B. The minimum of
///     (x' - x)^T (f B)^-1 (x' - x) + (y - H x')^T R^-1 (y - H x')
/// for an H that is linear is x' = x + K (y - H(x)) (StaticGain); its spread is that of
/// (I - K H) f B. For one member.
class Var3d : public GaussianFilter {
 public:
  /// Throws InputError without a climatology, for a factor that is not above 0 or with more than
  /// one member. Collective.
  Var3d(const FilterContext& context, Real background_factor);

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
