// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/matrix.hpp"

#include <vector>

namespace starling::linalg {

/// The symmetric root of C = diag(v) - v v^T for weights v >= 0 that sum to 1: the covariance of
/// members with these weights. The root of an eigenvalue that is 0 up to rounding would be wrong by
/// 1e-8. With
///     C^1/2 = (2/pi) int_0^inf C (C + s^2)^-1 ds
/// and (C + s^2)^-1 by Sherman and Morrison there are no eigenvalues: for i != j
///     (C^1/2)_ij = -(2/pi) int_0^inf g_i g_j / (g_1 + ... + g_n) ds,   g_i = v_i / (v_i + s^2),
/// a sum of positive terms, and rows of C^1/2 sum to 0. In s = e^t the trapezoidal rule with step h
/// is wrong by exp(-pi^2 / h), the distance of the poles from the real line being pi / 2
/// (trefethen2014). Every element is right to a few rounding errors of the largest.
///
/// 305 n^2 / 2 multiply-adds. No communication; compute allocates nothing.
class WeightRoot {
 public:
  explicit WeightRoot(Index size);

  /// out = C^1/2.
  void compute(Matrix& out, const Real* v);

 private:
  Index size_;
  std::vector<Real> node_;  // s
  Matrix terms_;
};

}  // namespace starling::linalg
