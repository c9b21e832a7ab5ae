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

Array<Real**> random_rows(Index rows, Index width) {
  Array<Real**> block("rows", static_cast<std::size_t>(rows), static_cast<std::size_t>(width));
  Stream(3, Purpose::lyapunov, 0, 0).normals(block.data(), rows * width);
  return block;
}

// rows = R^T Q with R upper triangular: row i of the block has components along Q's rows up to i.
TEST(RowOrthonormalization, FactorsTheRowsWithAPositiveDiagonal) {
  for (const auto& [rows, width] : {std::pair{1, 1}, {1, 7}, {3, 3}, {5, 12}, {14, 128}}) {
    const auto before = random_rows(rows, width), q = random_rows(rows, width);
    std::vector<Real> diagonal(static_cast<std::size_t>(rows));
    RowOrthonormalization(rows, width).apply(diagonal.data(), q);
    for (Index i = 0; i < rows; ++i) {
      EXPECT_GT(diagonal[static_cast<std::size_t>(i)], 0);
      std::vector<Real> rest(static_cast<std::size_t>(width));
      for (Index j = 0; j < width; ++j) rest[static_cast<std::size_t>(j)] = before(i, j);
      for (Index k = 0; k < rows; ++k) {
        Real along = 0, overlap = 0;
        for (Index j = 0; j < width; ++j) {
          along += before(i, j) * q(k, j);
          overlap += q(i, j) * q(k, j);
        }
        EXPECT_NEAR(overlap, i == k ? 1 : 0, 1e-14);
        if (k >= i) {
          EXPECT_NEAR(along, k == i ? diagonal[static_cast<std::size_t>(i)] : 0, 1e-13);
        }
        for (Index j = 0; j < width; ++j) rest[static_cast<std::size_t>(j)] -= along * q(k, j);
      }
      for (const Real left : rest) EXPECT_NEAR(left, 0, 1e-13);
    }
  }
}

TEST(RowOrthonormalization, LeavesOrthonormalRowsAlone) {
  Array<Real**> rows("rows", 2, 4);
  rows(0, 2) = 1;
  rows(1, 0) = -1;
  Real diagonal[2] = {};
  RowOrthonormalization(2, 4).apply(diagonal, rows);
  EXPECT_EQ(diagonal[0], 1);
  EXPECT_EQ(diagonal[1], 1);
  EXPECT_NEAR(rows(0, 2), 1, 1e-15);
  EXPECT_NEAR(rows(1, 0), -1, 1e-15);
}

TEST(RowOrthonormalization, SaysThatARowDependsOnOthers) {
  auto rows = random_rows(3, 6);
  for (Index j = 0; j < 6; ++j) rows(2, j) = rows(0, j) - 2 * rows(1, j);
  Real diagonal[3] = {};
  RowOrthonormalization(3, 6).apply(diagonal, rows);
  EXPECT_NEAR(diagonal[2], 0, 1e-14);
}

TEST(RowOrthonormalization, RefusesMoreRowsThanTheyAreLongAndAllocatesNothing) {
  EXPECT_THROW(RowOrthonormalization(4, 3), InputError);
  auto rows = random_rows(8, 40);
  Real diagonal[8] = {};
  RowOrthonormalization qr(8, 40);
  qr.apply(diagonal, rows);
  const test_support::AllocationCounter counter;
  qr.apply(diagonal, rows);
  EXPECT_EQ(counter.count(), 0U);
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
