// SPDX-License-Identifier: BSD-3-Clause
#include "filters/transition_density.hpp"

#include "core/error.hpp"

namespace starling::filters {

GaussianTransition::GaussianTransition(Real std) : half_precision_(0.5 / (std * std)) {
  require(std > 0, "model_error.std = {}: a smoother needs a transition density; allowed: > 0",
          std);
}

Real GaussianTransition::log_density(const Real* forecast, const Real* to, Index n) const {
  Real sum = 0;
  for (Index j = 0; j < n; ++j) sum += (to[j] - forecast[j]) * (to[j] - forecast[j]);
  return -half_precision_ * sum;
}

}  // namespace starling::filters
