// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/inverse_root.hpp"
#include "linalg/random_matrix.hpp"
#include "linalg/simd.hpp"
#include "linalg/symmetric_eigen.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace starling::linalg {
namespace {

TEST(RootRule, IsTheInverseRootToRoundingOnItsRange) {
  Real before = 0;
  for (Index poles = 8; poles <= 80; poles += 8) {
    const RootRule rule = root_rule(poles);
    EXPECT_GT(rule.largest, before);
    before = rule.largest;
    // Half way through, cn of the nodes is (1 + largest)^-1/4, known to rounding of 1.
    const Real error = 4e-15 + 2e-16 * std::pow(1 + rule.largest, 0.25);
    for (Real x = 1e-8; x <= rule.largest; x *= 1.07) {
      long double sum = 0;
      for (std::size_t j = 0; j < rule.shift.size(); ++j)
        sum += static_cast<long double>(rule.weight[j]) /
               (static_cast<long double>(x) + rule.shift[j]);
      const long double root = std::sqrt(1 + static_cast<long double>(x));
      const long double exact = 1 / (root * (1 + root));  // (1 - 1 / root) / x
      EXPECT_NEAR(static_cast<double>(sum * x), static_cast<double>(exact * x), error)
          << poles << " poles at " << x;
      EXPECT_NEAR(static_cast<double>(sum / exact), 1, 1e-14 + error);
    }
  }
}

// Against the eigenvalues of the matrix, from well to badly conditioned, of full rank or not.
TEST(InverseRoot, IsTheFunctionOfTheMatrix) {
  for (const Index n : {1, 2, 3, 7, 20, 40, 41})
    for (const Real size : {1e-3, 1.0, 30.0, 1e4, 1e8})
      for (const Index rank : {n, (n + 1) / 2}) {
        Matrix a(n, n), b(n, n);
        const Matrix factor = random_matrix(rank, n, 3);
        for (Index i = 0; i < n; ++i)
          for (Index j = 0; j < n; ++j)
            for (Index k = 0; k < rank; ++k) a(i, j) += size / n * factor(k, i) * factor(k, j);
        b = a;
        InverseRoot root(41);
        SymmetricEigen eigen(n);
        eigen.solve(b);
        Matrix c = a;
        root.prepare(c, n);
        std::vector<Real> x(static_cast<std::size_t>(round_up(n))), out(x.size()), solved(x.size());
        for (Index i = 0; i < n; ++i)
          x[static_cast<std::size_t>(i)] = std::cos(static_cast<Real>(i));
        std::vector<Real> basis = x;
        root.basis().into_basis(basis.data());
        solved = basis;
        root.multiply(out.data(), basis.data());
        root.solve(solved.data());
        root.basis().out_of_basis(out.data());
        root.basis().out_of_basis(solved.data());
        const Real largest = std::max(1.0, eigen.values()[n - 1]);
        for (Index i = 0; i < n; ++i) {
          Real g = 0, inverse = 0;
          for (Index k = 0; k < n; ++k) {
            const Real l = std::max(eigen.values()[k], 0.0), r = std::sqrt(1 + l);
            Real along = 0;
            for (Index j = 0; j < n; ++j)
              along += eigen.vectors()(k, j) * x[static_cast<std::size_t>(j)];
            g += eigen.vectors()(k, i) * along / (r * (1 + r));
            inverse += eigen.vectors()(k, i) * along / (1 + l);
          }
          // An eigenvalue is known to rounding of the largest.
          const Real error = 1e-14 * std::sqrt(static_cast<Real>(n)) * (1 + 0.1 * largest);
          EXPECT_NEAR(out[static_cast<std::size_t>(i)], g, error) << n << ' ' << size;
          EXPECT_NEAR(solved[static_cast<std::size_t>(i)], inverse, error) << n << ' ' << size;
        }
      }
}

TEST(InverseRoot, AllocatesNothing) {
  InverseRoot root(20);
  Matrix a(20, 20);
  std::vector<Real> x(24, 1.0), out(24);
  const test_support::AllocationCounter counter;
  for (const Index n : {20, 5}) {
    for (Index i = 0; i < n; ++i) a(i, i) = 1;
    root.prepare(a, n);
    root.multiply(out.data(), x.data());
  }
  EXPECT_EQ(counter.count(), 0U);
}

}  // namespace
}  // namespace starling::linalg
