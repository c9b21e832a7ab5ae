// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "models/lorenz63.hpp"
#include "models/lorenz96.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace starling;

TEST(Lorenz96, IsTheEquationWithPeriodicIndices) {
  for (const Index n : {4, 5, 40}) {
    models::Lorenz96 model(n, 8);
    Array<Real**> x("x", 3, static_cast<std::size_t>(n)), dx("dx", 3, static_cast<std::size_t>(n));
    Stream(1, Purpose::initial_perturbation, 0, 0).normals(x.data(), 3 * n);
    model.nonlinear(dx, x, 0);
    for (Index r = 0; r < 3; ++r)
      for (Index j = 0; j < n; ++j) {
        const auto at = [&](Index i) { return x(r, (i + n) % n); };
        EXPECT_DOUBLE_EQ(dx(r, j), (at(j + 1) - at(j - 2)) * at(j - 1) - at(j) + 8);
      }
  }
}

// sum x_j (x_{j+1} - x_{j-2}) x_{j-1} = 0: advection keeps the energy (lorenz1998).
TEST(Lorenz96, AdvectionKeepsEnergy) {
  models::Lorenz96 model(40, 0);
  Array<Real**> x("x", 1, 40), dx("dx", 1, 40);
  Stream(1, Purpose::initial_perturbation, 0, 0).normals(x.data(), 40);
  model.nonlinear(dx, x, 0);
  Real rate = 0, damping = 0;
  for (std::size_t j = 0; j < 40; ++j) {
    rate += x(0, j) * dx(0, j);
    damping -= x(0, j) * x(0, j);
  }
  EXPECT_NEAR(rate, damping, 1e-12 * std::abs(damping));
}

TEST(Lorenz96, NeedsFourVariables) { EXPECT_THROW(models::Lorenz96(3, 8), InputError); }

// The three fixed points: 0 and (+-sqrt(beta (rho - 1)), same, rho - 1).
TEST(Lorenz63, RestsAtItsFixedPoints) {
  models::Lorenz63 model(10, 28, 8.0 / 3);
  const Real c = std::sqrt(8.0 / 3 * 27);
  Array<Real**> u("u", 3, 3), du("du", 3, 3);
  const Real points[3][3] = {{0, 0, 0}, {c, c, 27}, {-c, -c, 27}};
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t j = 0; j < 3; ++j) u(r, j) = points[r][j];
  model.nonlinear(du, u, 0);
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(du(r, j), 0, 1e-13);
  EXPECT_FALSE(model.domain().periodic());
}

}  // namespace
