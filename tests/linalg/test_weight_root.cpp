// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/weight_root.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using namespace starling;
using linalg::Matrix;

Matrix root(const std::vector<Real>& v) {
  const auto n = static_cast<Index>(v.size());
  linalg::WeightRoot root(n);
  Matrix out(n, n);
  root.compute(out, v.data());
  return out;
}

// diag(v) - v v^T = (I - 1 1^T / n) / n has eigenvalues 1/n and 0.
TEST(WeightRoot, OfEqualWeightsIsAProjection) {
  for (const Index n : {2, 3, 17, 40}) {
    const Real size = static_cast<Real>(n);
    const Matrix r = root(std::vector<Real>(static_cast<std::size_t>(n), 1 / size));
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j)
        EXPECT_NEAR(r(i, j), ((i == j ? 1 : 0) - 1 / size) / std::sqrt(size), 1e-15);
  }
}

// a b (1, -1) (1, -1)^T has the root sqrt(a b / 2) (1, -1) (1, -1)^T, however small b is.
TEST(WeightRoot, OfTwoWeightsIsRightToLastDigits) {
  for (Real b = 0.5; b > 1e-60; b *= 1e-3) {
    const Matrix r = root({1 - b, b});
    const Real exact = std::sqrt((1 - b) * b / 2);
    EXPECT_NEAR(r(0, 1), -exact, 1e-16 + 1e-15 * exact) << b;
    EXPECT_EQ(r(0, 0), -r(0, 1));
    EXPECT_EQ(r(1, 1), -r(0, 1));
  }
}

// Weights over 60 powers of ten and some of zero: C^1/2 C^1/2 = C, and row sums.
TEST(WeightRoot, SquaredIsTheCovariance) {
  std::vector<Real> v;
  Real sum = 0;
  for (Index i = 0; i < 23; ++i) {
    v.push_back(i % 5 == 4 ? 0
                           : std::pow(10, -60 * std::pow(static_cast<Real>(i * 7 % 23) / 22, 3)));
    sum += v.back();
  }
  for (Real& each : v) each /= sum;
  const Matrix r = root(v);
  for (Index i = 0; i < 23; ++i) {
    Real row = 0;
    for (Index j = 0; j < 23; ++j) {
      const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
      Real square = 0;
      for (Index k = 0; k < 23; ++k) square += r(i, k) * r(k, j);
      EXPECT_NEAR(square, (i == j ? v[a] : 0) - v[a] * v[b], 1e-15);
      EXPECT_EQ(r(i, j), r(j, i));
      row += r(i, j);
    }
    EXPECT_NEAR(row, 0, 1e-16);
  }
}

}  // namespace
