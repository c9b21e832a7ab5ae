// SPDX-License-Identifier: BSD-3-Clause
// Exact solutions, conserved quantities, and convergence in space.
#include "models/semilinear_case.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using namespace starling;
using spectral::Dealiasing;
using test_support::SemilinearCase;

const Real pi = std::numbers::pi;

Real cole_hopf(Real x, Real t) {
  const Real nu = 0.1, a = 1.2, decay = std::exp(-nu * t);
  return 2 * nu * decay * std::sin(x) / (a + decay * std::cos(x));
}

Real burgers_error(Index points) {
  SemilinearCase run(
      points, 2 * pi, {{1, 1, 1.0}, {0, 2, -0.1}}, [](Real x) { return cole_hopf(x, 0); },
      Dealiasing::padding);
  EXPECT_TRUE(run.run("etdrk4", 0.0025, 400));
  Real error = 0;
  for (Index j = 0; j < points; ++j)
    error = std::max(error, std::abs(run.u(j) - cole_hopf(run.x(j), 1)));
  return error;
}

// The poles of Cole and Hopf's solution are at x = pi +- i acosh(a e^t nu): at t = 0 coefficients
// fall by e^{-acosh(1.2) k} = 0.537^k, so sixteen more modes are worth a factor of about 2e4.
TEST(Burgers, ConvergesGeometricallyInSpaceToTheExactSolution) {
  const Real coarse = burgers_error(32), fine = burgers_error(64), finest = burgers_error(128);
  EXPECT_LT(coarse, 1e-3);
  EXPECT_LT(fine, coarse / 1e3);
  EXPECT_LT(finest, 1e-12);
}

// zabusky1965: u = v/2 sech^2(sqrt(v)/2 (x - v t)) for u_t + 6 u u_x + u_xxx = 0.
TEST(KortewegDeVries, TheSolitonComesBackUnchanged) {
  const Real speed = 4, length = 40;
  SemilinearCase run(
      256, length, {{1, 1, 6.0}, {0, 3, 1.0}},
      [=](Real x) {
        const Real sech = 1 / std::cosh(std::sqrt(speed) / 2 * (x - length / 2));
        return speed / 2 * sech * sech;
      },
      Dealiasing::padding);
  const std::vector<Real> start(run.members.data(), run.members.data() + 256);
  EXPECT_TRUE(run.run("etdrk4", 0.00025, 40000));  // once around
  for (Index j = 0; j < 256; ++j) EXPECT_NEAR(run.u(j), start[static_cast<std::size_t>(j)], 2e-9);
}

// Two solitons collide: mass, momentum and energy (miura1968, eqs. 1-3) stay.
TEST(KortewegDeVries, ACollisionKeepsItsInvariants) {
  SemilinearCase run(
      256, 40, {{1, 1, 6.0}, {0, 3, 1.0}},
      [](Real x) {
        return 2 / std::pow(std::cosh(x - 10), 2) + 0.5 / std::pow(std::cosh((x - 20) / 2), 2);
      },
      Dealiasing::padding);
  const auto invariants = [&run] {
    std::array<Real, 3> sums{};
    const auto derivative = run.model.grid().derivative(1);
    Array<Real**> slope_state("slope", 1, 512), slope("slope", 2, 256);
    for (std::size_t j = 0; j < 256; ++j) {
      const std::complex<Real> c =
          derivative[j] * std::complex<Real>(run.state(0, 2 * j), run.state(0, 2 * j + 1));
      slope_state(0, 2 * j) = c.real();
      slope_state(0, 2 * j + 1) = c.imag();
    }
    run.model.to_physical(slope, slope_state);
    run.model.to_physical(run.members, run.state);
    for (std::size_t j = 0; j < 256; ++j) {
      const Real u = run.members(0, j);
      sums[0] += u;
      sums[1] += u * u;
      sums[2] += 2 * u * u * u - slope(0, j) * slope(0, j);
    }
    return sums;
  };
  const auto before = invariants();
  EXPECT_TRUE(run.run("etdrk4", 0.0005, 10000));
  const auto after = invariants();
  EXPECT_NEAR(after[0] / before[0], 1, 1e-12);  // to rounding: the flux form has no mean
  EXPECT_NEAR(after[1] / before[1], 1, 1e-9);
  EXPECT_NEAR(after[2] / before[2], 1, 1e-9);
}

// d/dt <u^2>/2 = <u_x^2> - <u_xx^2>, since u u_x does no work: the budget closes step by step, to
// the order of the scheme (order 4 in a step; centred difference over two steps of order 2 in dt).
TEST(KuramotoSivashinsky, TheEnergyBudgetCloses) {
  SemilinearCase run(128, 22, {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}}, [](Real x) {
    return std::cos(2 * pi * x / 22) + 0.5 * std::sin(4 * pi * x / 22);
  });
  EXPECT_TRUE(run.run("etdrk4", 0.05, 400));
  const auto budget = [&run] {
    Real rate = 0;
    for (Index j = 0; j < 128; ++j) {
      const Real k = run.model.grid().wavenumber(j);
      const auto i = static_cast<std::size_t>(j);
      // Both members are equal, u^(1 + i): |z|^2 = 2 |u^|^2.
      const Real square =
          (std::pow(run.state(0, 2 * i), 2) + std::pow(run.state(0, 2 * i + 1), 2)) / 2;
      rate += (k * k - k * k * k * k) * square;
    }
    return rate;
  };
  const Real dt = 1e-4;
  const Real before = run.mean_square() / 2;
  EXPECT_TRUE(run.run("etdrk4", dt, 1));
  const Real rate = budget();
  EXPECT_TRUE(run.run("etdrk4", dt, 1));
  const Real after = run.mean_square() / 2;
  EXPECT_NEAR((after - before) / (2 * dt), rate, 1e-6 * std::abs(rate) + 1e-9);
}

}  // namespace
