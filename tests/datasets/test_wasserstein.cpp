// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "datasets/wasserstein.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using namespace starling;
using datasets::wasserstein1;

std::vector<float> uniform(int count, Real from, Real to) {
  std::vector<float> values;
  for (int i = 0; i < count; ++i)
    values.push_back(static_cast<float>(from + (to - from) * (i + 0.5) / count));
  return values;
}

// Found by hand: the area between two staircases.
TEST(Wasserstein, IsTheAreaBetweenDistributions) {
  EXPECT_DOUBLE_EQ(wasserstein1({0, 1, 3}, {5, 6, 8}), 5);
  EXPECT_DOUBLE_EQ(wasserstein1({0}, {0, 0, 0, 4}), 1);
  EXPECT_DOUBLE_EQ(wasserstein1({0, 2}, {1}), 1);
  // F is 0, 1/2, 1 from 0 and 1 on; G is 0, 1/3, 2/3, 1 from 0, 1/2 and 1 on: 1/6 over the first
  // half, 1/6 over the second.
  EXPECT_NEAR(wasserstein1({0, 1}, {0, 0.5F, 1}), 1.0 / 6, 1e-15);
  EXPECT_DOUBLE_EQ(wasserstein1({-1, 2, 2}, {-1, 2, 2}), 0);
  EXPECT_THROW(wasserstein1({}, {1}), InputError);
}

// Of uniform distributions: a shift is its size; on [0, 1] and [0, 2] it is the mean of u, 1/2.
TEST(Wasserstein, OfUniformDistributionsIsKnown) {
  EXPECT_NEAR(wasserstein1(uniform(1000, 0, 1), uniform(1000, 0.3, 1.3)), 0.3, 1e-6);
  EXPECT_NEAR(wasserstein1(uniform(1000, 0, 1), uniform(700, 0.3, 1.3)), 0.3, 1e-6);
  EXPECT_NEAR(wasserstein1(uniform(1000, 0, 1), uniform(1000, 0, 2)), 0.5, 1e-6);
  const auto a = uniform(100, 0, 1), b = uniform(63, -1, 3);
  EXPECT_NEAR(wasserstein1(a, b), wasserstein1(b, a), 1e-15);
}

}  // namespace
