// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "linalg/random_matrix.hpp"
#include "linalg/symmetric_eigen.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>
#include <lapacke.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace starling::linalg {
namespace {

Real largest(const Matrix& a) {
  Real m = 0;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.columns(); ++j) m = std::max(m, std::abs(a(i, j)));
  return m;
}

std::vector<Real> lapack_values(const Matrix& a) {
  std::vector<Real> values(static_cast<std::size_t>(a.rows()));
  Matrix work = a;
  LAPACKE_dsyevd(LAPACK_ROW_MAJOR, 'N', 'L', static_cast<lapack_int>(a.rows()), work.row(0),
                 static_cast<lapack_int>(work.stride()), values.data());
  return values;
}

// A v = l v, orthonormal v, ascending l that are LAPACK's: all to rounding of the largest element.
void expect_decomposition(const Matrix& a) {
  const Index n = a.rows();
  Matrix work = a;
  SymmetricEigen eigen(n);
  eigen.solve(work);
  const Real rounding = 8 * static_cast<Real>(n) * std::numeric_limits<Real>::epsilon();
  const Real tolerance = rounding * static_cast<Real>(n) * largest(a);
  const auto expected = lapack_values(a);
  const Matrix& v = eigen.vectors();
  for (Index k = 0; k < n; ++k) {
    EXPECT_NEAR(eigen.values()[k], expected[static_cast<std::size_t>(k)], tolerance);
    if (k > 0) {
      EXPECT_LE(eigen.values()[k - 1], eigen.values()[k]);
    }
    for (Index i = 0; i < n; ++i) {
      Real image = 0, overlap = 0;
      for (Index j = 0; j < n; ++j) {
        image += a(i, j) * v(k, j);
        overlap += v(i, j) * v(k, j);
      }
      EXPECT_NEAR(image, eigen.values()[k] * v(k, i), tolerance) << "size " << n;
      EXPECT_NEAR(overlap, i == k ? 1 : 0, rounding) << "size " << n;
    }
  }
}

TEST(SymmetricEigen, DecomposesRandomMatricesOfAnySize) {
  for (const Index n : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 28, 31, 33, 40, 50, 64, 100, 130})
    expect_decomposition(random_gram(n, n + 3, static_cast<std::uint64_t>(n)));
}

TEST(SymmetricEigen, DecomposesIndefiniteMatrices) {
  for (const Index n : {2, 6, 23, 40}) {
    Matrix a = random_matrix(n, n, 5);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < i; ++j) a(j, i) = a(i, j);
    expect_decomposition(a);
  }
}

TEST(SymmetricEigen, DecomposesWhereEigenvaluesCoincide) {
  for (const Index n : {2, 8, 20, 28}) {
    expect_decomposition(Matrix(n, n));
    expect_decomposition(random_gram(n, 1, 1));
    expect_decomposition(random_gram(n, n / 2, 2));
    Matrix identity(n, n), ones(n, n), exchange(n, n), diagonal(n, n);
    for (Index i = 0; i < n; ++i) {
      identity(i, i) = 1;
      exchange(i, n - 1 - i) = 1;
      diagonal(i, i) = static_cast<Real>((5 * i) % n);
      for (Index j = 0; j < n; ++j) ones(i, j) = 1;
    }
    expect_decomposition(identity);
    expect_decomposition(exchange);
    expect_decomposition(diagonal);
    expect_decomposition(ones);
  }
}

TEST(SymmetricEigen, DecomposesGradedMatrices) {
  for (const Real ratio : {1e-2, 1e2}) {
    const Index n = 12;
    Matrix a = random_gram(n, n, 3);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        a(i, j) *= std::pow(ratio, static_cast<Real>(i)) * std::pow(ratio, static_cast<Real>(j));
    expect_decomposition(a);
  }
}

