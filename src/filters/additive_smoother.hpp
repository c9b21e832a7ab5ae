// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/backward_kernel.hpp"
#include "filters/weighted_moments.hpp"

#include <vector>

namespace starling::filters {

/// Smoothed additive functionals of a particle filter, online: the expectation, given all
/// observations up to now, of
///     sum over analyses k of (x_k, x_k^2),
/// 2 n numbers for states of n. Particle i carries a statistic tau_i, the expectation of the sum
/// given that the path ends there. With J drawn from the backward kernel of particle i:
///     genealogical   tau_i <- tau_parent + h(x_i), the path the particle came along: O(N), but its
///                    variance grows quadratically in time, for old ancestors are few;
///     forward        tau_i <- sum over j of p_j (tau_j + h(x_i)) (delmoral2010), O(N^2);
///     paris          tau_i <- mean over `draws` J of tau_J + h(x_i) (olsson2017): its variance
///                    grows linearly in time for 2 draws or more; with the draws of BackwardKernel
///                    O(N^2) densities, but few logarithms and one copy for each draw.
/// One goes back to the particles that resampling left, whose forecasts the filter makes anyway.
/// With all weighted particles instead forward smoothing would have 0.56 of the variance on the
/// AR(1) process of tests/filters, for a forecast of each particle that was dropped. 16 n + (16 n
/// draws) bytes for each particle besides the kernel's block.
class AdditiveSmoother {
 public:
  enum class Method { genealogical, forward, paris };

  /// Collective on the context's communicator; the density is borrowed. Throws InputError if draws
  /// < 1.
  AdditiveSmoother(const ParticleContext& context, const TransitionDensity& density, Method method,
                   Index draws = 2);

  /// Before the weights of analysis `step` are known: `particles` (mine x n) came from the
  /// generation with these log-weights, whose forecasts (mine x n, without noise) are given.
  /// Collective; allocates nothing. Throws as BackwardKernel::draw.
  void advance(ConstRows particles, ConstRows forecasts, const Real* log_weights, Index step);
  /// out[2 n] = sum over particles of w_i tau_i, for normalised weights. Collective.
  void estimate(Real* out, const Real* weights, Real effective_size);
  /// After resampling: particle i of mine is a copy of parents[i]. Collective.
  void resample(const std::int64_t* parents);

  /// mine x 2 n: what a checkpoint keeps.
  Rows statistics() const { return statistics_; }
  Real bytes() const;

 private:
  Index dofs_;
  Method method_;
  BackwardKernel kernel_;
  WeightedMoments moments_;
  Array<Real**> statistics_, next_, drawn_;
  std::vector<Real> variance_;
};

}  // namespace starling::filters
