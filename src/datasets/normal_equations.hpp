// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/matrix.hpp"

#include <mpi.h>

#include <vector>

namespace starling::datasets {

/// Ridge regression of several targets on features by normal equations that ranks add up:
///
///     W = (X^T X + lambda d I)^-1 X^T Y,   d the mean of the diagonal of X^T X.
///
/// Samples come in any number, one row each; nothing of them is kept but the sums, in double.
class NormalEquations {
 public:
  NormalEquations(Index features, Index targets);

  Index features() const { return features_; }
  Index targets() const { return targets_; }
  /// Adds `count` samples: count x features, count x targets, row by row.
  void add(const Real* features, const Real* targets, Index count);
  /// The sums of all ranks, on all. Collective; once, after the last add().
  void finish(MPI_Comm comm);
  /// targets x features. Throws NumericalError if the sums are not finite.
  std::vector<Real> solve(Real lambda) const;

 private:
  void add_held();

  Index features_, targets_;
  Index held_ = 0;  // samples in rows_
  linalg::Matrix rows_, sum_, partial_;
  std::vector<Real> moments_;  // X^T Y, targets x features
};

}  // namespace starling::datasets
