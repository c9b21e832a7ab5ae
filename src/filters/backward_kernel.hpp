// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "filters/particle_filter.hpp"
#include "filters/transition_density.hpp"

#include <cstdint>
#include <vector>

namespace starling::filters {

/// The backward kernel of a particle filter (godsill2004): given a state x' at the next time, the
/// particle it came from is j with probability
///     p_j(x') ∝ w_j m(x_j, x'),
/// w the weights of the particles x and m the density of the model. Each rank asks for its own x';
/// the particles of all ranks are shown to every rank block by block, in index order, and no rank
/// holds more than one block: with widest share n_r of the N particles, n values each and r ranks,
/// 8 n_r (n + 1 + payload) bytes, N densities for each x', and messages of the same N rows.
///
/// Draws are by the largest of log w_j + log m(x_j, x') + G_j with G_j independent Gumbel numbers
/// (gumbel1954), a pure function of (seed, backward_sampling, number of x', step, draws j + draw):
/// the same for any number of ranks, without sums. G_j is looked up only where it could win.
class BackwardKernel {
 public:
  /// A generation of particles, this rank's share: what the kernel chooses from.
  struct Generation {
    ConstRows forecasts;      ///< mine x n: M(x_j)
    const Real* log_weights;  ///< of mine
    ConstRows payload;        ///< mine x payload width: what a draw or a mean brings along
  };

  /// Draws `draws` particles for each x'. Collective on the context's communicator. The density
  /// is borrowed.
  BackwardKernel(const ParticleContext& context, const TransitionDensity& density, Index payload,
                 Index draws);

  /// out((mine, draw) x payload): the payloads of the particles that were drawn for each row of
  /// `to`, which is particle owned.begin + row, row after row. Collective; allocates nothing.
  /// Throws NumericalError, the same on every rank, if no particle could have led to a row.
  void draw(Rows out, ConstRows to, const Generation& from, Index step);

  /// out(mine x payload): the expectation of the payload under p(x'), sums in index order.
  /// Collective; allocates nothing.
  void average(Rows out, ConstRows to, const Generation& from, Index step);

  /// out(mine x payload): the payload of particle parents[i] for row i. Collective; allocates
  /// nothing.
  void fetch(Rows out, const std::int64_t* parents, ConstRows payload);

  Index draws() const { return draws_; }
  Real bytes() const;

 private:
  // The particles [first, first + count) of the rank whose turn it is.
  struct Block {
    Index first, count;
    const Real* forecasts;
    const Real* log_weights;
    const Real* payload;
  };
  template <class Visit>
  void for_each_block(const Generation& mine, const Visit& visit);
  void require_ancestors(Index step) const;

  ParticleContext context_;
  const TransitionDensity* density_;
  Index payload_, draws_;
  std::vector<Range> shares_;
  std::vector<Real> buffer_, best_, total_;
};

}  // namespace starling::filters
