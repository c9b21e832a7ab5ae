// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/matrix.hpp"
#include "linalg/random_rotation.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace starling::linalg {
namespace {

Matrix rotation(Index n, std::uint64_t cycle) {
  Matrix q(n, n);
  for (Index i = 0; i < n; ++i) q(i, i) = 1;
  RandomRotation(n).rotate(q, Stream(1, Purpose::rotation, 0, cycle));
  return q;
}

// Q seen on the directions orthogonal to the mean, in Helmert's orthonormal basis
// h_a ~ (1, ..., 1, -a, 0, ...), a = 1 .. n - 1.
Matrix on_anomalies(const Matrix& q) {
  const Index n = q.rows();
  Matrix h(n - 1, n), out(n - 1, n - 1);
  for (Index a = 1; a < n; ++a) {
    const Real norm = std::sqrt(static_cast<Real>(a * (a + 1)));
    for (Index j = 0; j < a; ++j) h(a - 1, j) = 1 / norm;
    h(a - 1, a) = -static_cast<Real>(a) / norm;
  }
  for (Index a = 0; a + 1 < n; ++a)
    for (Index b = 0; b + 1 < n; ++b)
      for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j) out(a, b) += h(a, i) * q(i, j) * h(b, j);
  return out;
}

TEST(RandomRotation, IsOrthogonalAndKeepsTheMean) {
  for (const Index n : {1, 2, 3, 5, 8, 20, 28, 50, 65}) {
    const Matrix q = rotation(n, 3);
    for (Index i = 0; i < n; ++i) {
      Real row = 0, column = 0;
      for (Index j = 0; j < n; ++j) {
        row += q(i, j);
        column += q(j, i);
        Real product = 0;
        for (Index k = 0; k < n; ++k) product += q(i, k) * q(j, k);
        EXPECT_NEAR(product, i == j ? 1 : 0, 1e-13) << "size " << n;
      }
      EXPECT_NEAR(row, 1, 1e-13) << "size " << n;
      EXPECT_NEAR(column, 1, 1e-13) << "size " << n;
    }
  }
}

TEST(RandomRotation, RotatesARectangleAsItDoesTheIdentity) {
  const Index n = 9, columns = 5;
  const Matrix q = rotation(n, 4);
  Matrix a(n, columns), rotated(n, columns);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < columns; ++j) rotated(i, j) = a(i, j) = std::sin(7.0 * i + 3.0 * j);
  RandomRotation(n).rotate(rotated, Stream(1, Purpose::rotation, 0, 4));
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < columns; ++j) {
      Real expected = 0;
      for (Index k = 0; k < n; ++k) expected += q(i, k) * a(k, j);
      EXPECT_NEAR(rotated(i, j), expected, 1e-14);
    }
}

TEST(RandomRotation, IsAFunctionOfItsStream) {
  RandomRotation rotations(12);
  Matrix one(12, 12), again(12, 12);
  for (Index i = 0; i < 12; ++i) one(i, i) = again(i, i) = 1;
  rotations.rotate(one, Stream(1, Purpose::rotation, 0, 5));
  rotations.rotate(again, Stream(1, Purpose::rotation, 0, 5));
  const Matrix other = rotation(12, 6);
  Real difference = 0;
  for (Index i = 0; i < 12; ++i)
    for (Index j = 0; j < 12; ++j) {
      EXPECT_EQ(one(i, j), again(i, j));
      difference += std::abs(one(i, j) - other(i, j));
    }
  EXPECT_GT(difference, 1);
}

// With two members there are the identity and the exchange, equally likely.
TEST(RandomRotation, OfTwoMembersExchangesThemHalfOfTheTime) {
  constexpr int draws = 10000;
  int exchanged = 0;
  for (int cycle = 0; cycle < draws; ++cycle)
    if (rotation(2, static_cast<std::uint64_t>(cycle))(0, 0) < 0.5) ++exchanged;
  EXPECT_NEAR(exchanged, draws / 2.0, 5 * std::sqrt(draws / 4.0));
}

// Moments of Haar's measure on the orthogonal group of m dimensions (collins2006): E q = 0,
// E q_ab^2 = 1 / m, E q_ab^4 = 3 / (m (m + 2)), E q_11^2 q_22^2 = (m + 1) / ((m - 1) m (m + 2)),
// E q_11 q_22 q_12 q_21 = -1 / ((m - 1) m (m + 2)), E det = 0.
TEST(RandomRotation, HasTheMomentsOfHaar) {
  constexpr int draws = 40000;
  const Index n = 4, m = n - 1;
  Matrix first(m, m), second(m, m), fourth(m, m);
  Real apart = 0, crossed = 0, determinant = 0;
  for (int cycle = 0; cycle < draws; ++cycle) {
    const Matrix q = on_anomalies(rotation(n, static_cast<std::uint64_t>(cycle)));
    for (Index a = 0; a < m; ++a)
      for (Index b = 0; b < m; ++b) {
        const Real square = q(a, b) * q(a, b);
        first(a, b) += q(a, b) / draws;
        second(a, b) += square / draws;
        fourth(a, b) += square * square / draws;
      }
    apart += q(0, 0) * q(0, 0) * q(1, 1) * q(1, 1) / draws;
    crossed += q(0, 0) * q(1, 1) * q(0, 1) * q(1, 0) / draws;
    determinant += (q(0, 0) * (q(1, 1) * q(2, 2) - q(1, 2) * q(2, 1)) -
                    q(0, 1) * (q(1, 0) * q(2, 2) - q(1, 2) * q(2, 0)) +
                    q(0, 2) * (q(1, 0) * q(2, 1) - q(1, 1) * q(2, 0))) /
                   draws;
  }
  // Five standard errors; no variance below is above 1/3, 4/45, 1/9, 1/9, 1/9, 1.
  const Real error = 5 / std::sqrt(static_cast<Real>(draws));
  for (Index a = 0; a < m; ++a)
    for (Index b = 0; b < m; ++b) {
      EXPECT_NEAR(first(a, b), 0, error * std::sqrt(1.0 / 3));
      EXPECT_NEAR(second(a, b), 1.0 / 3, error * std::sqrt(4.0 / 45));
      EXPECT_NEAR(fourth(a, b), 3.0 / 15, error / 3);
    }
  EXPECT_NEAR(apart, 4.0 / 30, error / 3);
  EXPECT_NEAR(crossed, -1.0 / 30, error / 3);
  EXPECT_NEAR(determinant, 0, error);
}

TEST(RandomRotation, AllocatesNothing) {
  RandomRotation rotations(28);
  Matrix q(28, 28);
  for (Index i = 0; i < 28; ++i) q(i, i) = 1;
  const test_support::AllocationCounter counter;
  rotations.rotate(q, Stream(1, Purpose::rotation, 0, 0));
  EXPECT_EQ(counter.count(), 0U);
}

}  // namespace
}  // namespace starling::linalg
