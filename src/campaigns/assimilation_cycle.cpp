// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/assimilation_cycle.hpp"

#include "campaigns/settings.hpp"
#include "ensemble/moments.hpp"

#include <limits>

namespace starling::campaigns {
namespace {

constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
constexpr diagnostics::Scores no_scores{nan, nan, nan, nan, nan};

Moments moments_of(Index columns) {
  const auto n = static_cast<std::size_t>(columns);
  return {std::vector<Real>(n), std::vector<Real>(n)};
}

}  // namespace

AssimilationCycle::AssimilationCycle(const ProcessGrid& processes, ensemble::Ensemble& ensemble,
                                     Truth* truth, ObservationSource& source,
                                     filters::Filter& filter, const Domain& domain,
                                     std::uint64_t seed,
                                     diagnostics::RankHistogram::Strides strides)
    : processes_(&processes),
      ensemble_(&ensemble),
      truth_(truth),
      source_(&source),
      filter_(&filter),
      dt_(ensemble.dt()),
      states_(processes, ensemble.size(), ensemble.dofs()),
      observed_(processes, ensemble.size(), source.max_size(), filters::observation_block),
      operator_(domain, source.max_size()),
      observed_block_("cycle::observed",
                      static_cast<std::size_t>(ensemble.owned().size() * source.max_size())),
      scores_(processes.members(), ensemble.size(), states_.share(), ensemble.dofs()),
      innovation_(processes.members(), ensemble.size(), source.max_size(),
                  filters::observation_block),
      background_ranks_(processes.members(), ensemble.size(), states_.share(), seed, strides),
      analysis_ranks_(processes.members(), ensemble.size(), states_.share(), seed, strides),
      background_(moments_of(states_.share().size())),
      analysis_(moments_of(states_.share().size())) {
  batch_.reserve(source.max_size());
}

std::string AssimilationCycle::forecast(Index first_step, Index count) {
  auto failure = ensemble_->advance(first_step, count);
  if (truth_ != nullptr && !failure) failure = truth_->advance(first_step, count);
  return failure ? describe_failure(*failure, *ensemble_) : "";
}

CycleReport AssimilationCycle::analyse(Index n) {
  CycleReport report;
  report.time = dt_ * static_cast<Real>(source_->step(n));
  const Real* truth = nullptr;
  if (truth_ != nullptr) {
    truth_->publish();
    truth = truth_->values();
  }
  source_->read(batch_, n, truth);
  operator_.set(batch_, source_->name());

  ensemble_->update_members();
  const Rows mine = ensemble_->members();
  const Rows observed_mine = make_rows(observed_block_.data(), rows_of(mine), batch_.size());
  operator_.apply(observed_mine, mine);
  observed_.resize(batch_.size());
  const Rows observed = observed_.forward(observed_mine);
  shared_ = states_.forward(mine);

  const Range columns = states_.share();
  const Real* true_columns = truth == nullptr ? nullptr : truth + columns.begin;
  const auto score = [&](diagnostics::RankHistogram& ranks) {
    if (true_columns == nullptr) return no_scores;
    ranks.add(shared_, true_columns, n);
    return scores_.evaluate(shared_, true_columns);
  };
  report.background = score(background_ranks_);
  ensemble::moments(background_.mean.data(), background_.spread.data(), shared_);

  const Index first = observed_.share().begin;
  const Real* value = batch_.value.data() + first;
  const Real* variance = batch_.variance.data() + first;
  report.innovation = innovation_.evaluate(observed, value, variance, batch_.size());
  report.filter = filter_->analyse({.ensemble = shared_,
                                    .observed = observed,
                                    .value = value,
                                    .variance = variance,
                                    .first_observation = first,
                                    .observations = batch_.size(),
                                    .cycle = n});
  report.analysis = score(analysis_ranks_);
  ensemble::moments(analysis_.mean.data(), analysis_.spread.data(), shared_);

  states_.backward(mine);
  ensemble_->update_states();
  return report;
}

}  // namespace starling::campaigns