// The second difference with fixed ends has eigenvalues 2 - 2 cos(pi k / (n + 1)).
TEST(SymmetricEigen, FindsTheSpectrumOfTheSecondDifference) {
  const Index n = 30;
  Matrix a(n, n);
  for (Index i = 0; i < n; ++i) {
    a(i, i) = 2;
    if (i > 0) a(i, i - 1) = a(i - 1, i) = -1;
  }
  SymmetricEigen eigen(n);
  eigen.solve(a);
  for (Index k = 0; k < n; ++k)
    EXPECT_NEAR(
        eigen.values()[k],
        2 - 2 * std::cos(std::numbers::pi * static_cast<Real>(k + 1) / static_cast<Real>(n + 1)),
        1e-14);
}

TEST(SymmetricEigen, TakesHugeAndTinyElements) {
  for (const Real size : {1e-290, 1e-200, 1e200, 1e300}) {
    Matrix a = random_gram(9, 9, 4);
    const auto expected = lapack_values(a);
    for (Index i = 0; i < 9; ++i)
      for (Index j = 0; j < 9; ++j) a(i, j) *= size;
    SymmetricEigen eigen(9);
    eigen.solve(a);
    for (Index k = 0; k < 9; ++k)
      EXPECT_NEAR(eigen.values()[k] / size, expected[static_cast<std::size_t>(k)], 1e-12) << size;
  }
}

// Each reflection leaves rounding errors of the one before, 1e-16 times as large, until their
// squares vanish. The vector is rounding errors of a mean over equal members.
TEST(SymmetricEigen, TakesALargeMatrixOfRankOne) {
  const std::vector<Real> x = {2,  1,     2,   2,  2,  2,  2,  2,  2,    2,  0,   1,  2,
                               4,  2,     4,   2,  2,  2,  2,  -8, -16,  -2, -16, 0,  -16,
                               -4, 32,    -16, 16, -8, 0,  16, -8, -.5,  -2, -8,  -8, 4,
                               -8, .0625, -8,  8,  0,  -4, 16, 16, -.25, 0,  0};
  const auto n = static_cast<Index>(x.size());
  for (int divisor = 1; divisor < 60; ++divisor) {
    Matrix a(n, n);
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        a(i, j) =
            x[static_cast<std::size_t>(i)] * x[static_cast<std::size_t>(j)] * (0x1p-106 / divisor);
    expect_decomposition(a);
  }
}

TEST(SymmetricEigen, EndsForElementsThatAreNotFinite) {
  for (const Real bad :
       {std::numeric_limits<Real>::quiet_NaN(), std::numeric_limits<Real>::infinity()}) {
    Matrix a = random_gram(6, 6, 4);
    a(3, 1) = a(1, 3) = bad;
    SymmetricEigen eigen(6);
    EXPECT_THROW(eigen.solve(a), NumericalError);
  }
}

TEST(SymmetricEigen, GivesFunctionsOfTheMatrix) {
  const Index n = 11;
  const Matrix a = random_gram(n, 2 * n, 6);
  Matrix work = a, root(n, n);
  SymmetricEigen eigen(n);
  eigen.solve(work);
  std::vector<Real> f(static_cast<std::size_t>(n));
  for (Index k = 0; k < n; ++k) f[static_cast<std::size_t>(k)] = std::sqrt(eigen.values()[k]);
  eigen.function(root, f.data());
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      Real square = 0;
      for (Index k = 0; k < n; ++k) square += root(i, k) * root(k, j);
      EXPECT_NEAR(square, a(i, j), 1e-12 * largest(a));
    }
}

TEST(SymmetricEigen, IsTheSameInALargerMatrixAndAllocatesNothing) {
  const Index n = 21;
  Matrix a = random_gram(n, n, 7), larger(n + 5, n + 2);
  for (Index i = 0; i < larger.rows(); ++i)
    for (Index j = 0; j < larger.columns(); ++j) larger(i, j) = i < n && j < n ? a(i, j) : 99;
  SymmetricEigen one(n), other(n);
  const test_support::AllocationCounter counter;
  one.solve(a);
  other.solve(larger);
  EXPECT_EQ(counter.count(), 0U);
  for (Index k = 0; k < n; ++k) {
    EXPECT_EQ(one.values()[k], other.values()[k]);
    for (Index j = 0; j < n; ++j) EXPECT_EQ(one.vectors()(k, j), other.vectors()(k, j));
  }
}

}  // namespace
}  // namespace starling::linalg
