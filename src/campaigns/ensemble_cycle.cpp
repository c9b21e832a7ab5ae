// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/ensemble_cycle.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace starling::campaigns {
namespace {

// Equal parts of probability in which truths are counted for filters that know no members.
constexpr Index gaussian_bins = 20;

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
    : EnsembleCycle(parts, filter, make_climatology(parts, filter)) {}

EnsembleCycle::EnsembleCycle(const CycleParts& parts, filters::Filter& filter,
                             std::unique_ptr<Climatology> climatology)
    : ObservedCycle(parts,
                    std::max(parts.ensemble.owned().size(), climatology ? climatology->rows() : 0)),
      filter_(&filter),
      gaussian_(dynamic_cast<filters::GaussianFilter*>(&filter)),
      climatology_(std::move(climatology)),
      states_(parts.processes, parts.ensemble.size(), parts.ensemble.dofs()),
      observed_(parts.processes, parts.ensemble.size(), parts.source.max_size(),
                filters::observation_block),
      verification_(parts, states_.share(),
                    gaussian_ != nullptr ? gaussian_bins : parts.ensemble.size() + 1),
      innovation_(parts.processes.members(), parts.ensemble.size(), parts.source.max_size(),
                  filters::observation_block),
      extras_(parts.processes, parts.extras, parts.values(), states_.share(), parts.seed) {
  require(
      failures_.stops() || gaussian_ == nullptr,
      "assimilation.on_member_failure: the members of this filter are no sample but carry a mean "
      "and a covariance, and none can be spared; allowed: stop");
  if (failures_.drops())
    missing_.assign(static_cast<std::size_t>(states_.share().size()),
                    std::numeric_limits<Real>::quiet_NaN());
  if (parts.smoother_lag > 0) {
    require(!failures_.drops(),
            "assimilation.on_member_failure = drop: earlier ensembles keep all members; allowed: "
            "stop, resample, or without a section [smoother]");
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

std::optional<ensemble::Failure> EnsembleCycle::advance_ensemble(Index first_step, Index count) {
  return incremental_ ? incremental_->advance(first_step, count)
                      : ObservedCycle::advance_ensemble(first_step, count);
}

// Members that failed since the last analysis.
void EnsembleCycle::repair() {
  const Rows mine = parts_.ensemble.members();
  const Rows all = states_.forward(mine);
  failures_.repair(all);
  states_.backward(mine);
  // What the weights of later analyses are given to must be the same member.
  if (smoother_)
    for (const Rows& past : smoother_->past()) failures_.repair(past);
  // Increments are added to the states of the background.
  if (incremental_) parts_.ensemble.update_states();
  if (failures_.drops()) go_on_with_healthy();
}

void EnsembleCycle::go_on_with_healthy() {
  const auto left = static_cast<Index>(failures_.healthy().size());
  auto fewer = std::get<std::unique_ptr<filters::Filter>>(parts_.make_filter(left));
  fewer->restore(filter_->state());
  fewer_ = std::move(fewer);
  filter_ = fewer_.get();
  observations_.use(failures_.healthy());
  verification_.resize(left);
  innovation_ = diagnostics::InnovationStatistics(
      parts_.processes.members(), left, parts_.source.max_size(), filters::observation_block);
}

const Real* EnsembleCycle::member(Index number) const {
  const auto& healthy = failures_.healthy();
  if (!failures_.complete() && !std::binary_search(healthy.begin(), healthy.end(), number))
    return missing_.data();
  return shared_.data() + number * width_of(shared_);
}

CycleReport EnsembleCycle::analyse(Index n) {
  CycleReport report = begin(n);
  if (report.failed > 0) repair();
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
  const Rows observed = failures_.pack(observed_.forward(seen));
  shared_ = states_.forward(mine);
  const Rows present = failures_.pack(shared_);

  const Index first = observed_.share().begin;
  const Real* value = batch.value.data() + first;
  const Real* variance = batch.variance.data() + first;
  filters::Analysis analysis{.ensemble = present,
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
  report.background = gaussian_ != nullptr ? verification_.background(marginals, truth(), n)
                                           : verification_.background(present, truth(), n);
  extras_.background(present);
  report.innovation =
      gaussian_ != nullptr
          ? innovation_.evaluate(marginals.observed_mean, marginals.observed_deviation, value,
                                 variance, batch.size())
          : innovation_.evaluate(observed, value, variance, batch.size());
  report.filter = filter_->analyse(analysis);
  if (gaussian_ != nullptr) marginals = gaussian_->analysed(analysis);
  report.analysis = gaussian_ != nullptr ? verification_.analysis(marginals, truth(), n)
                                         : verification_.analysis(present, truth(), n);
  extras_.analysis(present, n, batch.size() > 0);
  if (smoother_) report.smoothed = smoother_->push(present, truth());

  failures_.unpack(shared_);
  states_.backward(mine);
  if (incremental_) {
    incremental_->take_analysis();
  } else {
    parts_.ensemble.update_states();
  }
  return report;
}

Real EnsembleCycle::bytes() const {
  const auto members = static_cast<Real>(parts_.ensemble.owned().size() * parts_.ensemble.dofs());
  return 8 * members + observations_.bytes() + states_.bytes() + observed_.bytes() +
         filter_->bytes() + (climatology_ ? climatology_->bytes() : 0) +
         (smoother_ ? smoother_->bytes() : 0) + (incremental_ ? incremental_->bytes() : 0);
}

void EnsembleCycle::save(io::CheckpointWriter& file) const {
  verification_.save(file);
  failures_.save(file);
  if (const auto state = filter_->state(); !state.empty()) file.reals("filter", state);
  if (smoother_) smoother_->save(file, states_);
  if (incremental_) incremental_->save(file);
}

void EnsembleCycle::load(const io::Checkpoint& file) {
  verification_.load(file);
  failures_.load(file);
  if (!failures_.complete()) go_on_with_healthy();
  if (!filter_->state().empty()) filter_->restore(file.reals("filter"));
  if (smoother_) smoother_->load(file, states_);
  if (incremental_) incremental_->load(file);
}

}  // namespace starling::campaigns
