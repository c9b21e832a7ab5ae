// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/tree_sum.hpp"
#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::filters {

/// Particles are dealt to ranks, and sums over them taken, in whole blocks of this many: the pairs
/// of ProcessGrid::members_of.
inline constexpr Index particle_block = 2;

/// The weights w_i of the particles of all ranks as logarithms, each rank with its own. Sums go
/// through TreeSum: the same bits for any number of ranks. Allocates nothing after construction.
class ParticleWeights {
 public:
  /// Collective on `comm`. `owned` of the particles are this rank's.
  ParticleWeights(MPI_Comm comm, Range owned);

  /// log sum of exp(log_weights), which is taken from all of them, so that the weights sum to 1. If
  /// that is not finite nothing changes. Collective.
  Real normalise(Real* log_weights);

  /// The same, but throws NumericalError on every rank, naming the analysis, if all weights vanish.
  /// Collective.
  Real renormalise(Real* log_weights, Index cycle);

  /// 1 / sum of w_i^2 of normalised weights (kong1994): 1 if one has all, N if all are equal.
  /// Collective.
  Real effective_size(const Real* log_weights) { return tempered_size(log_weights, 1); }
  /// The same of weights proportional to w_i^(1 / temperature). Collective.
  Real tempered_size(const Real* log_weights, Real temperature);
  /// -sum of w_i log w_i of normalised weights. Collective.
  Real entropy(const Real* log_weights);

  /// exp(log_weights) of mine, until the next call. Local.
  const Real* linear(const Real* log_weights);

  Real bytes() const { return 8 * static_cast<Real>(linear_.size()); }

 private:
  template <class F>
  void sum(Real* out, const F& term);

  MPI_Comm comm_;
  Index count_;
  TreeSum sums_;
  std::vector<Real> linear_;
};

}  // namespace starling::filters
