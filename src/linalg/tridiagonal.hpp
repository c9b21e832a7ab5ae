// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/matrix.hpp"

#include <vector>

namespace starling::linalg {

/// A = Q T Q^T for small symmetric matrices, T tridiagonal, by Householder's reflections
/// (wilkinson1971, II/2): what eigenvalues need, and, without them, functions of A times a few
/// vectors (linalg/inverse_root.hpp). About n^3 multiply-adds, over whole vectors.
///
/// No communication; nothing is allocated after construction.
class Tridiagonal {
 public:
  /// For matrices of up to `capacity` rows.
  explicit Tridiagonal(Index capacity);

  /// Destroys `a`, of which only the first `size` rows and columns are read. Elements must be so
  /// small that their squares do not overflow.
  void reduce(Matrix& a, Index size);

  Index size() const { return size_; }
  /// T(i, i), and T(i, i + 1) = T(i + 1, i) with a zero behind the last.
  Real* diagonal() { return diagonal_.data(); }
  const Real* diagonal() const { return diagonal_.data(); }
  Real* off_diagonal() { return off_diagonal_.data(); }
  const Real* off_diagonal() const { return off_diagonal_.data(); }

  /// Q = H_{n-1} ... H_2, H_i = I - factor(i) v v^T with v = reflector(i) of i elements, the i
  /// first.
  const Real* reflector(Index i) const { return reflectors_.row(i); }
  Real factor(Index i) const { return factor_[static_cast<std::size_t>(i)]; }

  /// x = Q^T x and x = Q x. `x` has room for whole vectors (linalg/simd.hpp), which hold numbers.
  void into_basis(Real* x) const;
  void out_of_basis(Real* x) const;

 private:
  Real reflect(Index i, const Real* row);
  void reflect_vector(Index i, Real* x) const;

  Index size_ = 0;
  std::vector<Real> diagonal_, off_diagonal_, factor_, update_;
  Matrix reflectors_;
};

}  // namespace starling::linalg
