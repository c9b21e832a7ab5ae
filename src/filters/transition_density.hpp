// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

namespace starling::filters {

/// The density m of a stochastic model, for smoothers: x_{k+1} = M(x_k) + eta_k with eta_k of known
/// law. Whoever runs the model brings M(x_k).
class TransitionDensity {
 public:
  virtual ~TransitionDensity() = default;
  /// log m(x, x') up to a constant, from `forecast` = M(x) to `to` = x', n values each. Never above
  /// 0. Local; allocates nothing.
  virtual Real log_density(const Real* forecast, const Real* to, Index n) const = 0;
};

/// eta ~ N(0, std^2 I): white [model_error].
class GaussianTransition final : public TransitionDensity {
 public:
  /// Throws InputError unless std > 0: a model without noise has no density.
  explicit GaussianTransition(Real std);
  Real log_density(const Real* forecast, const Real* to, Index n) const override;

 private:
  Real half_precision_;
};

}  // namespace starling::filters
