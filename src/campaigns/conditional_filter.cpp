// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/conditional_filter.hpp"

#include "campaigns/initial.hpp"
#include "campaigns/model_noise.hpp"
#include "campaigns/settings.hpp"
#include "core/error.hpp"
#include "filters/likelihood.hpp"

#include <algorithm>
#include <cmath>

namespace starling::campaigns {

ConditionalFilter::ConditionalFilter(const CycleParts& parts, ObservationStep& observations)
    : parts_(parts),
      observations_(&observations),
      context_(particle_context(parts)),
      weights_(context_.comm, context_.owned),
      resampling_(context_.comm, context_.particles, context_.owned, context_.seed,
                  filters::Resampler::multinomial),
      relocation_(context_.comm, context_.owned),
      log_weights_(static_cast<std::size_t>(context_.owned.size())),
      counts_(log_weights_.size()) {
  require(context_.particles > 1,
          "ensemble.members = {}: particle_gibbs holds one and draws the others; allowed: >= 2",
          context_.particles);
  require(parts.initial != nullptr && !parts.initial->is_from_file(),
          "ensemble.initial = \"file\": every sweep of particle_gibbs draws a new start; allowed: "
          "gaussian, climatology");
  require(!parts.quality.checks_background(),
          "quality_control.background_check: each sweep of particle_gibbs would reject other "
          "observations; allowed: without it");
}

void ConditionalFilter::advance(Index from, Index to) {
  const auto failure = parts_.ensemble.advance(from, to - from);
  int failed = failure ? 1 : 0;
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, context_.comm));
  if (failed != 0) throw NumericalError(failure ? describe_failure(*failure, parts_.ensemble) : "");
  parts_.ensemble.update_members();
}

void ConditionalFilter::weigh(Index n, const Real* truth) {
  observations_->read(n, truth);
  const Rows mine = parts_.ensemble.members();
  const Rows observed = observations_->observe(mine);
  const observations::Batch& batch = observations_->batch();
  filters::weigh_by_likelihood({.particles = mine,
                                .log_weights = log_weights_.data(),
                                .observed = observed,
                                .value = batch.value.data(),
                                .variance = batch.variance.data(),
                                .cycle = n,
                                .parents = counts_.data()},
                               context_, weights_);
}

// A particle that is drawn stays in its place: the one that is held is drawn once more than chance
// says.
void ConditionalFilter::resample(Index address) {
  resampling_.draw_some(counts_.data(), weights_.linear(log_weights_.data()), address,
                        context_.particles - 1);
  if (context_.owned.contains(0)) ++counts_[0];
  relocation_.plan(counts_.data());
  relocation_.apply(parts_.ensemble.members());
  std::fill(log_weights_.begin(), log_weights_.end(),
            -std::log(static_cast<Real>(context_.particles)));
}

void ConditionalFilter::run(filters::BackwardSampling& generations, const std::vector<Real>& path,
                            const std::vector<Real>& truths, Index sweep) {
  ensemble::Ensemble& ensemble = parts_.ensemble;
  const Index cycles = parts_.smoothing.cycles, dofs = context_.dofs;
  ensemble.set_first_number(sweep * context_.particles);
  parts_.initial->start(ensemble, nullptr, parts_.forecast);
  generations.clear();
  std::fill(log_weights_.begin(), log_weights_.end(),
            -std::log(static_cast<Real>(context_.particles)));
  Index step = 0;
  for (Index n = 0; n < cycles; ++n) {
    advance(step, parts_.source.step(n));
    step = parts_.source.step(n);
    if (n > 0) generations.set_forecasts(ensemble.forecasts());
    if (context_.owned.contains(0))
      std::copy_n(path.data() + n * dofs, dofs, ensemble.members().data());
    weigh(n, truths.empty() ? nullptr : truths.data() + n * dofs);
    if (n + 1 < cycles) resample(sweep * cycles + n);
    generations.keep(ensemble.members(), log_weights_.data());
    ensemble.update_states();
  }
}

Real ConditionalFilter::bytes() const {
  return 16 * static_cast<Real>(log_weights_.size()) + weights_.bytes() + resampling_.bytes() +
         relocation_.bytes();
}

}  // namespace starling::campaigns
