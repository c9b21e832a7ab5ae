// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/backward_kernel.hpp"

#include <vector>

namespace starling::filters {

/// Forward filtering, backward sampling (godsill2004): one trajectory for each particle, drawn from
/// the smoothing distribution. Generations are kept as the filter goes on, 8 N (2 n + 1) / ranks
/// bytes each; sampling goes back through them, O(N^2) densities a generation.
class BackwardSampling {
 public:
  /// Collective on the context's communicator; the density is borrowed. For up to `generations`.
  BackwardSampling(const ParticleContext& context, const TransitionDensity& density,
                   Index generations);

  Index size() const { return size_; }
  /// The next generation: particles (mine x n) with their normalised log-weights, which stand for
  /// the filter at that time, and their forecasts (mine x n, without noise) to the time of the
  /// generation after it; the last generation's may be anything. Local. Throws LogicError if full.
  void keep(ConstRows particles, const Real* log_weights, ConstRows forecasts);
  /// What keep() got as forecasts may be known only later: those of the last generation.
  void set_forecasts(ConstRows forecasts);

  /// Draws the trajectories, one a particle. Collective. Throws as BackwardKernel::draw.
  void sample();
  /// mine x n, after sample().
  ConstRows path(Index generation) const;

 private:
  Rows block(std::vector<Real>& all, Index generation) const;

  ParticleContext context_;
  BackwardKernel kernel_;
  Index size_ = 0, capacity_;
  std::vector<Real> particles_, log_weights_, forecasts_, paths_;
};

}  // namespace starling::filters
