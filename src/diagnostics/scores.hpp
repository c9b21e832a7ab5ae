// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/tree_sum.hpp"
#include "core/types.hpp"
#include "diagnostics/strip.hpp"

#include <mpi.h>

#include <limits>

namespace starling::diagnostics {

/// Scores of an ensemble x_1..x_M against one truth y, over all dofs, in units of the field.
/// Everything but rmse and crps is NaN for one member.
struct Scores {
  Real rmse = 0;       ///< sqrt(mean over dofs of (ensemble mean - y)^2)
  Real spread = 0;     ///< sqrt(mean over dofs of the variance), with M - 1
  Real crps = 0;       ///< continuous ranked probability score of the empirical distribution
  Real fair_crps = 0;  ///< its value for M -> infinity, without bias for exchangeable members
  Real almost_fair_crps = 0;  ///< lang2024 with alpha = 0.95
};

/// Where there is no truth.
inline constexpr Scores no_scores{
    std::numeric_limits<Real>::quiet_NaN(), std::numeric_limits<Real>::quiet_NaN(),
    std::numeric_limits<Real>::quiet_NaN(), std::numeric_limits<Real>::quiet_NaN(),
    std::numeric_limits<Real>::quiet_NaN()};

/// Scores of an ensemble that is dealt to ranks by columns.
///
/// With A = sum_j |x_j - y| and B = sum_{j<k} |x_j - x_k| of a dof (gneiting2007; ferro2014;
/// lang2024),
///     crps             = A / M - B / M^2
///     fair_crps        = A / M - B / (M (M - 1))
///     almost_fair_crps = A / M - (1 - eps) B / (M (M - 1)),   eps = (1 - alpha) / M,
/// so alpha = 0 is crps and alpha = 1 is fair_crps. All forms are exact for a y outside the
/// ensemble. B comes from the order statistics, B = sum_k (2 k - M - 1) x_(k), added as differences
/// of x_(M+1-k) and x_(k), which are all positive.
class EnsembleScores {
 public:
  static constexpr Real alpha = 0.95;

  /// Collective on `members`. `my_columns` of `all_columns` are this rank's, in whole blocks of
  /// dof_block (see deal()). Where the ranks of `space` share members, each has such columns of its
  /// part, and all_columns are those of all parts; evaluate() is collective on both.
  EnsembleScores(MPI_Comm members, Index ensemble_size, Range my_columns, Index all_columns,
                 MPI_Comm space = MPI_COMM_SELF);

  /// Scores over the columns of all ranks, the same bits on every rank and for any number of them.
  /// `ensemble` is all members x my columns, which may be the first of more, `truth` my columns.
  /// Collective; allocates nothing.
  Scores evaluate(ConstRows ensemble, const Real* truth);

 private:
  void add_strip(Real* sums, const Lanes& truth);

  Index size_, my_columns_, all_columns_;
  Strip strip_;
  TreeSum sums_;
};

}  // namespace starling::diagnostics
