// SPDX-License-Identifier: BSD-3-Clause
// Laws of a whole cycle of assimilation for every registered model and filter.
#include "app/build.hpp"
#include "law/registered.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace {

using namespace starling;

struct Case {
  std::string model, filter;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  const app::Registry registry = app::builtin_registry();
  for (const auto& model : registry.models)
    for (const auto& filter : registry.filters) all.push_back({model.name, filter.name});
  return all;
}

class Cycle : public testing::TestWithParam<Case> {
 protected:
  static bool particles() {
    const app::Registry registry = app::builtin_registry();
    return std::holds_alternative<filters::ParticleFilterMaker>(
        app::find(registry.filters, GetParam().filter).make);
  }
  static Index dofs(const std::string& model) {
    const std::string text = "[model]\nname = \"" + model + "\"\n" +
                             test_support::models.at(model) +
                             "[stepper]\nscheme = \"rk4\"\ndt = 0.005\n";
    Config config = Config::parse(text, "model.toml");
    return app::build_system(config, app::builtin_registry(), "",
                             ProcessGrid(test_support::world()))
        .forecast->dofs();
  }

  static app::AssimilationRun build() {
    const auto& [model, filter] = GetParam();
    std::string text = "[model]\nname = \"" + model + "\"\n" + test_support::models.at(model);
    text += "[stepper]\nscheme = \"rk4\"\ndt = 0.005\n";
    text += fmt::format("[ensemble]\nmembers = {}\n",
                        particles() ? 400 : test_support::members_for(filter, model, dofs(model)));
    text += "initial = \"gaussian\"\nstd = 0.3\n";
    text += "[observations]\nsource = \"twin\"\nnetwork = \"all\"\ninterval = 4\nerror_std = 0.5\n";
    if (test_support::keys_of_observations.contains(model))
      text += test_support::keys_of_observations.at(model);
    text += "[filter]\nname = \"" + filter + "\"\n";
    if (test_support::keys_of_filters.contains(filter))
      text += test_support::keys_of_filters.at(filter);
    if (particles()) text += "regularisation = 1.0\n";
    text += "[assimilation]\ncycles = 10\n";
    Config config = Config::parse(text, "cycle.toml");
    return app::build_assimilation(config, app::builtin_registry(), {}, test_support::world());
  }
};

TEST_P(Cycle, NothingAllocatesInAForecastAndAnAnalysis) {
  app::AssimilationRun run = build();
  run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
  campaigns::Cycle& cycle = run.campaign->cycle();
  cycle.forecast(0, 4);
  cycle.analyse(0);
  // What MPI allocates for its messages is its own.
  const test_support::AllocationCounter allocations;
  EXPECT_EQ(cycle.forecast(4, 4), "");
  if (test_support::world_size() == 1) {
    cycle.analyse(1);
  }
  EXPECT_EQ(allocations.count(), 0u);
}

TEST_P(Cycle, AFilterBringsTheEnsembleNearerToTheTruth) {
  if (particles() && GetParam().model != "lorenz63")
    GTEST_SKIP() << "their number grows exponentially with that of observations (snyder2008)";
  app::AssimilationRun run = build();
  run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
  campaigns::Cycle& cycle = run.campaign->cycle();
  Real background = 0, analysis = 0;
  for (Index n = 0; n < 10; ++n) {
    EXPECT_EQ(cycle.forecast(4 * n, 4), "");
    const campaigns::CycleReport report = cycle.analyse(n);
    background += report.background.rmse;
    analysis += report.analysis.rmse;
    EXPECT_NEAR(report.time, 0.02 * static_cast<Real>(n + 1), 1e-15);
  }
  if (GetParam().filter == "none" || GetParam().filter == "climatology") {
    EXPECT_EQ(analysis, background);
  } else {
    EXPECT_LT(analysis, background);
  }
}

INSTANTIATE_TEST_SUITE_P(Registered, Cycle, testing::ValuesIn(cases()), [](const auto& each) {
  return each.param.model + "_" + each.param.filter;
});

}  // namespace
