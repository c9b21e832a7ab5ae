// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/path_smoother.hpp"

#include "campaigns/model_noise.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::campaigns {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

PathSmoother::PathSmoother(const CycleParts& parts, ObservationStep& observations)
    : particles_(parts.ensemble.size()),
      dofs_(parts.ensemble.dofs()),
      cycles_(parts.smoothing.cycles),
      sweeps_(parts.smoothing.sweeps),
      burn_in_(parts.smoothing.burn_in),
      owned_(parts.ensemble.owned()),
      has_truth_(parts.truth != nullptr),
      density_(transition_density(parts)),
      sampling_(particle_context(parts), density_, cycles_),
      moments_(parts.processes.members(), owned_, dofs_),
      truths_(has_truth_ ? at(cycles_ * dofs_) : 0),
      means_(at(cycles_ * dofs_)),
      squares_(means_.size()),
      variances_(means_.size()),
      weights_(at(owned_.size()), 1 / static_cast<Real>(particles_)),
      mean_(at(dofs_)),
      variance_(mean_.size()) {
  if (sweeps_ == 0) return;
  path_.resize(means_.size());
  conditional_ = std::make_unique<ConditionalFilter>(parts, observations);
}

void PathSmoother::forecast(ConstRows forecasts) {
  if (sampling_.size() > 0) sampling_.set_forecasts(forecasts);
}

void PathSmoother::keep(ConstRows particles, const Real* log_weights, const Real* truth, Index n) {
  sampling_.keep(particles, log_weights);
  if (truth != nullptr) std::copy_n(truth, dofs_, truths_.data() + n * dofs_);
}

void PathSmoother::stage(Index number) {
  if (number > 0) conditional_->run(sampling_, path_, truths_, number);
  sampling_.sample(number * cycles_);
  if (sweeps_ == 0 || number > burn_in_) add_moments();
  if (sweeps_ > 0 && owned_.contains(0))
    for (Index n = 0; n < cycles_; ++n)
      std::copy_n(sampling_.path(n).data(), dofs_, path_.data() + n * dofs_);
  done_ = number + 1;
}

// The variance is that of the trajectories there are: over all sweeps together they are the sample.
void PathSmoother::add_moments() {
  const Real share = 1 - 1 / static_cast<Real>(particles_);
  for (Index n = 0; n < cycles_; ++n) {
    moments_.evaluate(mean_.data(), variance_.data(), sampling_.path(n), weights_.data(),
                      static_cast<Real>(particles_));
    for (Index j = 0; j < dofs_; ++j) {
      means_[at(n * dofs_ + j)] += mean_[at(j)];
      squares_[at(n * dofs_ + j)] += mean_[at(j)] * mean_[at(j)];
      variances_[at(n * dofs_ + j)] += share * variance_[at(j)];
    }
  }
  ++count_;
}

// The variance of all trajectories: within the sweeps, and of their means.
SmoothedRun PathSmoother::result() const {
  SmoothedRun run{means_, variances_, {}, {}};
  const auto count = static_cast<Real>(std::max<Index>(count_, 1));
  for (std::size_t k = 0; k < means_.size(); ++k) {
    run.mean[k] /= count;
    const Real between = std::max(0.0, squares_[k] / count - run.mean[k] * run.mean[k]);
    run.spread[k] = std::sqrt(variances_[k] / count + between);
  }
  for (Index n = 0; n < cycles_; ++n) {
    Real errors = 0, spreads = 0;
    for (std::size_t k = at(n * dofs_); k < at((n + 1) * dofs_); ++k) {
      const Real error =
          has_truth_ ? run.mean[k] - truths_[k] : std::numeric_limits<Real>::quiet_NaN();
      errors += error * error;
      spreads += run.spread[k] * run.spread[k];
    }
    run.rmse.push_back(std::sqrt(errors / static_cast<Real>(dofs_)));
    run.rms_spread.push_back(std::sqrt(spreads / static_cast<Real>(dofs_)));
  }
  return run;
}

Real PathSmoother::bytes() const {
  return sampling_.bytes() +
         8 * static_cast<Real>(truths_.size() + path_.size() + 3 * means_.size() +
                               weights_.size()) +
         (conditional_ ? conditional_->bytes() : 0);
}

// Generations are needed until trajectories have been drawn.
void PathSmoother::save(io::CheckpointWriter& file) const {
  file.integers("smoother", {done_, count_, sampling_.size()});
  if (has_truth_) file.reals("smoother_truth", truths_);
  if (sweeps_ > 0) file.reals("smoother_path", path_);
  file.reals("smoother_means", means_);
  file.reals("smoother_squares", squares_);
  file.reals("smoother_variances", variances_);
  for (Index k = 0; k < sampling_.size() && done_ == 0; ++k) {
    const auto rows = [&](const char* what, ConstRows block) {
      file.rows(fmt::format("generation_{}_{}", k, what), particles_, owned_.begin, block);
    };
    rows("particles", sampling_.particles(k));
    rows("forecasts", sampling_.forecasts(k));
    rows("log_weights", sampling_.log_weights(k));
  }
}

void PathSmoother::load(const io::Checkpoint& file) {
  const auto& numbers = file.integers("smoother");
  done_ = numbers.at(0);
  count_ = numbers.at(1);
  sampling_.restore(numbers.at(2));
  if (has_truth_) truths_ = file.reals("smoother_truth");
  if (sweeps_ > 0) path_ = file.reals("smoother_path");
  means_ = file.reals("smoother_means");
  squares_ = file.reals("smoother_squares");
  variances_ = file.reals("smoother_variances");
  for (Index k = 0; k < sampling_.size() && done_ == 0; ++k) {
    const auto rows = [&](const char* what, Rows block) {
      file.rows(fmt::format("generation_{}_{}", k, what), particles_, owned_.begin, block);
    };
    rows("particles", sampling_.particles(k));
    rows("forecasts", sampling_.forecasts(k));
    rows("log_weights", sampling_.log_weights(k));
  }
}

}  // namespace starling::campaigns
