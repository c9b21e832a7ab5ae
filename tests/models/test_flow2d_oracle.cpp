// SPDX-License-Identifier: BSD-3-Clause
// Longer runs of two-dimensional flow against what is known of them.
#include "models/flow_case.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <numbers>

namespace {

using namespace starling;
using test_support::FlowCase;

const Real pi = std::numbers::pi;

// Where the enstrophy is along x, as the phase of its first mode.
Real place(const FlowCase& flow) {
  const Domain domain = flow.model->domain();
  std::complex<Real> sum = 0;
  for (Index i = 0; i < domain.points(); ++i) {
    const Real w = flow.members(0, static_cast<std::size_t>(i));
    sum += w * w * std::polar(1.0, domain.point(i)[0] - pi);
  }
  return std::arg(sum);
}

// meleshko1994: an exact solution of Euler's equations that moves with its speed and keeps its
// shape. GeophysicalFlows.jl test_twodnavierstokes.jl asks for the speed to 1 %.
TEST(LambDipole, KeepsItsSpeedAndShape) {
  FlowCase flow("points = [256, 256]\ninitial = \"lamb_dipole\"\ninitial_width = 0.05\n");
  flow.model->to_physical(flow.members, flow.state);
  const Real before = place(flow);
  Array<Real**> start("start", 1, flow.members.extent(1));
  Kokkos::deep_copy(start, flow.members);
  // A path of 32 grid points, 2.5 radii.
  const Real path = 32 * 2 * pi / 256;
  ASSERT_TRUE(flow.run("rk4", path / 400, 400));
  flow.model->to_physical(flow.members, flow.state);
  const Real moved = place(flow) - before, speed = moved / path;
  // Back by as much as it went.
  for (Index i = 0; i < flow.model->transform().coefficients(); ++i)
    flow.coefficients()[i] *=
        Complex(std::polar(1.0, moved * flow.model->transform().wavenumber(i)[0]));
  flow.model->to_physical(flow.members, flow.state);
  Real error = 0, size = 0;
  for (std::size_t i = 0; i < flow.members.extent(1); ++i) {
    error += std::pow(flow.members(0, i) - start(0, i), 2);
    size += std::pow(start(0, i), 2);
  }
  std::printf("  speed %.5f, change of shape %.4f\n", speed, std::sqrt(error / size));
  EXPECT_NEAR(speed, 1 - pi * 0.0025, 0.001);
  EXPECT_LT(std::sqrt(error / size), 0.1);
}

// The growth rate of small disturbances of laminar Kolmogorov flow with one wave along x.
Real growth(Index n, Real reynolds) {
  char keys[300];
  std::snprintf(keys, sizeof keys,
                "points = [12, 64]\nviscosity = %.12f\nforcing = \"kolmogorov\"\n"
                "forcing_mode = %d\ninitial = \"laminar\"\n",
                1 / reynolds, static_cast<int>(n));
  FlowCase flow(keys);
  for (Index m = -8; m <= 8; ++m)
    flow.coefficient(1, m) += 1e-9 * std::polar(1.0, 0.7 * static_cast<Real>(m * m));
  const auto size = [&] {
    Real sum = 0;
    for (Index m = -15; m <= 15; ++m) sum += std::pow(Kokkos::abs(flow.coefficient(1, m)), 2);
    return std::sqrt(sum);
  };
  // The other disturbances die first.
  constexpr Real dt = 0.1;
  constexpr Index steps = 2000;
  EXPECT_TRUE(flow.run("rk4", dt, steps));
  const Real before = size();
  EXPECT_TRUE(flow.run("rk4", dt, steps, steps));
  return std::log(size() / before) / (dt * steps);
}

// chandler2013 and meshalkin1961: critical Reynolds numbers of the linear eigenvalue problem, one
// wave in x, n waves of the forcing: 9.9669 (n = 4); that of n = 2 by an eigenvalue solver of ours
// outside this program (truncation 64).
TEST(KolmogorovFlow, LosesItsStabilityWhereItShould) {
  struct Case {
    Index n;
    Real critical;
  };
  for (const Case each : {Case{4, 9.966923}, Case{2, 4.048606}}) {
    const Real below = growth(each.n, 0.99 * each.critical);
    const Real above = growth(each.n, 1.01 * each.critical);
    EXPECT_LT(below, 0);
    EXPECT_GT(above, 0);
    const Real at = each.critical * (0.99 + 0.02 * below / (below - above));
    std::printf("  n = %d: Re_c = %.4f\n", static_cast<int>(each.n), at);
    EXPECT_NEAR(at / each.critical, 1, 1e-3);
  }
}

// mcwilliams1984 as pyqg runs it (docs/examples/barotropic.ipynb): less than 2 % of the energy is
// lost by t = 10, and enstrophy cascades away.
TEST(DecayingTurbulence, KeepsItsEnergyAndLosesItsEnstrophy) {
  FlowCase flow(
      "points = [256, 256]\ninitial = \"mcwilliams1984\"\nhyperviscosity = 1e-15\n"
      "hyperviscosity_power = 4\n");
  const auto before = flow.measure();
  ASSERT_TRUE(flow.run("rk4", 0.01, 1000));
  const auto after = flow.measure();
  std::printf("  energy %.4f, enstrophy %.4f of its start\n",
              after.at("energy") / before.at("energy"),
              after.at("enstrophy") / before.at("enstrophy"));
  EXPECT_GT(after.at("energy"), 0.98 * before.at("energy"));
  EXPECT_LT(after.at("energy"), before.at("energy"));
  EXPECT_LT(after.at("enstrophy"), 0.5 * before.at("enstrophy"));
}

// GeophysicalFlows.jl test_twodnavierstokes.jl: dE/dt = epsilon - D - R over a run from rest,
// forced in a ring. Here the input is exact, so that the budget closes to the error of the
// quadrature in time of the dissipation, of a flow with jumps: first order in dt.
TEST(ForcedTurbulence, ClosesItsEnergyBudget) {
  FlowCase flow(
      "points = [96, 96]\nforcing = \"ring\"\nforcing_wavenumber = 12.0\n"
      "forcing_width = 2.0\nenergy_input = 0.1\nviscosity = 1e-3\ndrag = 0.1\n");
  constexpr Real dt = 0.005;
  constexpr Index steps = 600;
  Real lost = 0;
  for (Index step = 0; step < steps; ++step) {
    const auto before = flow.measure();
    lost += dt * (before.at("energy_dissipation") + before.at("energy_drag")) / 2;
    ASSERT_TRUE(flow.run("rk4", dt, 1, step));
    const auto after = flow.measure();
    // Before the kick of this step: half of what a kick brings is not yet lost.
    lost += dt * (after.at("energy_dissipation") + after.at("energy_drag")) / 2;
  }
  const Real gained = 0.1 * dt * steps;
  EXPECT_GT(-lost, 0.2 * gained);
  EXPECT_NEAR(flow.measure()["energy"], gained + lost, 0.005 * gained);
}

}  // namespace
