// SPDX-License-Identifier: BSD-3-Clause
// Quasi-geostrophic turbulence against runs of pyqg: the set-ups and numbers of its
// tests/test_reference_solns.py, and what it gives after fewer steps, before chaos.
#include "models/quasi_geostrophic_case.hpp"

namespace {

using namespace starling;
using test_support::pi;
using Case = test_support::QuasiGeostrophicCase;
using Settings = Case::Settings;

const char* const euler = "start = \"euler\"";

Settings two_layers() {
  Settings settings{spectral::Box(32, 32, 1e6, 1e6)};
  settings.dealiasing = spectral::Dealiasing::none;
  settings.beta = 1.5e-11;
  settings.drag = 5.787e-7;
  settings.radius = 30e3;
  settings.thickness_ratio = 0.25;
  settings.mean_flow = {0.05, 0};
  settings.filter_strength = 18.4;
  settings.start = {.kind = "cosines", .amplitude = 1e-6};
  return settings;
}

TEST(Pyqg, TwoLayersBeforeChaos) {
  for (const auto& [steps, q1norm] :
       {std::pair<Index, Real>{100, 5.17957699693085e-10}, {1000, 1.12315847627964e-09}}) {
    Case flow(two_layers());
    ASSERT_TRUE(flow.run("ab3", 12800, steps, euler));
    EXPECT_NEAR(flow.square_sum(flow.q()), q1norm, 1e-11 * q1norm) << steps;
  }
}

// Three years of 360 days, the last two averaged; tolerance of pyqg's test.
TEST(Pyqg, TwoLayersForThreeYears) {
  constexpr Index steps = 7290, spin_up = 2430;
  Case flow(two_layers());
  const auto integrator = flow.integrator("ab3", 12800, euler);
  Array<Real**> history("history", 1, static_cast<std::size_t>(integrator->history_width()));
  std::map<std::string, Real> mean;
  for (Index s = 0; s < steps; ++s) {
    if (s >= spin_up)
      for (const auto& [name, value] : flow.measure())
        mean[name] += value / static_cast<Real>(steps - spin_up);
    ASSERT_FALSE(integrator->advance(flow.state, history, s, s, 1).has_value());
  }
  EXPECT_NEAR(flow.square_sum(flow.q()), 9.561430503712755e-08, 0.01 * 9.561430503712755e-08);
  const Real points = 32 * 32;
  const Real generation = 2.5225558013107688e-07 / points, drag = 1.4806764171539711e-07 / points;
  const Real energy = 0.00818377631732826 + 0.00015616609033468579;
  EXPECT_NEAR(mean.at("energy_generation"), generation, 0.01 * generation);
  EXPECT_NEAR(-mean.at("energy_drag"), drag, 0.01 * drag);
  EXPECT_NEAR(mean.at("kinetic_energy_1") + mean.at("kinetic_energy_2"), energy, 0.01 * energy);
}

// The work of the filter is known to first order in the step.
TEST(Pyqg, TheBudgetOfEnergyCloses) {
  Case start(two_layers());
  ASSERT_TRUE(start.run("ab3", 12800, 3000, euler));
  std::vector<Real> errors;
  for (const Index parts : {1, 2, 4}) {
    Case flow(two_layers());
    Kokkos::deep_copy(flow.state, start.state);
    const Real dt = 12800 / static_cast<Real>(parts);
    const auto integrator = flow.integrator("ab3", dt);
    Array<Real**> history("history", 1, static_cast<std::size_t>(integrator->history_width()));
    flow.model.kick(flow.state, 0, 0, dt);
    const Real before = flow.measure().at("energy");
    Real work = 0;
    for (Index s = 0; s < 300 * parts; ++s) {
      const auto now = flow.measure();
      for (const char* term : {"energy_generation", "energy_drag", "energy_filter"})
        work += dt * now.at(term);
      ASSERT_FALSE(integrator->advance(flow.state, history, s, s, 1).has_value());
    }
    const Real gain = flow.measure().at("energy") - before;
    errors.push_back(std::abs(work / gain - 1));
  }
  EXPECT_LT(errors[1], 0.6 * errors[0]);
  EXPECT_LT(errors[2], 0.6 * errors[1]);
}

TEST(Pyqg, ABarotropicPairOfVortices) {
  Settings settings{spectral::Box(64, 64, 2 * pi, 2 * pi)};
  settings.dealiasing = spectral::Dealiasing::none;
  settings.layers = 1;
  settings.filter_strength = 23.6;
  Case flow(settings);
  const auto& transform = flow.model.transform();
  // psi of two vortices at the points of pyqg, of the kinetic energy 1 that its filter leaves.
  flow.set(0, [](Real x, Real y) {
    x += pi / 64;
    y += pi / 64;
    const auto square = [](Real z) { return z * z; };
    const Real in_y = square(2 * (y - pi));
    return std::exp(-square(2 * (x - 1.75 * pi / 2)) - in_y) +
           std::exp(-square(2 * (x - 2.25 * pi / 2)) - in_y);
  });
  const auto factors = flow.model.filter();
  Real energy = 0;
  for (Index i = 0; i < transform.coefficients(); ++i) {
    const auto k = transform.wavenumber(i);
    const Real size = factors[static_cast<std::size_t>(i)] * Kokkos::abs(flow.q()[i]);
    energy += transform.weight(i) * (k[0] * k[0] + k[1] * k[1]) * size * size / 2;
  }
  for (Index i = 0; i < transform.coefficients(); ++i) {
    const auto k = transform.wavenumber(i);
    flow.q()[i] *= -(k[0] * k[0] + k[1] * k[1]) / std::sqrt(energy);
  }
  Case earlier(settings);
  Kokkos::deep_copy(earlier.state, flow.state);
  ASSERT_TRUE(flow.run("ab3", 0.0025, 2000, euler));
  EXPECT_NEAR(flow.square_sum(flow.q()), 89101.741238768518, 1e-9 * 89101.7);
  // pyqg's streamfunction is that of the step before.
  ASSERT_TRUE(earlier.run("ab3", 0.0025, 1999, euler));
  const auto psi = earlier.streamfunction();
  EXPECT_NEAR(earlier.square_sum(psi.data()), 1493.217664248918, 1e-9 * 1493.2);
  EXPECT_NEAR(earlier.measure().at("kinetic_energy"), 0.9950360837282386, 1e-9);
}

}  // namespace
