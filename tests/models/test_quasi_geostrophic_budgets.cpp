// SPDX-License-Identifier: BSD-3-Clause
// Budgets and spectra of quasi-geostrophic turbulence against differences in time and sums.
#include "models/quasi_geostrophic_case.hpp"

#include <numeric>

namespace {

using namespace starling;
using test_support::pi;
using Case = test_support::QuasiGeostrophicCase;
using Settings = Case::Settings;

Settings everything(int layers) {
  Settings settings{spectral::Box(24, 32, 2 * pi, 3 * pi)};
  settings.layers = layers;
  settings.beta = 0.7;
  settings.radius = 0.6;
  settings.thickness_ratio = 0.4;
  settings.mean_flow = {0.5, layers == 2 ? -0.2 : 0};
  settings.drag = 0.15;
  settings.viscosity = 1e-4;
  settings.order = 2;
  settings.relaxation = layers == 2 ? 0.2 : 0;
  settings.jet_speed = 1;
  settings.jet_width = 1;
  settings.sponge = 0.3;
  settings.topography = [](Real x, Real y) { return 0.4 * std::cos(x) * std::cos(4 * y / 3); };
  settings.forcing[0] = [](Real x, Real y) { return 0.2 * std::cos(2 * x + 2 * y / 3); };
  settings.start = {.kind = "noise", .amplitude = 1, .modes = 6};
  return settings;
}

struct Change {
  std::map<std::string, Real> rate;  // central differences in time
  std::map<std::string, Real> middle;
};

Change change_of(const Settings& settings) {
  const Real dt = 1e-3;
  Case flow(settings);
  const auto before = flow.measure();
  EXPECT_TRUE(flow.run("etdrk4", dt, 1));
  Change change{{}, flow.measure()};
  EXPECT_TRUE(flow.run("etdrk4", dt, 1));
  for (const auto& [name, value] : flow.measure())
    change.rate[name] = (value - before.at(name)) / (2 * dt);
  return change;
}

TEST(QuasiGeostrophicBudgets, TermsAddUpToTheChangeOfEnergy) {
  for (const int layers : {1, 2}) {
    const Settings settings = everything(layers);
    const Change change = change_of(settings);
    Real sum = 0, size = 0;
    for (const auto& quantity : Case(settings).model.quantities()) {
      if (quantity.budget_of.empty()) continue;
      ASSERT_EQ(quantity.budget_of, "energy");
      const Real term = change.middle.at(quantity.name);
      EXPECT_NE(term, 0) << quantity.name;
      sum += term;
      size = std::max(size, std::abs(term));
    }
    EXPECT_NEAR(sum, change.rate.at("energy"), 1e-5 * size);
    for (const char* sink : {"energy_drag", "energy_dissipation"})
      EXPECT_LT(change.middle.at(sink), 0);
  }
}

TEST(QuasiGeostrophicBudgets, ConversionMovesEnergyFromPotentialToKinetic) {
  Settings settings = everything(2);
  settings.sponge = 0;
  settings.viscosity = 0;
  settings.relaxation = 0;
  const Change change = change_of(settings);
  const auto& now = change.middle;
  const Real conversion = now.at("baroclinic_conversion");
  const Real size = std::abs(conversion) + std::abs(now.at("energy_generation"));
  EXPECT_NEAR(change.rate.at("available_potential_energy"),
              now.at("energy_generation") - conversion, 1e-5 * size);
  EXPECT_NEAR(
      change.rate.at("kinetic_energy"),
      conversion + now.at("energy_drag") + now.at("energy_input") + now.at("energy_form_stress"),
      1e-5 * size);
  EXPECT_NEAR(now.at("energy"), now.at("kinetic_energy") + now.at("available_potential_energy"),
              1e-13);
  const Real share = 0.4 / 1.4;
  EXPECT_NEAR(now.at("kinetic_energy"),
              share * now.at("kinetic_energy_1") + (1 - share) * now.at("kinetic_energy_2"), 1e-14);
  // k_d^2 H_1 H_2 / H^2 (U_1 - U_2) times the heat flux.
  EXPECT_NEAR(now.at("energy_generation"), share * (1 - share) / 0.36 * 0.7 * now.at("heat_flux"),
              1e-14);
}

TEST(QuasiGeostrophicBudgets, TheFilterTakesWhatAStepLoses) {
  Settings settings = everything(2);
  settings.dealiasing = spectral::Dealiasing::none;
  settings.viscosity = 0;
  settings.start.modes = 11;
  Case open(settings);
  settings.filter_strength = 23.6;
  Case filtered(settings);
  const Real dt = 1e-3;
  Array<Real**> none("none", 1, 0);
  // Euler's step, for which the estimate is exact.
  filtered.model.kick(none, 0, 0, dt);
  const Real rate = filtered.measure().at("energy_filter");
  ASSERT_TRUE(open.run("ab3", dt, 1, "start = \"euler\""));
  ASSERT_TRUE(filtered.run("ab3", dt, 1, "start = \"euler\""));
  const Real loss = filtered.measure().at("energy") - open.measure().at("energy");
  EXPECT_LT(loss, 0);
  EXPECT_NEAR(rate, loss / dt, 1e-9 * std::abs(rate));
}

TEST(QuasiGeostrophicBudgets, SpectraAddUp) {
  for (const int layers : {1, 2}) {
    Settings settings = everything(layers);
    settings.topography = nullptr;
    Case flow(settings);
    const auto means = flow.measure();
    const auto spectra = flow.spectra();
    const auto total = [&](const std::string& name) {
      const auto& all = spectra.at(name);
      return std::accumulate(all.begin(), all.end(), 0.0);
    };
    for (const auto& [name, spectrum] : spectra) {
      if (name.find("flux") != std::string::npos) {
        // All that leaves a scale arrives at another one.
        const Real most = *std::max_element(spectrum.begin(), spectrum.end());
        const Real least = *std::min_element(spectrum.begin(), spectrum.end());
        EXPECT_GT(most - least, 1e-4) << name;
        EXPECT_LT(std::abs(spectrum.back()), 1e-13 * (most - least)) << name;
        continue;
      }
      std::string of = name;
      of.erase(of.find("_spectrum"), std::string("_spectrum").size());
      EXPECT_NEAR(total(name), means.at(of), 1e-13 * std::abs(means.at(of))) << name;
    }
    // Shells are as wide as the larger unit of the two axes.
    EXPECT_NEAR(flow.model.bins()[3], 3, 1e-15);
  }
}

}  // namespace
