// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/divergence.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using starling::Real;
using starling::diagnostics::first_divergence;

TEST(Divergence, IsAnErrorThatStaysLarge) {
  std::vector<Real> errors(100, 0.1);
  EXPECT_FALSE(first_divergence(errors, 0.5).has_value());
  for (std::size_t n = 60; n < 100; ++n) errors[n] = 1;
  // 20 errors with k ones have the mean 0.1 + 0.045 k: above 0.5 from k = 9 on, sample 68.
  EXPECT_EQ(first_divergence(errors, 0.5), 68);
}

TEST(Divergence, IsNoShortExcursion) {
  std::vector<Real> errors(100, 0.1);
  for (std::size_t n = 60; n < 65; ++n) errors[n] = 1;
  EXPECT_FALSE(first_divergence(errors, 0.5).has_value());
  EXPECT_EQ(first_divergence(errors, 0.5, 5), 62);
}

TEST(Divergence, NeedsAWholeWindow) {
  EXPECT_FALSE(first_divergence(std::vector<Real>(19, 9.0), 0.5).has_value());
  EXPECT_EQ(first_divergence(std::vector<Real>(20, 9.0), 0.5), 19);
}

}  // namespace
