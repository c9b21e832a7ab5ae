// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/backward_kernel.hpp"

#include <vector>

namespace starling::filters {

/// Forward filtering, backward sampling (godsill2004): one trajectory for each particle, drawn from
/// the smoothing distribution. Generations are kept as the filter goes on, 8 N (3 n + 1) / ranks
/// bytes each with the trajectories; sampling goes back through them, O(N^2) densities a
/// generation.
class BackwardSampling {
 public:
  /// Collective on the context's communicator; the density is borrowed. For up to `generations`.
  BackwardSampling(const ParticleContext& context, const TransitionDensity& density,
                   Index generations);
  BackwardSampling(const BackwardSampling&) = delete;

  Index size() const { return size_; }
  /// Forgets all generations; the trajectories stay.
  void clear() { size_ = 0; }
  /// The next generation: particles (mine x n) with their normalised log-weights, which stand for
  /// the filter at that time. Local. Throws LogicError if full.
  void keep(ConstRows particles, const Real* log_weights);
  /// Where the particles of the last generation went by the time of the next (mine x n), without
  /// noise. Local.
  void set_forecasts(ConstRows forecasts);

  /// Draws the trajectories, one a particle, with the random numbers of analyses `first` +
  /// generation. Collective; allocates nothing. Throws as BackwardKernel::draw.
  void sample(Index first = 0);
  /// mine x n, after sample().
  ConstRows path(Index generation) const { return block(paths_, generation); }

  // What a checkpoint keeps of a generation, and how many there are.
  Rows particles(Index generation) const { return block(particles_, generation); }
  Rows forecasts(Index generation) const { return block(forecasts_, generation); }
  Rows log_weights(Index generation) const { return block(log_weights_, generation); }
  void restore(Index size) { size_ = size; }
  Real bytes() const;

 private:
  // Stands for x' where there is none: the end of a trajectory has the weights of the filter alone.
  class Anywhere final : public TransitionDensity {
   public:
    Real log_density(const Real*, const Real*, Index) const override { return 0; }
  };
  Rows block(const Array<Real**>& all, Index generation) const;

  Index own_, capacity_, size_ = 0;
  Anywhere anywhere_;
  BackwardKernel kernel_, end_;
  Array<Real**> particles_, log_weights_, forecasts_, paths_;
};

}  // namespace starling::filters
