// SPDX-License-Identifier: BSD-3-Clause
// A member that is not finite, for every registered model and filter: it is named, and drawn anew
// or dropped, or stops the run; the others never feel it.
#include "app/build.hpp"
#include "core/error.hpp"
#include "law/registered.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace {

using namespace starling;

constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
constexpr Index interval = 4, victim = 3;

struct Case {
  std::string model, filter;
};

bool weighs(const std::string& filter) {
  return std::holds_alternative<filters::ParticleFilterMaker>(
      app::find(app::builtin_registry().filters, filter).make);
}
bool iterates(const std::string& filter) {
  return std::holds_alternative<filters::IterativeFilterMaker>(
      app::find(app::builtin_registry().filters, filter).make);
}
// Their members are no sample: see OnlyStopWhereNoneCanBeSpared.
bool carries_moments(const std::string& filter) {
  return filter == "climatology" || filter == "optimal_interpolation" || filter == "var3d" ||
         filter == "kalman" || filter == "extended_kalman";
}
Index members_of(const std::string& filter) { return weighs(filter) ? 40 : 6; }

std::string input(const Case& of, Index members, const std::string& policy,
                  const std::string& more = "") {
  std::string text = "[model]\nname = \"" + of.model + "\"\n" + test_support::models.at(of.model);
  text += "[stepper]\nscheme = \"rk4\"\ndt = 0.005\n";
  text += fmt::format("[ensemble]\nmembers = {}\ninitial = \"gaussian\"\nstd = 0.3\n", members);
  text += "[observations]\nsource = \"twin\"\nnetwork = \"all\"\ninterval = 4\nerror_std = 0.5\n";
  text += "[filter]\nname = \"" + of.filter + "\"\n";
  if (test_support::keys_of_filters.contains(of.filter))
    text += test_support::keys_of_filters.at(of.filter);
  return text + "[assimilation]\ncycles = 10\non_member_failure = \"" + policy + "\"\n" + more;
}

app::AssimilationRun build(const std::string& text, MPI_Comm comm) {
  Config config = Config::parse(text, "failure.toml");
  app::AssimilationRun run = app::build_assimilation(config, app::builtin_registry(), {}, comm);
  run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
  return run;
}

void plant(app::AssimilationRun& run, Index member, Real value) {
  const Range owned = run.ensemble->owned();
  if (owned.contains(member)) {
    const Rows rows = run.ensemble->members();
    rows.data()[(member - owned.begin) * run.ensemble->dofs()] = value;
  }
  run.ensemble->update_states();
}

bool finite(const app::AssimilationRun& run) {
  const Rows rows = run.ensemble->members();
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!std::isfinite(rows.data()[i])) return false;
  return true;
}

// Members of `other`, row by row, those that `run` has at `numbers`; what a rank lacks is not seen.
void expect_same(const app::AssimilationRun& run, const std::vector<Index>& numbers,
                 const app::AssimilationRun& other) {
  const Range a = run.ensemble->owned(), b = other.ensemble->owned();
  const Index n = run.ensemble->dofs();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto j = static_cast<Index>(i);
    if (!a.contains(numbers[i]) || !b.contains(j)) continue;
    EXPECT_EQ(std::memcmp(run.ensemble->members().data() + (numbers[i] - a.begin) * n,
                          other.ensemble->members().data() + (j - b.begin) * n,
                          static_cast<std::size_t>(n) * sizeof(Real)),
              0)
        << "member " << numbers[i];
  }
}

// The members that fail with the victim, and the others.
std::vector<Index> failing(const app::AssimilationRun& run) {
  return run.ensemble->members_per_state() == 2 ? std::vector<Index>{victim - 1, victim}
                                                : std::vector<Index>{victim};
}
std::vector<Index> others(const app::AssimilationRun& run) {
  std::vector<Index> all;
  const std::vector<Index> gone = failing(run);
  for (Index m = 0; m < run.ensemble->size(); ++m)
    if (std::find(gone.begin(), gone.end(), m) == gone.end()) all.push_back(m);
  return all;
}

// Cycle n; the number of members that failed.
campaigns::CycleReport cycle(app::AssimilationRun& run, Index n) {
  EXPECT_EQ(run.campaign->cycle().forecast(interval * n, interval), "");
  campaigns::CycleReport report = run.campaign->cycle().analyse(n);
  run.ensemble->update_members();
  return report;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const app::Registry registry = app::builtin_registry();
  for (const auto& model : registry.models)
    for (const auto& filter : registry.filters)
      if (!carries_moments(filter.name)) all.push_back({model.name, filter.name});
  return all;
}

