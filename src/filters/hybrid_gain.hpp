// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/etkf.hpp"
#include "filters/static_gain.hpp"

#include <vector>

namespace starling::filters {

/// Hybrid gain (penny2014): the analysis of the ETKF, whose mean x̄ a static covariance then moves
/// towards what the ensemble's few directions left of the innovation,
///     x_m <- x_m + weight K_B (y - H x̄),    K_B = f B H^T (H f B H^T + R)^-1    (StaticGain).
/// The gain of both is K + weight K_B (I - H K). H x̄ is that of the transformed members, as in
/// the ETKF itself. Cost: that of the ETKF and of StaticGain.
class HybridGain : public Filter {
 public:
  struct Options {
    Etkf::Options ensemble = {};
    Real weight = 0.5;           ///< 0 to 1; 0: the ETKF
    Real background_factor = 1;  ///< f, > 0
  };

  /// Collective. Throws InputError without a climatology and for values that can't be.
  HybridGain(const FilterContext& context, const Options& options);

  Report analyse(const Analysis& analysis) override;
  bool uses_climatology() const override { return true; }
  Real bytes() const override;
  std::vector<Real> state() const override { return ensemble_.state(); }
  void restore(const std::vector<Real>& state) override { ensemble_.restore(state); }
  static FilterEntry entry();

 private:
  Index members_;
  Real weight_;
  Etkf ensemble_;
  StaticGain gain_;
  Array<Real*> observed_;  // members x my observations
  std::vector<Real> observed_mean_, increment_;
};

}  // namespace starling::filters
