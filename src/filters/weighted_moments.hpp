// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/tree_sum.hpp"
#include "core/types.hpp"
#include "linalg/matrix.hpp"

#include <mpi.h>

#include <vector>

namespace starling::filters {

/// Moments of weighted particles x_i that are dealt to ranks, with weights w_i that sum to 1:
///     mean     = sum of w_i x_i
///     variance = sum of w_i (x_i - mean)^2 / (1 - sum of w_i^2),
/// without bias, and over N - 1 where the weights are equal. Where one particle has all the weight
/// (1 - sum of w_i^2 < 1e-10) the variance is 0. Every rank has the whole result; the same bits for
/// any number of ranks. Allocates nothing after construction.
class WeightedMoments {
 public:
  /// For rows of up to `width` values. Collective on `comm`.
  WeightedMoments(MPI_Comm comm, Range owned, Index width);

  /// mean[width], variance[width] of `mine` x `weights`; `effective_size` is 1 / sum of w_i^2.
  /// Collective.
  void evaluate(Real* mean, Real* variance, ConstRows mine, const Real* weights,
                Real effective_size);

 private:
  Index count_, width_;
  TreeSum sums_;
  std::vector<Real> result_;
};

/// The covariance, in the same sense, of (x_i, y_i), where x and y are two blocks of rows; y may be
/// of width 0. Where one particle has all the weight, that of equal weights: a kernel needs a
/// width. O(N (n + p)^2 / ranks) operations for widths n and p, and messages of (n + p)^2 log N.
class WeightedCovariance {
 public:
  /// For x of `width` values and y of up to `other`. Collective on `comm`.
  WeightedCovariance(MPI_Comm comm, Index particles, Range owned, Index width, Index other = 0);

  /// out((width + other) x (width + other)), symmetric; larger `out` is not touched beyond.
  /// Collective; allocates nothing.
  void evaluate(linalg::Matrix& out, ConstRows x, ConstRows y, const Real* weights,
                Real effective_size);

  Real bytes() const;

 private:
  Index particles_, count_, width_, most_;
  TreeSum means_, products_;
  std::vector<Real> mean_, sums_, anomaly_;
};

}  // namespace starling::filters
