// SPDX-License-Identifier: BSD-3-Clause
// Laws of every smoother of particle filters, with every filter that suits one.
#include "app/build.hpp"
#include "core/error.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace starling;

struct Case {
  std::string smoother, filter;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto& smoother : campaigns::smoothers())
    for (const char* filter : {"bootstrap", "auxiliary"})
      if (smoother.name != "fixed_lag") all.push_back({smoother.name, filter});
  return all;
}

constexpr const char* noise = "[model_error]\nstd = 0.5\ninterval = 5\n";
constexpr Index cycles = 12;

app::AssimilationRun build(const std::string& smoother, const std::string& filter,
                           const std::string& error, MPI_Comm comm) {
  std::string text =
      "[model]\nname = \"lorenz63\"\n[stepper]\nscheme = \"rk4\"\ndt = 0.01\n" + error;
  text += "[ensemble]\nmembers = 60\ninitial = \"gaussian\"\nstd = 1.0\n";
  text += "[observations]\nsource = \"twin\"\nnetwork = \"all\"\ninterval = 5\nerror_std = 1.0\n";
  text += "[filter]\nname = \"" + filter + "\"\n";
  if (filter == "bootstrap" || filter == "auxiliary") text += "threshold = 1.0\n";
  text += "[smoother]\nname = \"" + smoother + "\"\n";
  if (smoother == "particle_gibbs") text += "sweeps = 6\nburn_in = 1\n";
  text += fmt::format("[assimilation]\ncycles = {}\n", cycles);
  Config config = Config::parse(text, "smoother.toml");
  return app::build_assimilation(config, app::builtin_registry(), {}, comm);
}

void start(app::AssimilationRun& run) {
  run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
}

class Smoother : public testing::TestWithParam<Case> {};

TEST_P(Smoother, AllocatesNothingInAForecastAndAnAnalysis) {
  app::AssimilationRun run = build(GetParam().smoother, GetParam().filter, noise, MPI_COMM_SELF);
  start(run);
  campaigns::Cycle& cycle = run.campaign->cycle();
  cycle.forecast(0, 5);
  cycle.analyse(0);
  const test_support::AllocationCounter allocations;
  cycle.forecast(5, 5);
  cycle.analyse(1);
  EXPECT_EQ(allocations.count(), 0u);
}

// A smoother knows more than the filter. What it says has the same bits on any number of ranks.
TEST_P(Smoother, BringsThePastNearerToTheTruthAlikeOnAllRanks) {
  std::vector<std::vector<Real>> results;
  for (MPI_Comm comm : {test_support::world(), MPI_Comm(MPI_COMM_SELF)}) {
    app::AssimilationRun run = build(GetParam().smoother, GetParam().filter, noise, comm);
    start(run);
    campaigns::Cycle& cycle = run.campaign->cycle();
    Real filtered = 0, smoothed = 0;
    for (Index n = 0; n < cycles; ++n) {
      EXPECT_EQ(cycle.forecast(5 * n, 5), "");
      const campaigns::CycleReport report = cycle.analyse(n);
      filtered += report.analysis.rmse / cycles;
      smoothed = report.average_rmse;
    }
    if (const std::vector<Real>* averages = cycle.running_averages()) {
      results.push_back(*averages);
      EXPECT_EQ(cycle.stages(), 0);
      EXPECT_LT(smoothed, filtered);  // errors of an average over twelve analyses
      continue;
    }
    for (Index s = 0; s < cycle.stages(); ++s) cycle.stage(s);
    const campaigns::SmoothedRun whole = cycle.smoothed();
    results.push_back(whole.mean);
    smoothed = 0;
    results.back().insert(results.back().end(), whole.spread.begin(), whole.spread.end());
    for (const Real each : whole.rmse) smoothed += each / cycles;
    EXPECT_LT(smoothed, filtered);
  }
  EXPECT_EQ(results[0], results[1]);
}

INSTANTIATE_TEST_SUITE_P(Registered, Smoother, testing::ValuesIn(cases()), [](const auto& each) {
  return each.param.smoother + "_" + each.param.filter;
});

std::string refusal(const std::string& smoother, const std::string& filter,
                    const std::string& error) {
  try {
    build(smoother, filter, error, test_support::world());
  } catch (const InputError& failure) {
    return failure.what();
  }
  return "";
}

TEST(SmootherInput, IsRefusedWhereThereIsNoTransitionDensity) {
  const auto says = [](const std::string& text, const char* what) {
    EXPECT_NE(text.find(what), std::string::npos) << text;
  };
  says(refusal("paris", "bootstrap", ""), "no transition density");
  says(refusal("paris", "bootstrap", "[model_error]\nstd = 0.0\ninterval = 5\n"),
       "model_error.std = 0");
  says(refusal("backward_sampling", "bootstrap", "[model_error]\nstd = 0.5\ninterval = 1\n"),
       "model_error.interval = 1");
  says(refusal("forward", "optimal_proposal", noise), "moves particles");
  says(refusal("paris", "etkf", noise), "smoother.name = \"paris\"");
  says(refusal("fixed_lag", "bootstrap", noise), "lag");
}

}  // namespace
