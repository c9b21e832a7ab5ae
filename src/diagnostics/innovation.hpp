// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/tree_sum.hpp"
#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::diagnostics {

/// How the innovations d = y - mean(H x) of one analysis compare with what the ensemble and the
/// observation errors predict, E[d d^T] = H P H^T + R (desroziers2005). Sums over the
/// observations of this time, p of them; P with M - 1.
struct Innovation {
  Real mean = 0;        ///< <d>: bias [units of the observations]
  Real variance = 0;    ///< <d^2> - <d>^2
  Real expected = 0;    ///< <(H P H^T + R)_ii>
  Real ratio = 0;       ///< <d^2> / expected: above 1, too little spread
  Real chi_square = 0;  ///< <d^2 / (H P H^T + R)_ii>: 1 if consistent, for errors of any mixture
};

/// Innovation statistics of an observed ensemble that deal() deals to ranks by observations, in
/// whole blocks of `block`. The number of observations may change from call to call.
class InnovationStatistics {
 public:
  /// For up to `max_observations` of all ranks. Collective on `members`.
  InnovationStatistics(MPI_Comm members, Index ensemble_size, Index max_observations, Index block);

  /// `observed` is all members x my observations, `value` and `variance` are mine; `observations`
  /// counts all ranks'. NaN without observations; with one member P is taken as 0. The same bits on
  /// every rank and for any number of them. Collective; allocates nothing.
  Innovation evaluate(ConstRows observed, const Real* value, const Real* variance,
                      Index observations);
  /// The same where the background is a mean and a standard deviation for each of my observations.
  Innovation evaluate(const Real* mean, const Real* deviation, const Real* value,
                      const Real* variance, Index observations);

 private:
  void deal_blocks(Index observations);
  void add_block(const Real* value, const Real* variance, Index count);
  Innovation finish(Index observations);

  MPI_Comm comm_;
  Index size_, block_, observations_;
  TreeSum sums_;
  std::vector<Real> mean_, squares_;
};

}  // namespace starling::diagnostics
