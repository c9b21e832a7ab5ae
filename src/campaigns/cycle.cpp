// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/cycle.hpp"

#include "campaigns/ensemble_cycle.hpp"
#include "campaigns/iterative_cycle.hpp"
#include "campaigns/particle_cycle.hpp"
#include "core/error.hpp"

namespace starling::campaigns {

namespace {

void require_no_particle_smoother(const CycleParts& parts) {
  require(parts.smoothing.name.empty() || parts.smoothing.name == "fixed_lag",
          "smoother.name = \"{}\": a smoother of particle filters; allowed: fixed_lag, or a "
          "particle filter",
          parts.smoothing.name);
}

std::unique_ptr<Cycle> make(const CycleParts& parts, filters::Filter& filter) {
  require_no_particle_smoother(parts);
  return std::make_unique<EnsembleCycle>(parts, filter);
}
std::unique_ptr<Cycle> make(const CycleParts& parts, filters::IterativeFilter& filter) {
  require_no_particle_smoother(parts);
  require(parts.smoother_lag == 0 && parts.incremental_steps == 0,
          "{}: an iterative filter smooths by itself and begins its forecasts at the start of a "
          "window; allowed: neither",
          parts.smoother_lag > 0 ? "smoother.lag" : "assimilation.incremental_steps");
  return std::make_unique<IterativeCycle>(parts, filter);
}
std::unique_ptr<Cycle> make(const CycleParts& parts, filters::ParticleFilter& filter) {
  require(parts.smoother_lag == 0 && parts.incremental_steps == 0,
          "{}: a particle filter resamples whole states; allowed: without it",
          parts.smoother_lag > 0 ? "smoother.lag" : "assimilation.incremental_steps");
  return std::make_unique<ParticleCycle>(parts, filter);
}

}  // namespace

std::unique_ptr<Cycle> make_cycle(const CycleParts& parts, filters::AnyFilter& filter) {
  auto cycle = std::visit([&](const auto& any) { return make(parts, *any); }, filter);
  require(parts.extras.empty() || cycle->extras() != nullptr,
          "[estimate]: a filter of this kind estimates no parameters and no sensors; allowed: "
          "ensemble filters without a static covariance");
  return cycle;
}

}  // namespace starling::campaigns
