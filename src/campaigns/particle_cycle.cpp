// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/particle_cycle.hpp"

#include "campaigns/model_noise.hpp"
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

// Rows of the probes for the slope of H, if the filter asks for it and there is noise.
Index probes(const CycleParts& parts, const filters::ParticleFilter& filter) {
  const auto& error = parts.ensemble.model_error();
  if (!filter.uses_noise() || !error || error->std() == 0) return 0;
  require(has_plain_noise(parts),
          "filter.adapted = true: the noise of this model is not white in its states; allowed: "
          "false, or model_error.spectrum = \"white\" and a model of grid-point values");
  return 2 * parts.ensemble.dofs();
}

}  // namespace

ParticleCycle::ParticleCycle(const CycleParts& parts, filters::ParticleFilter& filter)
    : ObservedCycle(without_dropping(parts),
                    std::max(parts.ensemble.owned().size(), probes(parts, filter))),
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
      analysis_(moments_of(columns_.size())),
      probes_("particles::probes", static_cast<std::size_t>(probes(parts, filter)), mean_.size()),
      slope_(probes_.extent(0) > 0 ? mean_.size() * observed_mean_.size() : 0) {
  if (!parts.smoothing.name.empty()) {
    require(!filter.moves_particles(),
            "smoother.name = \"{}\": this filter moves particles from where the model took them; "
            "allowed: a filter without kernel or regularisation",
            parts.smoothing.name);
    if (parts.smoothing.is_running()) running_ = std::make_unique<RunningSmoother>(parts_);
    if (parts.smoothing.goes_back()) paths_ = std::make_unique<PathSmoother>(parts_, observations_);
    before_.resize(log_weights_.size());
  }
  if (filter.looks_ahead() || running_ || paths_) parts_.ensemble.keep_forecasts();
}

// They weigh nothing from now on, and stand where the first that is finite does.
void ParticleCycle::take_weight_of_failed(Index n) {
  member(failures_.healthy().front());
  const Rows mine = parts_.ensemble.members();
  const Range owned = parts_.ensemble.owned();
  for (const Index number : failures_.failed()) {
    if (!owned.contains(number)) continue;
    const Index i = number - owned.begin;
    std::copy(member_.begin(), member_.end(), mine.data() + i * width_of(mine));
    if (const Rows forecasts = parts_.ensemble.forecasts(); width_of(forecasts) > 0)
      std::copy(member_.begin(), member_.end(), forecasts.data() + i * width_of(forecasts));
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
  filters::ParticleAnalysis analysis{.particles = mine,
                                     .log_weights = log_weights_.data(),
                                     .observed = observed,
                                     .value = batch.value.data(),
                                     .variance = batch.variance.data(),
                                     .cycle = n,
                                     .parents = parents_.data()};
  if (paths_) paths_->forecast(parts_.ensemble.forecasts());
  if (running_) before_ = log_weights_;
  const filters::Report ahead = filter_->looks_ahead() ? look_ahead(analysis) : filters::Report{};
  if (running_) running_->advance(mine, parts_.ensemble.forecasts(), before_.data(), n);
  report.filter = filter_->weigh(analysis);
  report.filter.copies = ahead.copies;
  report.filter.moves = ahead.moves;
  if (running_) report.average_rmse = running_->evaluate(log_weights_.data(), truth(), n);
  report.analysis = judge(analysis_, analysis_ranks_, truth(), n);
  // The last generation is as good as it gets before resampling.
  const bool last = n + 1 == parts_.smoothing.cycles;
  if (paths_ && last) paths_->keep(mine, log_weights_.data(), truth(), n);
  filter_->resample(analysis, report.filter);
  if (paths_ && !last) paths_->keep(mine, log_weights_.data(), truth(), n);
  if (running_ && !filter_->looks_ahead()) running_->resample(parents_.data());
  parts_.ensemble.update_states();
  return report;
}

// Whether noise was added to the members where analysis n is.
bool ParticleCycle::is_noisy(Index n) const {
  const auto& error = parts_.ensemble.model_error();
  return error && error->is_due(parts_.source.step(n));
}

filters::Report ParticleCycle::look_ahead(filters::ParticleAnalysis& analysis) {
  const Rows forecasts = parts_.ensemble.forecasts();
  filters::ModelNoise noise{.forecasts = forecasts};
  if (!is_noisy(analysis.cycle)) {
    std::copy_n(analysis.particles.data(), forecasts.size(), forecasts.data());
  } else if (probes_.extent(0) > 0) {
    const Real std = parts_.ensemble.model_error()->std();
    noise.variance = std * std;
    noise.slope = slope(forecasts);
  }
  analysis.observed = observations_.observe(forecasts);
  const filters::Report report = filter_->look_ahead(analysis, noise);
  if (running_) running_->look_ahead(parents_.data());
  analysis.observed = observations_.observe(analysis.particles);
  return report;
}

// Central differences of H about the mean forecast, as wide as the noise: exact for linear H.
ConstRows ParticleCycle::slope(ConstRows forecasts) {
  const Real std = parts_.ensemble.model_error()->std();
  const Index n = parts_.ensemble.dofs(), p = observations_.batch().size();
  moments_.evaluate(mean_.data(), variance_.data(), forecasts, weights_.linear(log_weights_.data()),
                    weights_.effective_size(log_weights_.data()));
  for (Index r = 0; r < 2 * n; ++r) {
    std::copy_n(mean_.data(), n, probes_.data() + r * n);
    probes_.data()[r * n + r / 2] += r % 2 == 0 ? std : -std;
  }
  const Rows seen = observations_.observe(probes_);
  for (Index j = 0; j < p; ++j)
    for (Index k = 0; k < n; ++k)
      slope_[static_cast<std::size_t>(j * n + k)] =
          (seen(2 * k, j) - seen(2 * k + 1, j)) / (2 * std);
  return make_rows(slope_.data(), p, n);
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
         filter_->bytes() +
         8 * static_cast<Real>(parts_.ensemble.forecasts().size() + probes_.size() +
                               slope_.size()) +
         (running_ ? running_->bytes() : 0) + (paths_ ? paths_->bytes() : 0);
}

void ParticleCycle::save(io::CheckpointWriter& file) const {
  const Index own = parts_.ensemble.owned().size();
  file.rows("log_weights", parts_.ensemble.size(), parts_.ensemble.owned().begin,
            make_rows(log_weights_.data(), own, 1));
  if (width_of(parts_.ensemble.forecasts()) > 0)
    file.rows("forecasts", parts_.ensemble.size(), parts_.ensemble.owned().begin,
              parts_.ensemble.forecasts());
  file.integers("background_ranks", background_ranks_);
  file.integers("analysis_ranks", analysis_ranks_);
  if (running_) running_->save(file);
  if (paths_) paths_->save(file);
}

void ParticleCycle::load(const io::Checkpoint& file) {
  const Index own = parts_.ensemble.owned().size();
  file.rows("log_weights", parts_.ensemble.size(), parts_.ensemble.owned().begin,
            make_rows(log_weights_.data(), own, 1));
  if (width_of(parts_.ensemble.forecasts()) > 0)
    file.rows("forecasts", parts_.ensemble.size(), parts_.ensemble.owned().begin,
              parts_.ensemble.forecasts());
  background_ranks_ = file.integers("background_ranks");
  analysis_ranks_ = file.integers("analysis_ranks");
  if (running_) running_->load(file);
  if (paths_) paths_->load(file);
}

}  // namespace starling::campaigns
