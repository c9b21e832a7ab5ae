// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/products.hpp"
#include "linalg/random_matrix.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace starling::linalg {
namespace {

// sum over k of a(i, k) b(k, j) in more digits, and of the magnitudes.
struct Exact {
  Real value, size;
};
Exact exact(const Matrix& a, const Matrix& b, Index i, Index j) {
  long double value = 0, size = 0;
  for (Index k = 0; k < a.columns(); ++k) {
    const long double term = static_cast<long double>(a(i, k)) * b(k, j);
    value += term;
    size += std::abs(term);
  }
  return {static_cast<Real>(value), static_cast<Real>(size)};
}

constexpr Real epsilon = std::numeric_limits<Real>::epsilon();

TEST(Products, AreRightForAnyShape) {
  for (const Index rows : {1, 2, 3, 5, 6, 7, 8, 9, 13, 17})
    for (const Index columns : {1, 3, 4, 8, 15, 16, 17, 24, 25, 33, 50})
      for (const Index terms : {0, 1, 2, 10, 37}) {
        const Matrix a = random_matrix(rows, terms, 1), b = random_matrix(terms, columns, 2);
        Matrix out = random_matrix(rows, columns, 3), sum = random_matrix(rows, columns, 3);
        multiply({out.row(0), out.stride()}, {a.row(0), a.stride(), 1}, {b.row(0), b.stride()},
                 rows, columns, terms);
        add_product({sum.row(0), sum.stride()}, {a.row(0), a.stride(), 1}, {b.row(0), b.stride()},
                    rows, columns, terms);
        const Matrix before = random_matrix(rows, columns, 3);
        for (Index i = 0; i < rows; ++i)
          for (Index j = 0; j < columns; ++j) {
            const auto [value, size] = exact(a, b, i, j);
            const Real tolerance = static_cast<Real>(terms + 1) * epsilon * (size + 4);
            EXPECT_NEAR(out(i, j), value, tolerance) << rows << ' ' << columns << ' ' << terms;
            EXPECT_NEAR(sum(i, j), before(i, j) + value, tolerance);
          }
      }
}

TEST(Products, TakeATransposedLeftFactor) {
  const Index rows = 11, columns = 19, terms = 23;
  const Matrix a = random_matrix(rows, terms, 1), b = random_matrix(terms, columns, 2);
  Matrix transposed(terms, rows), one(rows, columns), other(rows, columns);
  for (Index i = 0; i < rows; ++i)
    for (Index k = 0; k < terms; ++k) transposed(k, i) = a(i, k);
  multiply({one.row(0), one.stride()}, {a.row(0), a.stride(), 1}, {b.row(0), b.stride()}, rows,
           columns, terms);
  multiply({other.row(0), other.stride()}, {transposed.row(0), 1, transposed.stride()},
           {b.row(0), b.stride()}, rows, columns, terms);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) EXPECT_EQ(one(i, j), other(i, j));
}

TEST(Products, GramIsTheLowerTriangleOfTheProduct) {
  for (const Index rows : {1, 5, 8, 9, 28, 41}) {
    const Matrix b = random_matrix(37, rows, 4);
    Matrix triangle(rows, rows), whole(rows, rows);
    gram({triangle.row(0), triangle.stride()}, {b.row(0), b.stride()}, rows, 37);
    multiply({whole.row(0), whole.stride()}, {b.row(0), 1, b.stride()}, {b.row(0), b.stride()},
             rows, rows, 37);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j <= i; ++j) EXPECT_EQ(triangle(i, j), whole(i, j));
  }
}

Array<Real**> random_block(Index rows, Index columns) {
  Array<Real**> block("block", static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
  Stream(9, Purpose::initial_perturbation, 0, 0).normals(block.data(), rows * columns);
  return block;
}

TEST(RowCombination, CombinesRowsInPlaceAndIntoFewer) {
  for (const Index rows : {1, 2, 7, 8, 28, 50})
    for (const Index columns : {1, 5, 8, 40, 71, 128, 1000}) {
      const auto before = random_block(rows, columns), block = random_block(rows, columns),
                 changed = random_block(rows, columns);
      const Matrix w = random_matrix(rows, rows, 8);
      RowCombination combination(rows);
      combination.assign(block, w, block);
      combination.add(changed, w);
      const Index few = (rows + 1) / 2;
      Matrix first(few, rows);
      for (Index i = 0; i < few; ++i)
        for (Index k = 0; k < rows; ++k) first(i, k) = w(i, k);
      const auto part = random_block(few, columns);
      combination.assign(part, first, before);
      for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < columns; ++j) {
          Real value = 0, size = 0;
          for (Index k = 0; k < rows; ++k) {
            value += w(i, k) * before(k, j);
            size += std::abs(w(i, k) * before(k, j));
          }
          const Real tolerance = 2 * static_cast<Real>(rows) * epsilon * (size + 4);
          EXPECT_NEAR(block(i, j), value, tolerance) << rows << ' ' << columns;
          EXPECT_NEAR(changed(i, j), before(i, j) + value, tolerance);
          if (i < few) {
            EXPECT_EQ(part(i, j), block(i, j));
          }
        }
    }
}

// What ranks rely on: the columns of a part come out as they do in the whole.
TEST(RowCombination, GivesAColumnTheSameBitsInAnyBlock) {
  const Index rows = 28, columns = 200;
  const Matrix w = random_matrix(rows, rows, 8);
  RowCombination combination(rows);
  const auto before = random_block(rows, columns);
  for (const bool keep : {false, true}) {
    const auto whole = random_block(rows, columns);
    if (keep)
      combination.add(whole, w);
    else
      combination.assign(whole, w, whole);
    for (const Index begin : {0, 1, 8, 33, 96, 199})
      for (const Index width : {1, 3, 8, 24, 40, 71, 104}) {
        if (begin + width > columns) continue;
        Array<Real**> part("part", static_cast<std::size_t>(rows), static_cast<std::size_t>(width));
        for (Index i = 0; i < rows; ++i)
          for (Index j = 0; j < width; ++j) part(i, j) = before(i, begin + j);
        if (keep)
          combination.add(part, w);
        else
          combination.assign(part, w, part);
        for (Index i = 0; i < rows; ++i)
          for (Index j = 0; j < width; ++j) EXPECT_EQ(part(i, j), whole(i, begin + j));
      }
  }
}

TEST(RowCombination, AddsNothingForZeroWeights) {
  const auto block = random_block(12, 45), before = random_block(12, 45);
  RowCombination combination(12);
  combination.add(block, Matrix(12, 12));
  for (Index i = 0; i < 12; ++i)
    for (Index j = 0; j < 45; ++j) EXPECT_EQ(block(i, j), before(i, j));
}

TEST(RowCombination, AllocatesNothing) {
  const auto block = random_block(12, 45);
  const Matrix w = random_matrix(12, 12, 8);
  RowCombination combination(12);
  const test_support::AllocationCounter counter;
  combination.add(block, w);
  combination.assign(block, w, block);
  EXPECT_EQ(counter.count(), 0U);
}

}  // namespace
}  // namespace starling::linalg
