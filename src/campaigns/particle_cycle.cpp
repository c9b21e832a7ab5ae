// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/particle_cycle.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::campaigns {
namespace {

constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();

// Resampling replaces what fails: nothing has to be dropped.
CycleParts without_dropping(CycleParts parts) {
  if (parts.on_member_failure == OnMemberFailure::drop)
    parts.on_member_failure = OnMemberFailure::resample;
  return parts;
}

Moments moments_of(Index columns) {
  const auto n = static_cast<std::size_t>(columns);
  return {std::vector<Real>(n), std::vector<Real>(n)};
}

}  // namespace

ParticleCycle::ParticleCycle(const CycleParts& parts, filters::ParticleFilter& filter)
    : ObservedCycle(without_dropping(parts), parts.ensemble.owned().size()),
      filter_(&filter),
      columns_(deal(parts.ensemble.dofs(), parts.processes.groups(), parts.processes.group(),
                    dof_block)),
      weights_(parts.processes.members(), parts.ensemble.owned()),
      moments_(parts.processes.members(), parts.ensemble.owned(), parts.ensemble.dofs()),
      observed_moments_(parts.processes.members(), parts.ensemble.owned(), parts.source.max_size()),
      scores_(parts.processes.members(), parts.ensemble.size(), parts.ensemble.owned(),
              parts.ensemble.dofs(), parts.seed, parts.strides),
      background_ranks_(static_cast<std::size_t>(scores_.ranks())),
      analysis_ranks_(background_ranks_.size()),
      parents_(static_cast<std::size_t>(parts.ensemble.owned().size())),
      log_weights_(parents_.size(), -std::log(static_cast<Real>(parts.ensemble.size()))),
      mean_(static_cast<std::size_t>(parts.ensemble.dofs())),
      variance_(mean_.size()),
      observed_mean_(static_cast<std::size_t>(parts.source.max_size())),
      observed_variance_(observed_mean_.size()),
      member_(mean_.size()),
      background_(moments_of(columns_.size())),
      analysis_(moments_of(columns_.size())) {}

// They weigh nothing from now on, and stand where the first that is finite does.
void ParticleCycle::take_weight_of_failed(Index n) {
  member(failures_.healthy().front());
  const Rows mine = parts_.ensemble.members();
  const Range owned = parts_.ensemble.owned();
  for (const Index number : failures_.failed()) {
    if (!owned.contains(number)) continue;
    const Index i = number - owned.begin;
    std::copy(member_.begin(), member_.end(), mine.data() + i * width_of(mine));
    log_weights_[static_cast<std::size_t>(i)] = -std::numeric_limits<Real>::infinity();
  }
  weights_.renormalise(log_weights_.data(), n);
}

CycleReport ParticleCycle::analyse(Index n) {
  CycleReport report = begin(n);
  if (report.failed > 0) take_weight_of_failed(n);
  const Rows mine = parts_.ensemble.members();
  const Rows observed = observations_.observe(mine);
  const observations::Batch& batch = observations_.batch();
  report.counts = observations_.counts();

  report.background = judge(background_, background_ranks_, truth(), n);
  report.innovation = innovation(observed);
  const filters::ParticleAnalysis analysis{.particles = mine,
                                           .log_weights = log_weights_.data(),
                                           .observed = observed,
                                           .value = batch.value.data(),
                                           .variance = batch.variance.data(),
                                           .cycle = n,
                                           .parents = parents_.data()};
  report.filter = filter_->weigh(analysis);
  report.analysis = judge(analysis_, analysis_ranks_, truth(), n);
  filter_->resample(analysis, report.filter);
  parts_.ensemble.update_states();
  return report;
}

// Mean and spread of my columns, and the scores if there is a truth.
diagnostics::Scores ParticleCycle::judge(Moments& out, std::vector<std::int64_t>& ranks,
                                         const Real* truth, Index n) {
  const Real size = weights_.effective_size(log_weights_.data());
  const Real* weights = weights_.linear(log_weights_.data());
  const Rows mine = parts_.ensemble.members();
  moments_.evaluate(mean_.data(), variance_.data(), mine, weights, size);
  std::copy_n(mean_.begin() + columns_.begin, columns_.size(), out.mean.begin());
  std::transform(variance_.begin() + columns_.begin, variance_.begin() + columns_.end,
                 out.spread.begin(), [](Real variance) { return std::sqrt(variance); });
  if (truth == nullptr) return {nan, nan, nan, nan, nan};
  return scores_.evaluate(ranks, {mine, weights, size, mean_.data(), variance_.data()}, truth, n);
}

// As InnovationStatistics, for weighted particles. Every rank has all observations.
diagnostics::Innovation ParticleCycle::innovation(ConstRows observed) {
  const observations::Batch& batch = observations_.batch();
  if (batch.size() == 0) return {nan, nan, nan, nan, nan};
  const Real size = weights_.effective_size(log_weights_.data());
  observed_moments_.evaluate(observed_mean_.data(), observed_variance_.data(), observed,
                             weights_.linear(log_weights_.data()), size);
  Real departure = 0, squared = 0, expected = 0, normalised = 0;
  for (std::size_t j = 0; j < batch.value.size(); ++j) {
    const Real d = batch.value[j] - observed_mean_[j];
    const Real e = observed_variance_[j] + batch.variance[j];
    departure += d;
    squared += d * d;
    expected += e;
    normalised += d * d / e;
  }
  const auto count = static_cast<Real>(batch.size());
  diagnostics::Innovation result;
  result.mean = departure / count;
  result.variance = squared / count - result.mean * result.mean;
  result.expected = expected / count;
  result.ratio = squared / expected;
  result.chi_square = normalised / count;
  return result;
}

// Its owner sends it to all.
const Real* ParticleCycle::member(Index number) const {
  const ProcessGrid& processes = parts_.processes;
  int owner = 0;
  while (!processes.members_of(parts_.ensemble.size(), owner).contains(number)) ++owner;
  if (owner == processes.group()) {
    const Rows mine = parts_.ensemble.members();
    std::copy_n(mine.data() + (number - parts_.ensemble.owned().begin) * width_of(mine),
                width_of(mine), member_.begin());
  }
  if (processes.groups() > 1)
    STARLING_MPI(MPI_Bcast(member_.data(), static_cast<int>(member_.size()), MPI_DOUBLE, owner,
                           processes.members()));
  return member_.data() + columns_.begin;
}

Real ParticleCycle::bytes() const {
  const auto own = static_cast<Real>(log_weights_.size());
  const auto dofs = static_cast<Real>(mean_.size());
  return own * (8 * dofs + 16) + observations_.bytes() + weights_.bytes() + scores_.bytes() +
         filter_->bytes();
}

void ParticleCycle::save(io::CheckpointWriter& file) const {
  const Index own = parts_.ensemble.owned().size();
  file.rows("log_weights", parts_.ensemble.size(), parts_.ensemble.owned().begin,
            make_rows(log_weights_.data(), own, 1));
  file.integers("background_ranks", background_ranks_);
  file.integers("analysis_ranks", analysis_ranks_);
}

void ParticleCycle::load(const io::Checkpoint& file) {
  const Index own = parts_.ensemble.owned().size();
  file.rows("log_weights", parts_.ensemble.size(), parts_.ensemble.owned().begin,
            make_rows(log_weights_.data(), own, 1));
  background_ranks_ = file.integers("background_ranks");
  analysis_ranks_ = file.integers("analysis_ranks");
}

}  // namespace starling::campaigns
