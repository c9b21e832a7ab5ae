// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/running_smoother.hpp"

#include "campaigns/model_noise.hpp"

#include <cmath>
#include <limits>

namespace starling::campaigns {

RunningSmoother::RunningSmoother(const CycleParts& parts)
    : particles_(parts.ensemble.size()),
      dofs_(parts.ensemble.dofs()),
      owned_(parts.ensemble.owned()),
      genealogical_(parts.smoothing.name == "genealogical"),
      density_(transition_density(parts)),
      smoother_(particle_context(parts), density_, parts.smoothing.method(), parts.smoothing.draws),
      weights_(parts.processes.members(), owned_),
      averages_(static_cast<std::size_t>(2 * dofs_)),
      truth_(static_cast<std::size_t>(dofs_)) {}

// The others look for ancestors among the particles as they were.
void RunningSmoother::look_ahead(const std::int64_t* parents) {
  if (genealogical_) smoother_.resample(parents);
}

void RunningSmoother::advance(ConstRows particles, ConstRows forecasts, const Real* log_weights,
                              Index n) {
  smoother_.advance(particles, forecasts, log_weights, n);
}

Real RunningSmoother::evaluate(const Real* log_weights, const Real* truth, Index n) {
  smoother_.estimate(averages_.data(), weights_.linear(log_weights),
                     weights_.effective_size(log_weights));
  const auto count = static_cast<Real>(n + 1);
  for (Real& each : averages_) each /= count;
  if (truth == nullptr) return std::numeric_limits<Real>::quiet_NaN();
  Real sum = 0;
  for (std::size_t j = 0; j < truth_.size(); ++j) {
    truth_[j] += truth[j];
    const Real error = averages_[j] - truth_[j] / count;
    sum += error * error;
  }
  return std::sqrt(sum / static_cast<Real>(dofs_));
}

void RunningSmoother::save(io::CheckpointWriter& file) const {
  file.rows("smoother", particles_, owned_.begin, smoother_.statistics());
  file.reals("smoother_truth", truth_);
}

void RunningSmoother::load(const io::Checkpoint& file) {
  file.rows("smoother", particles_, owned_.begin, smoother_.statistics());
  truth_ = file.reals("smoother_truth");
}

}  // namespace starling::campaigns
