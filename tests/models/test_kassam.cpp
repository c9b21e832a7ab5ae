// SPDX-License-Identifier: BSD-3-Clause
#include "models/semilinear_case.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using namespace starling;
using test_support::SemilinearCase;

SemilinearCase kassam(Index points) {
  const Real length = 32 * std::numbers::pi;
  return {points, length, {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}}, [](Real x) {
            return std::cos(x / 16) * (1 + std::sin(x / 16));
          }};
}

// kassam2005, section 4.1. The reference digits are converged ones: runs with (N, dt) = (512, 2^-9)
// and (256, 2^-8) by an independent program agree to 3e-11 at t = 30 and 1e-9 at t = 50.
TEST(Kassam, TheSolutionHasItsConvergedDigits) {
  SemilinearCase run = kassam(512);
  const Real dt = 1.0 / 256;
  EXPECT_TRUE(run.run("etdrk4", dt, 30 * 256));
  EXPECT_NEAR(run.u(0), 0.3111985974, 1e-9);
  EXPECT_NEAR(std::sqrt(run.mean_square()), 0.4981362574, 1e-9);
  EXPECT_TRUE(run.run("etdrk4", dt, 20 * 256));
  EXPECT_NEAR(run.u(0), -0.913149846, 1e-8);
  EXPECT_NEAR(std::sqrt(run.mean_square()), 1.227230246, 1e-8);
}

// At the steps of the published script errors at t = 50 are known (max error / max |u|, N = 256):
// 6.7e-5 for dt = 1/8, 6.6e-6 for 1/16, to two digits.
TEST(Kassam, ErrorsAtCoarserStepsAreTheKnownOnes) {
  SemilinearCase fine = kassam(256);
  EXPECT_TRUE(fine.run("etdrk4", 1.0 / 256, 50 * 256));
  const auto error = [&fine](Index steps_a_unit) {
    SemilinearCase run = kassam(256);
    EXPECT_TRUE(run.run("etdrk4", 1.0 / static_cast<Real>(steps_a_unit), 50 * steps_a_unit));
    Real difference = 0, largest = 0;
    for (Index j = 0; j < 256; ++j) {
      difference = std::max(difference, std::abs(run.u(j) - fine.u(j)));
      largest = std::max(largest, std::abs(fine.u(j)));
    }
    return difference / largest;
  };
  EXPECT_NEAR(error(8), 6.7e-5, 0.2e-5);
  EXPECT_NEAR(error(16), 6.6e-6, 0.2e-6);
}

}  // namespace
