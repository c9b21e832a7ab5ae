// SPDX-License-Identifier: BSD-3-Clause
#include "core/domain.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace {

using starling::Domain;

TEST(Domain, PeriodicOnesEndBeforeTheirLength) {
  const Domain domain{4, 0, 0.5, true};
  EXPECT_EQ(domain.axis().length(), 2);
  EXPECT_EQ(domain.axis().coordinate(3), 1.5);
  EXPECT_TRUE(domain.contains(1.9));
  EXPECT_FALSE(domain.contains(2));
  EXPECT_FALSE(domain.contains(-0.1));
  EXPECT_EQ(domain.allowed(), "0 <= x < 2");
}

TEST(Domain, OthersEndAtTheirLastPoint) {
  const Domain domain{3, 0, 1, false};
  EXPECT_TRUE(domain.contains(2));
  EXPECT_FALSE(domain.contains(2.5));
  EXPECT_FALSE(domain.contains(std::numeric_limits<double>::quiet_NaN()));
}

}  // namespace
