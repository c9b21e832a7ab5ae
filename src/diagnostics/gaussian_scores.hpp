// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/tree_sum.hpp"
#include "core/types.hpp"
#include "diagnostics/scores.hpp"

#include <mpi.h>

namespace starling::diagnostics {

/// CRPS of a normal distribution against y (gneiting2005, eq. 5): with z = (y - mean) / deviation,
///     deviation (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)),
/// |y - mean| where the deviation is 0.
Real gaussian_crps(Real mean, Real deviation, Real y);

/// P(X <= y) of a normal distribution: its probability integral transform, uniform on (0, 1) if y
/// is drawn from it. One half where the deviation is 0 and y the mean.
Real gaussian_probability(Real mean, Real deviation, Real y);

/// Scores of a mean and a standard deviation for each dof against one truth, over all dofs; the
/// three forms of CRPS are one, as for an ensemble without end.
class GaussianScores {
 public:
  /// Collective on `members`. `my_columns` of `all_columns` are this rank's, in whole blocks of
  /// dof_block.
  GaussianScores(MPI_Comm members, Range my_columns, Index all_columns);

  /// Arguments are my columns. The same bits on every rank and for any number of them. Collective;
  /// allocates nothing.
  Scores evaluate(const Real* mean, const Real* deviation, const Real* truth);

 private:
  Index my_columns_, all_columns_;
  TreeSum sums_;
};

}  // namespace starling::diagnostics
