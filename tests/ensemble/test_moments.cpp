// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/moments.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace starling;

TEST(Moments, AreThoseOfTheColumns) {
  Array<Real**> block("block", 3, 2);
  const Real values[3][2] = {{1, 5}, {2, 5}, {6, 5}};
  for (std::size_t m = 0; m < 3; ++m)
    for (std::size_t j = 0; j < 2; ++j) block(m, j) = values[m][j];
  Real mean[2], spread[2];
  ensemble::moments(mean, spread, block);
  EXPECT_EQ(mean[0], 3);
  EXPECT_DOUBLE_EQ(spread[0], std::sqrt(7.0));  // (4 + 1 + 9) / 2
  EXPECT_EQ(mean[1], 5);
  EXPECT_EQ(spread[1], 0);
}

TEST(Moments, OneMemberHasNoSpread) {
  Array<Real**> block("block", 1, 1);
  block(0, 0) = 4;
  Real mean = 0, spread = 1;
  ensemble::moments(&mean, &spread, block);
  EXPECT_EQ(mean, 4);
  EXPECT_EQ(spread, 0);
}

}  // namespace
