// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/symmetric_eigen.hpp"

#include "core/error.hpp"
#include "linalg/products.hpp"
#include "linalg/reflection.hpp"
#include "linalg/simd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::linalg {
SymmetricEigen::SymmetricEigen(Index size)
    : size_(size),
      tridiagonal_(size),
      diagonal_(static_cast<std::size_t>(size)),
      vectors_(size, size),
      scaled_(size, size) {
  STARLING_ASSERT(size > 0);
}

void SymmetricEigen::solve(Matrix& a) {
  STARLING_ASSERT(a.rows() >= size_ && a.columns() >= size_);
  const Real unit = scale(a);
  tridiagonal_.reduce(a, size_);
  std::copy_n(tridiagonal_.diagonal(), size_, diagonal_.begin());
  accumulate(a);
  diagonalise();
  sort();
  for (Real& value : diagonal_) value *= unit;
}

// Squares of elements must neither overflow nor vanish; a power of two changes no bit of the
// result.
Real SymmetricEigen::scale(Matrix& a) {
  Real largest = 0;
  for (Index i = 0; i < size_; ++i)
    for (Index j = 0; j <= i; ++j) largest = std::max(largest, std::abs(a(i, j)));
  if (largest == 0 || (largest > 0x1p-300 && largest < 0x1p300)) return 1;
  int exponent = 0;
  std::frexp(largest, &exponent);
  exponent = std::clamp(exponent, -1000, 1000);
  for (Index i = 0; i < size_; ++i)
    for (Index j = 0; j < size_; ++j) a(i, j) = std::ldexp(a(i, j), -exponent);
  return std::ldexp(1.0, exponent);
}

// vectors_ = Q^T with A = Q (tridiagonal) Q^T, Q = H_{n-1} ... H_2; `q` is workspace.
void SymmetricEigen::accumulate(Matrix& q) {
  for (Index i = 0; i < size_; ++i) {
    std::fill_n(q.row(i), q.stride(), 0.0);
    q(i, i) = 1;
  }
  for (Index i = 2; i < size_; ++i)
    if (tridiagonal_.factor(i) != 0)
      reflect_rows(q.row(0), q.stride(), i, i, tridiagonal_.reflector(i), tridiagonal_.factor(i));
  constexpr Index square = 8;
  for (Index i0 = 0; i0 < size_; i0 += square)
    for (Index j0 = 0; j0 < size_; j0 += square)
      for (Index i = i0; i < std::min(i0 + square, size_); ++i)
        for (Index j = j0; j < std::min(j0 + square, size_); ++j) vectors_(i, j) = q(j, i);
}

// Implicit QL with Wilkinson's shift; each rotation of two columns of Q turns two rows of vectors_.
void SymmetricEigen::diagonalise() {
  using Limits = std::numeric_limits<Real>;
  constexpr int attempts = 60;
  const Real least = std::sqrt(least_square);
  const auto vanishes = [=](Real e, Real left, Real right) {
    return std::abs(e) <= Limits::epsilon() / 2 * (std::abs(left) + std::abs(right)) + least;
  };
  Real* d = diagonal_.data();
  Real* e = tridiagonal_.off_diagonal();
  const Index width = round_up(size_);
  for (Index l = 0; l < size_; ++l) {
    for (int attempt = 0;; ++attempt) {
      Index m = l;
      while (m + 1 < size_ && !vanishes(e[m], d[m], d[m + 1])) ++m;
      if (m == l) break;
      if (attempt == attempts)
        throw NumericalError(
            "an eigenvalue of a symmetric matrix is not found: its elements are "
            "not finite");
      const Real half = (d[l + 1] - d[l]) / (2 * e[l]);
      Real g = d[m] - d[l] + e[l] / (half + std::copysign(std::sqrt(half * half + 1), half));
      Real s = 1, c = 1, p = 0;
      Index i = m - 1;
      for (; i >= l; --i) {
        const Real f = s * e[i], b = c * e[i];
        const Real square = f * f + g * g;
        if (square < least_square) {
          e[i + 1] = 0;
          break;
        }
        const Real r = std::sqrt(square);
        e[i + 1] = r;
        const Real inverse = 1 / r;
        s = f * inverse;
        c = g * inverse;
        g = d[i + 1] - p;
        const Real t = (d[i] - g) * s + 2 * c * b;
        p = s * t;
        d[i + 1] = g + p;
        g = c * t - b;
        Real* lower = vectors_.row(i);
        Real* upper = vectors_.row(i + 1);
        for (Index j = 0; j < width; j += vector_width) {
          const Vector x = load(lower + j), y = load(upper + j);
          store(upper + j, s * x + c * y);
          store(lower + j, c * x - s * y);
        }
      }
      if (i >= l) {  // the matrix split there
        d[i + 1] -= p;
        e[m] = 0;
        continue;
      }
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

void SymmetricEigen::sort() {
  for (Index k = 0; k + 1 < size_; ++k) {
    const auto least = std::min_element(diagonal_.begin() + k, diagonal_.end()) - diagonal_.begin();
    if (least == k) continue;
    std::swap(diagonal_[k], diagonal_[least]);
    std::swap_ranges(vectors_.row(k), vectors_.row(k) + size_, vectors_.row(least));
  }
}

void SymmetricEigen::function(Matrix& out, const Real* f) {
  for (Index k = 0; k < size_; ++k)
    for (Index j = 0; j < size_; ++j) scaled_(k, j) = f[k] * vectors_(k, j);
  multiply({out.row(0), out.stride()}, {scaled_.row(0), 1, scaled_.stride()},
           {vectors_.row(0), vectors_.stride()}, size_, size_, size_);
}

}  // namespace starling::linalg
