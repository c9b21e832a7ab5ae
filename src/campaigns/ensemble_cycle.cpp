// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/ensemble_cycle.hpp"

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

EnsembleCycle::EnsembleCycle(const CycleParts& parts, filters::Filter& filter)
    : parts_(parts),
      filter_(&filter),
      states_(parts.processes, parts.ensemble.size(), parts.ensemble.dofs()),
      observed_(parts.processes, parts.ensemble.size(), parts.source.max_size(),
                filters::observation_block),
      observations_(parts.processes, parts.source, parts.domain, parts.ensemble.owned().size(),
                    parts.ensemble.size(), parts.quality),
      scores_(parts.processes.members(), parts.ensemble.size(), states_.share(),
              parts.ensemble.dofs()),
      innovation_(parts.processes.members(), parts.ensemble.size(), parts.source.max_size(),
                  filters::observation_block),
      background_ranks_(parts.processes.members(), parts.ensemble.size(), states_.share(),
                        parts.seed, parts.strides),
      analysis_ranks_(parts.processes.members(), parts.ensemble.size(), states_.share(), parts.seed,
                      parts.strides),
      background_(moments_of(states_.share().size())),
      analysis_(moments_of(states_.share().size())) {}

std::string EnsembleCycle::forecast(Index first_step, Index count) {
  auto failure = parts_.ensemble.advance(first_step, count);
  if (parts_.truth != nullptr && !failure) failure = parts_.truth->advance(first_step, count);
  return failure ? describe_failure(*failure, parts_.ensemble) : "";
}

CycleReport EnsembleCycle::analyse(Index n) {
  CycleReport report;
  report.time = parts_.ensemble.dt() * static_cast<Real>(parts_.source.step(n));
  const Real* truth = nullptr;
  if (parts_.truth != nullptr) {
    parts_.truth->publish();
    truth = parts_.truth->values();
  }
  observations_.read(n, truth);

  parts_.ensemble.update_members();
  const Rows mine = parts_.ensemble.members();
  const Rows seen = observations_.observe(mine);
  const observations::Batch& batch = observations_.batch();
  report.counts = observations_.counts();
  observed_.resize(batch.size());
  const Rows observed = observed_.forward(seen);
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
  const Real* value = batch.value.data() + first;
  const Real* variance = batch.variance.data() + first;
  report.innovation = innovation_.evaluate(observed, value, variance, batch.size());
  report.filter = filter_->analyse({.ensemble = shared_,
                                    .observed = observed,
                                    .value = value,
                                    .variance = variance,
                                    .first_observation = first,
                                    .observations = batch.size(),
                                    .cycle = n,
                                    .places = observations_.places().data(),
                                    .all_variance = batch.variance.data()});
  report.analysis = score(analysis_ranks_);
  ensemble::moments(analysis_.mean.data(), analysis_.spread.data(), shared_);

  states_.backward(mine);
  parts_.ensemble.update_states();
  return report;
}

Real EnsembleCycle::bytes() const {
  const auto reals = [](auto... counts) { return Real{8} * static_cast<Real>((counts + ...)); };
  const Index members = parts_.ensemble.size(), own = parts_.ensemble.owned().size();
  const bool moves = parts_.processes.groups() > 1;
  return reals(own * parts_.ensemble.dofs()) + observations_.bytes() +
         (moves ? 2 * reals(members * states_.share().size(), members * observed_.share().size())
                : 0) +
         filter_->bytes();
}

void EnsembleCycle::save(io::CheckpointWriter& file) const {
  if (parts_.truth != nullptr) {
    file.integers("background_ranks", background_ranks_.counts());
    file.integers("analysis_ranks", analysis_ranks_.counts());
  }
  if (const auto state = filter_->state(); !state.empty()) file.reals("filter", state);
}

void EnsembleCycle::load(const io::Checkpoint& file) {
  if (parts_.truth != nullptr) {
    background_ranks_.restore(file.integers("background_ranks"));
    analysis_ranks_.restore(file.integers("analysis_ranks"));
  }
  if (!filter_->state().empty()) filter_->restore(file.reals("filter"));
}

}  // namespace starling::campaigns
