// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/phi.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace starling;
using namespace starling::steppers;
using C = std::complex<Real>;

// Taylor series at 0, closed form away from it.
TEST(Phi, HasNoCancellationNearZero) {
  for (const C z : {C(0), C(1e-12), C(1e-6), C(0, 1e-8), C(-1e-3, 1e-3)}) {
    EXPECT_LT(std::abs(phi1(z) - (1.0 + z / 2.0 + z * z / 6.0 + z * z * z / 24.0)), 1e-13);
    EXPECT_LT(std::abs(phi2(z) - (0.5 + z / 6.0 + z * z / 24.0 + z * z * z / 120.0)), 1e-13);
  }
}

TEST(Phi, IsTheClosedFormAwayFromZero) {
  for (const C z : {C(-3), C(-40), C(-1e4), C(0, 5), C(-2, 30)}) {
    EXPECT_LT(std::abs(phi1(z) - (std::exp(z) - 1.0) / z), 1e-13);
    EXPECT_LT(std::abs(phi2(z) - (std::exp(z) - 1.0 - z) / (z * z)), 1e-13);
  }
}

TEST(Coefficients, ActOnRealAndImaginaryPartsAlikeWhereTheSymbolIsReal) {
  const Symbol symbol = {-1.0, -2.0};
  const auto flat = coefficients<Real>(symbol, 4, [](C l) { return 2.0 * l; });
  EXPECT_EQ(flat(0), -2);
  EXPECT_EQ(flat(1), -2);
  EXPECT_EQ(flat(2), -4);
  EXPECT_EQ(flat(3), -4);
  EXPECT_TRUE(is_real(symbol));
  EXPECT_FALSE(is_real({C(0, 1)}));
}

}  // namespace
