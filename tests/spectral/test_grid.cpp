// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "spectral/grid.hpp"

#include <gtest/gtest.h>

#include <numbers>

namespace {

using namespace starling;
using spectral::Grid;

TEST(Grid, OrdersWavenumbersAsTheTransformDoes) {
  const Grid grid(8, 2 * std::numbers::pi);
  const std::vector<Real> expected = {0, 1, 2, 3, 4, -3, -2, -1};
  for (Index j = 0; j < 8; ++j)
    EXPECT_NEAR(grid.wavenumber(j), expected[static_cast<std::size_t>(j)], 1e-15);
}

TEST(Grid, DerivativesArePowersOfIkWithoutNyquist) {
  const Grid grid(8, std::numbers::pi);  // k = 2 j
  EXPECT_NEAR(std::abs(grid.derivative(1)[1] - std::complex<Real>(0, 2)), 0, 1e-14);
  EXPECT_NEAR(std::abs(grid.derivative(2)[7] - std::complex<Real>(-4, 0)), 0, 1e-14);
  EXPECT_NEAR(std::abs(grid.derivative(3)[2] - std::complex<Real>(0, -64)), 0, 1e-12);
  EXPECT_EQ(grid.derivative(1)[4], std::complex<Real>(0));
  EXPECT_EQ(grid.derivative(2)[4], std::complex<Real>(0));
}

TEST(Grid, RefusesWhatCannotBe) {
  EXPECT_THROW(Grid(7, 1), InputError);
  EXPECT_THROW(Grid(0, 1), InputError);
  EXPECT_THROW(Grid(2, 1), InputError);
  EXPECT_THROW(Grid(8, 0), InputError);
}

}  // namespace
