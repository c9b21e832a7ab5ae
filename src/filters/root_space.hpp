// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/tree_sum.hpp"
#include "core/types.hpp"
#include "filters/entry.hpp"
#include "linalg/matrix.hpp"

#include <vector>

namespace starling::filters {

/// What the observations say in the space of the square root of a covariance, P = sum over k of
/// s_k s_k^T: with Y_k the observed image of s_k, y the observations, h that of the mean and R the
/// diagonal error covariance,
///     S_ki = Y_ki / sqrt(R_ii),    d_i = (y_i - h_i) / sqrt(R_ii),
/// the products S S^T and S d. The Kalman gain is K = s^T (S S^T + I)^-1 S R^-1/2. Sums over
/// observations are in an order that does not depend on the ranks. Cost: p rank^2 / ranks.
class RootSpace {
 public:
  /// Collective on the context's communicator.
  RootSpace(const FilterContext& context, Index rank);

  /// Computes the products. Collective; allocates nothing. Throws NumericalError, the same on every
  /// rank, if a member, the observed image or the observations are not finite.
  void project(const Analysis& analysis, const Real* observed_mean, ConstRows observed_roots);

  Index rank() const { return rank_; }
  /// S S^T, in the first rank() rows and columns.
  const linalg::Matrix& gram() const { return products_; }
  /// S d.
  const Real* innovation() const { return products_.row(rank_); }
  Real bytes() const;

 private:
  void whiten(const Analysis& analysis, const Real* observed_mean, ConstRows roots, Index first,
              Index count);

  MPI_Comm comm_;
  Index rank_;
  linalg::Matrix anomalies_;  // observation_block x rank: S^T of one block
  linalg::Matrix products_;   // rows S S^T, then S d
  TreeSum sum_;
  std::vector<Real> innovation_;
};

}  // namespace starling::filters
