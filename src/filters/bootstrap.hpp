// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/entry.hpp"
#include "filters/selection.hpp"

namespace starling::filters {

/// Bootstrap particle filter (gordon1993): particles are forecasts, their weights are multiplied by
/// the likelihood exp(-1/2 sum of (y - H x)^2 / variance) of the observations, and Selection
/// resamples them. Right for any errors and any model as N grows, at N^(-1/2); the number of
/// particles it takes grows exponentially with the number of independent observations
/// (snyder2008). O(N (n + p) / ranks) an analysis.
class Bootstrap final : public ParticleFilter {
 public:
  /// Collective on the context's communicator.
  Bootstrap(const ParticleContext& context, const Selection::Options& options);

  Report weigh(const ParticleAnalysis& analysis) override;
  void resample(const ParticleAnalysis& analysis, Report& report) override;
  bool moves_particles() const override { return selection_.moves_particles(); }
  Real bytes() const override { return weights_.bytes() + selection_.bytes(); }
  static FilterEntry entry();

 private:
  ParticleContext context_;
  ParticleWeights weights_;
  Selection selection_;
};

}  // namespace starling::filters
