// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "linalg/dense.hpp"
#include "linalg/random_matrix.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace starling::linalg {
namespace {

TEST(Solve, FindsTheVectorThatWasMultiplied) {
  for (const Index n : {1, 2, 5, 8, 31}) {
    Matrix a = random_matrix(n, n, 1);
    std::vector<Real> x(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) x[static_cast<std::size_t>(i)] += a(i, j) * std::cos(1.0 * j);
    solve(x.data(), a);
    for (Index j = 0; j < n; ++j)
      EXPECT_NEAR(x[static_cast<std::size_t>(j)], std::cos(1.0 * j), 1e-11);
  }
}

TEST(Solve, RefusesASingularMatrix) {
  Matrix a(3, 3);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) a(i, j) = 1;
  Real x[3] = {1, 2, 3};
  EXPECT_THROW(solve(x, a), NumericalError);
}

TEST(DivideByPositive, UndoesAProduct) {
  for (const Index n : {1, 4, 9, 40}) {
    Matrix a = random_gram(n, 2 * n, 2);
    for (Index i = 0; i < n; ++i) a(i, i) += 1;
    const Matrix x = random_matrix(n + 3, n, 3);
    Matrix product(n + 3, n);
    for (Index i = 0; i < n + 3; ++i)
      for (Index j = 0; j < n; ++j)
        for (Index k = 0; k < n; ++k) product(i, j) += x(i, k) * a(k, j);
    const test_support::AllocationCounter counter;
    divide_by_positive(product, a);
    EXPECT_EQ(counter.count(), 0U) << n;
    for (Index i = 0; i < n + 3; ++i)
      for (Index j = 0; j < n; ++j) EXPECT_NEAR(product(i, j), x(i, j), 1e-11);
  }
}

TEST(DivideByPositive, RefusesAnIndefiniteMatrix) {
  Matrix a(2, 2), x(1, 2);
  a(0, 1) = a(1, 0) = 1;
  EXPECT_THROW(divide_by_positive(x, a), NumericalError);
}

TEST(SingularValues, RebuildTheMatrix) {
  for (const auto& [rows, columns] : {std::pair{4, 9}, {9, 4}, {6, 6}}) {
    const Matrix a = random_matrix(rows, columns, 5);
    const Index smaller = std::min(rows, columns);
    Matrix work = random_matrix(rows, columns, 5), left(rows, smaller), right(smaller, columns);
    std::vector<Real> values(static_cast<std::size_t>(smaller));
    singular_values(values.data(), left, right, work);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < columns; ++j) {
        Real sum = 0;
        for (Index k = 0; k < smaller; ++k)
          sum += left(i, k) * values[static_cast<std::size_t>(k)] * right(k, j);
        EXPECT_NEAR(sum, a(i, j), 1e-13);
      }
  }
}

}  // namespace
}  // namespace starling::linalg
