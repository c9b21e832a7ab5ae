// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/tree_sum.hpp"
#include "core/types.hpp"
#include "diagnostics/rank_histogram.hpp"
#include "diagnostics/scores.hpp"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace starling::diagnostics {

/// Weighted particles that are dealt to ranks, with what is known of all of them.
struct WeightedSample {
  ConstRows mine;        ///< my particles x dofs
  const Real* weights;   ///< of mine; over all ranks they sum to 1
  Real effective_size;   ///< 1 / sum of w_i^2
  const Real* mean;      ///< of all, each dof
  const Real* variance;  ///< of all, each dof: sum of w_i (x_i - mean)^2 / (1 - sum of w_i^2)
};

/// Scores of weighted particles against one truth y, over all dofs; for equal weights those of
/// EnsembleScores. With A = sum of w_i |x_i - y| and G = 1/2 sum of w_i w_j |x_i - x_j| of a dof,
///     crps             = A - G
///     fair_crps        = A - G / (1 - s),   s = sum of w_i^2
///     almost_fair_crps = A - (1 - (1 - alpha) s) G / (1 - s).
/// A is exact. For G nobody sorts all particles: each dof has `bins` equal bins from the smallest
/// to the largest particle, with weight, first moment and number in whole numbers, which any number
/// of ranks adds to the same bits. Differences between bins are exact then; of those within one,
/// the mean is taken as that of evenly spread particles. So G is wrong by at most crps_error() =
/// 1/4 width sum of (weight of bin)^2 over bins of several particles: about 1e-5 of the standard
/// deviation of a Gaussian sample of any size.
///
/// The rank of the truth is the weight below it, spread over the gap that a particle of the same
/// effective size leaves: (below N_eff + u (equal N_eff + 1)) / (N_eff + 1), u uniform on (0, 1)
/// (Purpose::rank_ties at (0, cycle), index dof), in ranks() bins of equal width; for at most 99
/// particles of equal weights those are the ranks of RankHistogram.
///
/// O(N n / ranks + bins n) operations, messages of 3 bins for each dof.
class WeightedScores {
 public:
  static constexpr Index bins = 1024;
  static constexpr Index most_ranks = 100;

  /// Collective on `comm`. `owned` of the particles are this rank's, dealt in pairs.
  WeightedScores(MPI_Comm comm, Index particles, Range owned, Index dofs, std::uint64_t seed,
                 RankHistogram::Strides strides);

  /// The same bits on every rank and for any number of them. Adds the ranks of the truth to
  /// `ranks`, which has ranks() counts. Collective; allocates nothing.
  Scores evaluate(std::vector<std::int64_t>& ranks, const WeightedSample& sample, const Real* truth,
                  Index cycle);

  /// Bound on the error of the scores of the last call, mean over dofs.
  Real crps_error() const { return error_; }
  Index ranks() const;
  Real bytes() const;

 private:
  // Sums of a dof over all particles.
  enum Sum : Index { near, below, equal, sums };

  void sum_up(const WeightedSample& sample, const Real* truth);
  void find_limits(ConstRows mine);
  void count(const WeightedSample& sample, Index first, Index columns);
  Real difference(Index dof, Index column);

  MPI_Comm comm_;
  Index particles_, dofs_;
  std::uint64_t seed_;
  RankHistogram::Strides strides_;
  TreeSum tree_;
  std::vector<Real> totals_, limits_;  // limits: -smallest, then largest, of each dof
  std::vector<std::int64_t> counted_;  // a few dofs x bins x (weight, moment, number)
  Real error_ = 0;
};

}  // namespace starling::diagnostics
