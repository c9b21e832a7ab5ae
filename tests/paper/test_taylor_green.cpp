// SPDX-License-Identifier: BSD-3-Clause
// The Taylor-Green vortex (brachet1983) through its transition.
#include "core/config.hpp"
#include "models/integrator.hpp"
#include "models/navier_stokes3d.hpp"
#include "steppers/stepper.hpp"
#include "support/mpi_test.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace starling;

struct Sample {
  Real time, energy, dissipation, enstrophy;
};

// One after each step, until `end`.
std::vector<Sample> taylor_green(Index points, Real viscosity, Real dt, Real end) {
  const auto entry = models::NavierStokes3d::entry();
  const std::string keys =
      fmt::format("[model]\npoints = [{0}, {0}, {0}]\nviscosity = {1}\n", points, viscosity);
  const auto model =
      entry.make(Config::parse(keys, "test").section("model", entry.schema), test_support::world());
  const auto scheme = std::find_if(steppers::builtin().begin(), steppers::builtin().end(),
                                   [](const auto& each) { return each.name == "rk4"; });
  models::Integrator integrator(*model, scheme->make(*model, dt));
  Array<Real**> members("members", 1, static_cast<std::size_t>(model->dofs()));
  Array<Real**> state("state", 1, static_cast<std::size_t>(model->width()));
  Array<Real**> history("history", 1, 0);
  model->reference(members.data());
  model->to_states(state, members);
  const auto quantities = model->quantities();
  const auto index = [&](const char* name) {
    return static_cast<std::size_t>(
        std::find_if(quantities.begin(), quantities.end(),
                     [&](const auto& each) { return each.name == name; }) -
        quantities.begin());
  };
  std::vector<Real> values(quantities.size());
  std::vector<Sample> all;
  for (Index step = 0; dt * static_cast<Real>(step) < end - dt / 2; ++step) {
    integrator.advance(state, history, 0, step, 1);
    model->measure(values.data(), state, 0);
    all.push_back({dt * static_cast<Real>(step + 1), values[index("energy")],
                   -values[index("energy_dissipation")], values[index("enstrophy")]});
  }
  return all;
}

// Re = 100, where 64^3 points resolve everything: peak of the dissipation and energies as an
// independent program has them on the same grid (32^3 points: 1.29453e-2 at 4.86).
TEST(TaylorGreen, DissipationPeaksAtReynoldsNumberOneHundred) {
  const auto all = taylor_green(64, 0.01, 0.02, 5.2);
  const auto peak = std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.dissipation < b.dissipation;
  });
  EXPECT_NEAR(peak->dissipation, 1.29754e-2, 5e-8);
  EXPECT_NEAR(peak->time, 4.88, 0.021);
  EXPECT_NEAR(all[249].energy, 0.0740, 5e-5);
}

// Re = 1600 against the 512^3 reference of the high-order CFD workshop (case C3.5, file
// spectral_Re1600_512.gdiag). At t = 1 64^3 points, of which 42^3 are without aliases, resolve the
// flow; at t = 3 they do not, and the error of the enstrophy falls faster than any power.
TEST(TaylorGreen, ConvergesToTheReferenceAtReynoldsNumberSixteenHundred) {
  std::vector<Real> errors;
  for (const Index points : {64, 96, 128}) {
    const auto all = taylor_green(points, 1.0 / 1600, 0.02, 3);
    EXPECT_NEAR(all[49].energy, 0.124515267, 1e-9);
    EXPECT_NEAR(all[49].enstrophy, 0.41505496, 1e-8);
    errors.push_back(std::abs(all[149].enstrophy / 0.90120812 - 1));
    EXPECT_NEAR(all[149].energy, 0.123023879, points == 128 ? 5e-8 : 1e-6);
  }
  EXPECT_GT(std::log(errors[0] / errors[1]) / std::log(96.0 / 64), 3.5);
  EXPECT_GT(std::log(errors[1] / errors[2]) / std::log(128.0 / 96), 5);
  EXPECT_LT(errors[2], 2e-4);
}

}  // namespace
