// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/point_samples.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace {

using namespace starling;
using datasets::interpolate;
using datasets::interpolation_weights;

// Exact for every wave that the grid resolves (henrici1979).
TEST(Interpolate, IsExactForResolvedWaves) {
  const Domain grid({{12, 0, 0.25, true}, {8, 1, 0.5, true}}, {{}});
  const Real kx = 2 * std::numbers::pi / 3, ky = 2 * std::numbers::pi / 4;
  const auto f = [&](Real x, Real y) {
    return 0.3 + std::sin(5 * kx * x + 0.1) * std::cos(3 * ky * y) + std::cos(2 * kx * x - ky * y);
  };
  std::vector<Real> values;
  for (Index i = 0; i < grid.points(); ++i) {
    const Point p = grid.point(i);
    values.push_back(f(p[0], p[1]));
  }
  for (const Point& place : {Point(0.1, 1.2), Point(2.97, 4.9), Point(1.25, 2.0), Point(0.0, 1.0)})
    EXPECT_NEAR(interpolate(grid, values.data(), interpolation_weights(grid, place)),
                f(place[0], place[1]), 1e-13);
}

TEST(Interpolate, TakesTheNearestPointBetweenWalls) {
  const Domain grid({{4, 0.2, 0.2, false}}, {{}});
  const std::vector<Real> values = {1, 2, 3, 4};
  const auto at = [&](Real x) {
    return interpolate(grid, values.data(), interpolation_weights(grid, Point(x)));
  };
  EXPECT_EQ(at(0.2), 1);
  EXPECT_EQ(at(0.45), 2);
  EXPECT_EQ(at(0.8), 4);
}

}  // namespace
