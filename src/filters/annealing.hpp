// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "filters/particle_weights.hpp"

namespace starling::filters {

/// Resampling by the weights w^(1 / temperature) instead of w keeps more particles alive. What is
/// left, w^(1 - 1 / temperature), can stay with the offspring as their weight ("residual"), which
/// keeps estimates unbiased (liu2001), or be dropped ("none"), which biases them towards the
/// background for less variance. The temperature of analysis t of T (methods known as entropic
/// particle filtering; N_eff is the effective size, H the entropy over log N):
///
///     effective_size   max(1, N / N_eff (1 - t / T))
///     entropy          1 / (H + (1 - H) t / T)
///     linear           max(1, 2 - t / T)
///
/// at most tau_max, and 1 where N_eff >= N / 2 or t >= T / 2. Of the kind
///
///     adjusted         1, 1.2, 1.4, ... until N_eff of w^(1 / temperature) is at least alpha N
///
/// (the filter PFa of raanes2024 with correct = "none") at any time and without a limit.
///
/// Measured on an AR(1) process with sharp observations and T = 30 (tests/filters), error of the
/// mean against the Kalman filter, kind effective_size:
///
///     N       none     dropped  kept     dropped, tau 2  kept, tau 2
///     64      0.0133   0.0137   0.0191   0.0125          0.0133
///     16384   0.0004   0.0021   0.0163   0.0006          0.0005
///
/// Without a limit it leaves a floor, and a worse one with the residual; with tau_max = 2 it helps
/// a few particles a little where the residual is dropped, and else does neither good nor harm.
class Annealing {
 public:
  static const Schema& schema();
  /// Nothing: the temperature is 1.
  Annealing() = default;
  /// Throws InputError.
  explicit Annealing(const Section& section);

  /// Collective on the communicator of `weights`; allocates nothing.
  Real temperature(ParticleWeights& weights, const Real* log_weights, Real effective_size,
                   Index particles, Index cycle) const;
  /// Whether offspring keep w^(1 - 1 / temperature).
  bool residual() const { return residual_; }

 private:
  enum class Kind { none, effective_size, entropy, linear, adjusted };
  static Kind kind(const std::string& name);

  Kind kind_ = Kind::none;
  Index cycles_ = 0;
  Real tau_max_ = 2, alpha_ = 0;
  bool residual_ = true;
};

}  // namespace starling::filters