class MemberFailure : public testing::TestWithParam<Case> {};

TEST_P(MemberFailure, IsDrawnAnewWithTheSameBitsOnAnyNumberOfRanks) {
  const std::string text = input(GetParam(), members_of(GetParam().filter), "resample");
  app::AssimilationRun run = build(text, test_support::world()), alone = build(text, MPI_COMM_SELF);
  std::vector<Index> all;
  for (Index m = 0; m < run.ensemble->size(); ++m) all.push_back(m);
  for (Index n = 0; n < 4; ++n) {
    // At the start, and later; a number that the steps turn into one that is not finite.
    if (n == 0 || n == 2)
      for (auto* each : {&run, &alone}) plant(*each, victim, n == 0 ? nan : 1e200);
    const campaigns::CycleReport report = cycle(run, n), same = cycle(alone, n);
    EXPECT_EQ(report.failed, n % 2 == 0 ? static_cast<Index>(failing(run).size()) : 0);
    EXPECT_EQ(same.failed, report.failed);
    EXPECT_TRUE(finite(run));
    for (const auto& scores : {report.background, report.analysis})
      for (const Real each : {scores.rmse, scores.spread, scores.crps})
        EXPECT_TRUE(std::isfinite(each));
    EXPECT_EQ(report.analysis.rmse, same.analysis.rmse);
    expect_same(run, all, alone);
  }
}

TEST_P(MemberFailure, DroppedItIsAsIfItHadNeverBeen) {
  const auto& [model, filter] = GetParam();
  if (iterates(filter)) {
    EXPECT_THROW(build(input(GetParam(), 6, "drop"), test_support::world()), InputError);
    return;
  }
  if (weighs(filter)) return;
  // One member more than there are in the pairs that are left, so that a stand-in has no partner.
  app::AssimilationRun run = build(input(GetParam(), 7, "drop"), test_support::world());
  const std::vector<Index> left = others(run);
  const auto count = static_cast<Index>(left.size());
  app::AssimilationRun whole = build(input(GetParam(), 7, "stop"), MPI_COMM_SELF);
  app::AssimilationRun fewer = build(input(GetParam(), count, "stop"), MPI_COMM_SELF);
  const Index n = run.ensemble->dofs();
  for (Index i = 0; i < count; ++i)
    std::memcpy(fewer.ensemble->members().data() + i * n,
                whole.ensemble->members().data() + left[static_cast<std::size_t>(i)] * n,
                static_cast<std::size_t>(n) * sizeof(Real));
  fewer.ensemble->update_states();
  // Rows have been through their states once more.
  run.ensemble->update_states();
  plant(run, victim, nan);
  for (Index step = 0; step < 4; ++step) {
    const campaigns::CycleReport report = cycle(run, step), expected = cycle(fewer, step);
    EXPECT_EQ(report.failed, step == 0 ? 7 - count : 0);
    EXPECT_TRUE(finite(run));
    EXPECT_EQ(report.background.rmse, expected.background.rmse);
    EXPECT_EQ(report.analysis.rmse, expected.analysis.rmse);
    EXPECT_EQ(report.analysis.spread, expected.analysis.spread);
    EXPECT_EQ(report.analysis.fair_crps, expected.analysis.fair_crps);
    EXPECT_EQ(report.innovation.chi_square, expected.innovation.chi_square);
    expect_same(run, left, fewer);
  }
}

TEST_P(MemberFailure, OfMoreThanHalfStopsTheRun) {
  app::AssimilationRun run = build(input(GetParam(), 6, "resample"), test_support::world());
  for (const Index member : {Index{0}, Index{1}, Index{4}, Index{5}}) plant(run, member, nan);
  EXPECT_EQ(run.campaign->cycle().forecast(0, interval), "");
  try {
    run.campaign->cycle().analyse(0);
    ADD_FAILURE() << "went on";
  } catch (const NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("members 0, 1, 4, 5"), std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("more than half"), std::string::npos) << error.what();
  }
}

