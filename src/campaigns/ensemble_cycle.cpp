// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/ensemble_cycle.hpp"

#include "campaigns/settings.hpp"
#include "core/error.hpp"
#include "ensemble/moments.hpp"

#include <algorithm>

namespace starling::campaigns {
namespace {

// Equal parts of probability in which truths are counted for filters that know no members.
constexpr Index gaussian_bins = 20;

Moments moments_of(Index columns) {
  const auto n = static_cast<std::size_t>(columns);
  return {std::vector<Real>(n), std::vector<Real>(n)};
}

std::unique_ptr<Climatology> make_climatology(const CycleParts& parts,
                                              const filters::Filter& filter) {
  if (!filter.uses_climatology()) return nullptr;
  return std::make_unique<Climatology>(parts.processes, parts.forecast, *parts.initial,
                                       parts.climatology, parts.source.max_size());
}

void check_gaps(const ObservationSource& source, Index steps) {
  for (Index n = 1; n < source.batches(); ++n)
    require(source.step(n) - source.step(n - 1) >= steps,
            "assimilation.incremental_steps = {}: analyses {} and {} are only {} steps apart; "
            "allowed: at most that",
            steps, n - 1, n, source.step(n) - source.step(n - 1));
}

}  // namespace

EnsembleCycle::EnsembleCycle(const CycleParts& parts, filters::Filter& filter)
    : parts_(parts),
      filter_(&filter),
      gaussian_(dynamic_cast<filters::GaussianFilter*>(&filter)),
      bins_(gaussian_ != nullptr ? gaussian_bins : parts.ensemble.size() + 1),
      states_(parts.processes, parts.ensemble.size(), parts.ensemble.dofs()),
      observed_(parts.processes, parts.ensemble.size(), parts.source.max_size(),
                filters::observation_block),
      columns_(grid_points_of(states_.share(), parts.domain)),
      climatology_(make_climatology(parts, filter)),
      observations_(
          parts.processes, parts.source, parts.domain,
          std::max(parts.ensemble.owned().size(), climatology_ ? climatology_->rows() : 0),
          parts.ensemble.size(), parts.quality),
      scores_(parts.processes.members(), parts.ensemble.size(), columns_, parts.domain.points),
      gaussian_scores_(parts.processes.members(), columns_, parts.domain.points),
      innovation_(parts.processes.members(), parts.ensemble.size(), parts.source.max_size(),
                  filters::observation_block),
      background_ranks_(parts.processes.members(), bins_ - 1, columns_, parts.seed, parts.strides),
      analysis_ranks_(parts.processes.members(), bins_ - 1, columns_, parts.seed, parts.strides),
      background_(moments_of(states_.share().size())),
      analysis_(moments_of(states_.share().size())),
      extras_(parts.processes, parts.extras, parts.domain.points, states_.share(), parts.seed) {
  if (parts.smoother_lag > 0) {
    require(parts.extras.empty(),
            "smoother.lag: parameters are estimated for the present only; allowed: a section "
            "[smoother] or [estimate]");
    require(filter.smooths(),
            "smoother.lag: this filter has no weights for earlier ensembles; allowed: without a "
            "section [smoother], or a filter that has, such as etkf");
    smoother_ = std::make_unique<FixedLagSmoother>(parts.processes, parts.ensemble.size(),
                                                   parts.ensemble.dofs(), states_.share(),
                                                   parts.smoother_lag);
  }
  if (parts.incremental_steps > 0) {
    check_gaps(parts.source, parts.incremental_steps);
    incremental_ = std::make_unique<IncrementalUpdate>(parts.ensemble, parts.forecast,
                                                       parts.incremental_steps);
  }
}

std::string EnsembleCycle::forecast(Index first_step, Index count) {
  auto failure = incremental_ ? incremental_->advance(first_step, count)
                              : parts_.ensemble.advance(first_step, count);
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
  Rows seen = observations_.observe(mine);
  filters::StaticCovariance covariance;
  if (climatology_) {
    if (!climatology_->ready()) climatology_->prepare();
    covariance = climatology_->observe(observations_);
    seen = observations_.observe(mine);
  }
  if (incremental_) incremental_->remember_background();
  const observations::Batch& batch = observations_.batch();
  report.counts = observations_.counts();
  observed_.resize(batch.size());
  const Rows observed = observed_.forward(seen);
  shared_ = states_.forward(mine);

  const Real* true_columns = truth == nullptr ? nullptr : truth + columns_.begin;
  const Index first = observed_.share().begin;
  const Real* value = batch.value.data() + first;
  const Real* variance = batch.variance.data() + first;
  filters::Analysis analysis{.ensemble = shared_,
                             .observed = observed,
                             .value = value,
                             .variance = variance,
                             .first_observation = first,
                             .observations = batch.size(),
                             .cycle = n,
                             .places = observations_.places().data(),
                             .all_variance = batch.variance.data()};
  if (smoother_) analysis.past = smoother_->past();
  if (climatology_) analysis.climatology = &covariance;

  filters::Marginals marginals{};
  if (gaussian_ != nullptr) marginals = gaussian_->background(analysis);
  score(report.background, background_, background_ranks_, marginals, true_columns, n);
  extras_.background(shared_);
  report.innovation =
      gaussian_ != nullptr
          ? innovation_.evaluate(marginals.observed_mean, marginals.observed_deviation, value,
                                 variance, batch.size())
          : innovation_.evaluate(observed, value, variance, batch.size());
  report.filter = filter_->analyse(analysis);
  if (gaussian_ != nullptr) marginals = gaussian_->analysed(analysis);
  score(report.analysis, analysis_, analysis_ranks_, marginals, true_columns, n);
  extras_.analysis(shared_, n, batch.size() > 0);
  if (smoother_) report.smoothed = smoother_->push(shared_, truth);

  states_.backward(mine);
  if (incremental_) {
    incremental_->take_analysis();
  } else {
    parts_.ensemble.update_states();
  }
  return report;
}

// What a filter knows as members or as marginals.
void EnsembleCycle::score(diagnostics::Scores& scores, Moments& moments,
                          diagnostics::RankHistogram& ranks, const filters::Marginals& marginals,
                          const Real* truth, Index n) {
  scores = diagnostics::no_scores;
  if (gaussian_ == nullptr) {
    ensemble::moments(moments.mean.data(), moments.spread.data(), shared_);
    if (truth == nullptr) return;
    ranks.add(shared_, truth, n);
    scores = scores_.evaluate(shared_, truth);
    return;
  }
  const Index columns = states_.share().size();
  std::copy_n(marginals.mean, columns, moments.mean.data());
  std::copy_n(marginals.deviation, columns, moments.spread.data());
  if (truth == nullptr) return;
  ranks.add(marginals.mean, marginals.deviation, truth, n);
  scores = gaussian_scores_.evaluate(marginals.mean, marginals.deviation, truth);
}

Real EnsembleCycle::bytes() const {
  const auto reals = [](auto... counts) { return Real{8} * static_cast<Real>((counts + ...)); };
  const Index members = parts_.ensemble.size(), own = parts_.ensemble.owned().size();
  const bool moves = parts_.processes.groups() > 1;
  return reals(own * parts_.ensemble.dofs()) + observations_.bytes() +
         (moves ? 2 * reals(members * states_.share().size(), members * observed_.share().size())
                : 0) +
         filter_->bytes() + (climatology_ ? climatology_->bytes() : 0) +
         (smoother_ ? smoother_->bytes() : 0) + (incremental_ ? incremental_->bytes() : 0);
}

void EnsembleCycle::save(io::CheckpointWriter& file) const {
  if (parts_.truth != nullptr) {
    file.integers("background_ranks", background_ranks_.counts());
    file.integers("analysis_ranks", analysis_ranks_.counts());
  }
  if (const auto state = filter_->state(); !state.empty()) file.reals("filter", state);
  if (smoother_) smoother_->save(file, states_);
  if (incremental_) incremental_->save(file);
}

void EnsembleCycle::load(const io::Checkpoint& file) {
  if (parts_.truth != nullptr) {
    background_ranks_.restore(file.integers("background_ranks"));
    analysis_ranks_.restore(file.integers("analysis_ranks"));
  }
  if (!filter_->state().empty()) filter_->restore(file.reals("filter"));
  if (smoother_) smoother_->load(file, states_);
  if (incremental_) incremental_->load(file);
}

}  // namespace starling::campaigns
