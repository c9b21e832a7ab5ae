// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/inverse_root.hpp"
#include "linalg/matrix.hpp"
#include "linalg/weight_root.hpp"

#include <vector>

namespace starling::filters {

/// What a local filter makes of the observations near a place: how columns there change. With N
/// members, S (observations x members) and d those of LocalObservations times the root of the
/// taper. Local; allocates nothing.
class LocalTransform {
 public:
  virtual ~LocalTransform() = default;
  /// Makes room for this many observations, or more; prepare needs it. Allocates.
  virtual void reserve(Index observations) = 0;
  /// `s` holds S in its first `count` rows, d is in its last column, s.columns() = N + 1. May
  /// destroy it.
  virtual void prepare(linalg::Matrix& s, Index count) = 0;
  /// x += change of the N members of one column, `anomalies` = x - x̄. Both have room for whole
  /// vectors.
  virtual void apply(Real* x, Real* anomalies) = 0;
  /// The same as a matrix: row k of `out` becomes the change that anomalies e_k would make, so that
  /// x += out^T anomalies. N times the cost of apply. `anomalies` is scratch as for apply.
  void weights(linalg::Matrix& out, Real* anomalies);
  /// About how many multiply-adds prepare and apply take for this many observations.
  virtual Index cost(Index count) const = 0;
  /// Of the room there is.
  virtual Real bytes() const = 0;
};

/// The ensemble transform Kalman filter with the symmetric root (hunt2007, eqs. 20-25): anomalies a
/// of a column become
///     a^T w + T a,   w = (S^T S + (N - 1) I)^-1 S^T d,   T = (I + S^T S / (N - 1))^-1/2.
/// One column needs products with two functions of a matrix and not the matrix of weights, so there
/// are no eigenvalues (linalg/inverse_root.hpp). With fewer observations p than members the matrix
/// is S S^T instead, by
///     T a - a = -S^T g(S S^T) S a   (scaled by N - 1),   g(A) = (I - (I + A)^-1/2) A^-1.
/// With q the lesser of N and p: N p q / 2 multiply-adds for the product, q^3 to reduce it, and
/// 2 q^2 + 2 N p (p < N) for each column.
///
/// Memory: q (2 q + N) numbers for the most observations there is room for.
///
/// The ESTKF (nerger2012) does the same in the N - 1 directions orthogonal to the mean.
class KalmanTransform : public LocalTransform {
 public:
  enum class Space { members, errors };
  KalmanTransform(Index members, Space space);
  void reserve(Index observations) override;
  void prepare(linalg::Matrix& s, Index count) override;
  void apply(Real* x, Real* anomalies) override;
  Index cost(Index count) const override;
  Real bytes() const override;

 private:
  void to_errors(Real* row) const;

  Index members_, dimension_, count_ = 0;
  linalg::Matrix* s_ = nullptr;
  linalg::InverseRoot root_;
  linalg::Matrix product_, transposed_;
  std::vector<Real> shift_, image_, rotated_;
};

/// The non-linear ensemble transform filter (toedter2015): mean and covariance of the posterior
/// that the likelihoods v_m of the members give as weights,
///     x̄ <- sum of v_m x_m,   anomalies <- sqrt(N) (diag(v) - v v^T)^1/2 anomalies.
/// 150 N^2 multiply-adds for each domain (linalg/weight_root.hpp), N^2 for each column.
class NonlinearTransform : public LocalTransform {
 public:
  explicit NonlinearTransform(Index members);
  void reserve(Index) override {}
  void prepare(linalg::Matrix& s, Index count) override;
  void apply(Real* x, Real* anomalies) override;
  Index cost(Index count) const override;
  Real bytes() const override;

 private:
  Index members_;
  linalg::WeightRoot root_;
  linalg::Matrix transform_;
  std::vector<Real> weight_;
};

}  // namespace starling::filters