TEST_P(MemberFailure, OfTheTruthAlwaysStopsTheRun) {
  app::AssimilationRun run = build(input(GetParam(), 6, "resample"), test_support::world());
  const std::vector<Real> bad(static_cast<std::size_t>(run.truth->dofs()), nan);
  run.truth->start(bad.data());
  const std::string failure = run.campaign->cycle().forecast(0, interval);
  EXPECT_EQ(failure.find("the truth is not finite") != std::string::npos,
            run.processes->group() == run.processes->groups() - 1);
}

INSTANTIATE_TEST_SUITE_P(Registered, MemberFailure, testing::ValuesIn(cases()),
                         [](const auto& each) {
                           return each.param.model + "_" + each.param.filter;
                         });

TEST(MemberFailures, OnlyStopWhereNoneCanBeSpared) {
  for (const auto& filter : app::builtin_registry().filters) {
    if (!carries_moments(filter.name)) continue;
    const Case of{"lorenz96", filter.name};
    const int members = test_support::members_for(filter.name, "lorenz96", 40);
    build(input(of, members, "stop"), test_support::world());
    for (const char* policy : {"resample", "drop"})
      EXPECT_THROW(build(input(of, members, policy), test_support::world()), InputError)
          << filter.name;
  }
}

// By default the run ends, and the message names the member.
TEST(MemberFailures, StopTheRunByDefault) {
  app::AssimilationRun run = build(input({"lorenz96", "etkf"}, 6, "stop"), test_support::world());
  plant(run, victim, nan);
  const std::string failure = run.campaign->cycle().forecast(0, interval);
  EXPECT_EQ(failure.find("member 3 is not finite") != std::string::npos,
            run.ensemble->owned().contains(victim));
}

TEST(MemberFailures, AreLookedForWithoutAllocation) {
  app::AssimilationRun run =
      build(input({"lorenz96", "etkf"}, 6, "resample"), test_support::world());
  cycle(run, 0);
  const test_support::AllocationCounter allocations;
  run.campaign->cycle().forecast(interval, interval);
  // What MPI allocates for its messages is its own.
  if (test_support::world_size() == 1) run.campaign->cycle().analyse(1);
  EXPECT_EQ(allocations.count(), 0u);
}

// Smoothers and increments go on with what was drawn anew.
TEST(MemberFailures, LeaveSmoothersAndIncrementsFinite) {
  for (const char* model : {"lorenz96", "semilinear1d"})
    for (const std::string& more :
         {std::string("incremental_steps = 2\n"), std::string("[smoother]\nlag = 2\n")}) {
      const std::string text = input({model, "etkf"}, 6, "resample", more);
      app::AssimilationRun run = build(text, test_support::world()),
                           alone = build(text, MPI_COMM_SELF);
      for (Index n = 0; n < 6; ++n) {
        if (n == 3)
          for (auto* each : {&run, &alone}) plant(*each, victim, nan);
        const campaigns::CycleReport report = cycle(run, n), same = cycle(alone, n);
        EXPECT_EQ(report.failed, n == 3 ? static_cast<Index>(failing(run).size()) : 0);
        EXPECT_TRUE(finite(run));
        EXPECT_EQ(report.analysis.rmse, same.analysis.rmse);
        if (more[0] == '[' && n > 2) {
          EXPECT_TRUE(std::isfinite(report.smoothed.rmse));
          EXPECT_EQ(report.smoothed.rmse, same.smoothed.rmse);
        }
      }
    }
}

// The background check takes mean and spread of the members that are left.
TEST(MemberFailures, LeaveTheBackgroundCheckToTheOthers) {
  const std::string check = "[quality_control]\nbackground_check = 1.0\n";
  app::AssimilationRun run =
      build(input({"lorenz96", "etkf"}, 6, "drop", check), test_support::world());
  app::AssimilationRun fewer = build(input({"lorenz96", "etkf"}, 5, "stop", check), MPI_COMM_SELF);
  // The last one: the first five are those of a smaller ensemble.
  plant(run, 5, nan);
  for (Index n = 0; n < 3; ++n) {
    const campaigns::CycleReport report = cycle(run, n), expected = cycle(fewer, n);
    EXPECT_GT(report.counts.rejected, 0);
    EXPECT_EQ(report.counts.rejected, expected.counts.rejected);
    EXPECT_EQ(report.analysis.rmse, expected.analysis.rmse);
  }
}

}  // namespace
