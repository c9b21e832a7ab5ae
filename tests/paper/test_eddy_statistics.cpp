// SPDX-License-Identifier: BSD-3-Clause
// Statistics of the eddy configuration (ross2023) against pyqg's.
#include "diagnostics/time_mean.hpp"
#include "models/integrator.hpp"
#include "models/quasi_geostrophic.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace starling;

struct Published {
  std::string name;
  Real mean, error;
};

// Means over 100 years of pyqg's scheme on 64^2 points with a step of 2 h, and their standard
// errors, of a program that agrees with pyqg to 1e-15 after 1000 steps.
const std::vector<Published> published = {
    {"kinetic_energy", 4.907e-4, 0.031e-4},    {"kinetic_energy_1", 2.211e-3, 0.014e-3},
    {"kinetic_energy_2", 6.06e-5, 0.05e-5},    {"available_potential_energy", 6.165e-4, 0.045e-4},
    {"energy_generation", 6.79e-11, 0.06e-11}, {"energy_drag", -5.61e-11, 0.05e-11},
    {"enstrophy_1", 3.365e-11, 0.019e-11},
};

TEST(EddyStatistics, AreThoseOfPyqg) {
  constexpr Index year = 360 * 12, interval = 60, spin_up = 10 * year, steps = 110 * year;
  models::QuasiGeostrophic::Settings settings(spectral::Box(64, 64, 1e6, 1e6));
  settings.dealiasing = spectral::Dealiasing::none;
  settings.beta = 1.5e-11;
  settings.drag = 5.787e-7;
  settings.radius = 15e3;
  settings.thickness_ratio = 0.25;
  settings.mean_flow = {0.025, 0};
  settings.filter_strength = 23.6;
  settings.start = {.kind = "noise", .amplitude = 3e-7, .modes = 10};
  models::QuasiGeostrophic model(settings, MPI_COMM_SELF);
  std::unique_ptr<models::Integrator> integrator;
  for (const auto& scheme : steppers::builtin())
    if (scheme.name == "ab3")
      integrator = std::make_unique<models::Integrator>(
          model, scheme.make(model, 7200, "start = \"euler\""));
  Array<Real**> member("member", 1, static_cast<std::size_t>(model.dofs()));
  Array<Real**> state("state", 1, static_cast<std::size_t>(model.width()));
  Array<Real**> history("history", 1, static_cast<std::size_t>(integrator->history_width()));
  model.reference(member.data());
  model.to_states(state, member);

  const auto quantities = model.quantities();
  std::vector<Real> values(quantities.size());
  std::map<std::string, std::vector<Real>> series;
  for (Index s = 0; s < steps; s += interval) {
    ASSERT_FALSE(integrator->advance(state, history, s, s, interval).has_value());
    if (s < spin_up) continue;
    model.measure(values.data(), state, 0);
    for (std::size_t i = 0; i < values.size(); ++i) series[quantities[i].name].push_back(values[i]);
  }
  for (const auto& [name, mean, error] : published) {
    const auto ours = diagnostics::estimate_mean(series.at(name));
    fmt::print("{:30} {:11.4e} +- {:7.1e}, pyqg {:11.4e} +- {:7.1e}\n", name, ours.mean,
               ours.standard_error, mean, error);
    EXPECT_TRUE(ours.reliable) << name;
    EXPECT_LT(ours.standard_error, 0.02 * std::abs(mean)) << name;
    EXPECT_LT(std::abs(ours.mean - mean), 3 * std::hypot(ours.standard_error, error)) << name;
  }
}

}  // namespace
