// SPDX-License-Identifier: BSD-3-Clause
// Model noise for every registered model: portions, ranks, members and truth.
#include "app/build.hpp"
#include "law/registered.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace {

using namespace starling;

class ModelError : public testing::TestWithParam<std::string> {
 protected:
  static std::string input(const std::string& error, const std::string& members = "5") {
    std::string text =
        "[model]\nname = \"" + GetParam() + "\"\n" + test_support::models.at(GetParam());
    text += "[stepper]\nscheme = \"rk4\"\ndt = 0.005\n" + error;
    text += "[ensemble]\nmembers = " + members + "\ninitial = \"gaussian\"\nstd = 0.3\n";
    text += "[observations]\nsource = \"twin\"\nnetwork = \"all\"\ninterval = 4\nerror_std = 0.5\n";
    return text + "[filter]\nname = \"none\"\n[assimilation]\ncycles = 10\n";
  }
  static app::AssimilationRun build(const std::string& text) {
    Config config = Config::parse(text, "noise.toml");
    app::AssimilationRun run =
        app::build_assimilation(config, app::builtin_registry(), {}, test_support::world());
    run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
    return run;
  }
  // Advances members and truth in portions.
  static void advance(app::AssimilationRun& run, const std::vector<Index>& portions) {
    Index step = 0;
    for (const Index count : portions) {
      EXPECT_FALSE(run.ensemble->advance(step, count).has_value());
      EXPECT_FALSE(run.truth->advance(step, count).has_value());
      step += count;
    }
    run.ensemble->update_members();
    run.truth->publish();
  }
  static std::vector<Real> members(const app::AssimilationRun& run) {
    const Rows block = run.ensemble->members();
    return {block.data(), block.data() + block.size()};
  }
  static std::vector<Real> truth(const app::AssimilationRun& run) {
    return {run.truth->values(), run.truth->values() + run.truth->dofs()};
  }
  static constexpr const char* noise = "[model_error]\nstd = 0.1\ninterval = 3\n";
};

TEST_P(ModelError, StepsCanBeTakenInAnyPortions) {
  app::AssimilationRun whole = build(input(noise)), parts = build(input(noise));
  advance(whole, {11});
  advance(parts, {1, 2, 4, 0, 2, 2});
  EXPECT_EQ(members(whole), members(parts));
  EXPECT_EQ(truth(whole), truth(parts));
}

TEST_P(ModelError, AMemberDoesNotKnowHowManyThereAre) {
  app::AssimilationRun few = build(input(noise, "6")), many = build(input(noise, "12"));
  advance(few, {7});
  advance(many, {7});
  const Range a = few.ensemble->owned(), b = many.ensemble->owned();
  const Index n = few.ensemble->dofs();
  for (Index m = std::max(a.begin, b.begin); m < std::min(a.end, b.end); ++m)
    EXPECT_EQ(std::memcmp(few.ensemble->members().data() + (m - a.begin) * n,
                          many.ensemble->members().data() + (m - b.begin) * n,
                          static_cast<std::size_t>(n) * sizeof(Real)),
              0);
  EXPECT_EQ(truth(few), truth(many));
}

TEST_P(ModelError, NoneIsAddedBetweenItsTimes) {
  app::AssimilationRun with = build(input(noise)), without = build(input(""));
  advance(with, {2});
  advance(without, {2});
  EXPECT_EQ(members(with), members(without));
  EXPECT_EQ(truth(with), truth(without));
}

TEST_P(ModelError, IsAddedToGridPointValues) {
  app::AssimilationRun with = build(input(noise)), without = build(input(""));
  advance(with, {3});
  advance(without, {3});
  // The modes that the model keeps of the noise, by the round trip of a member.
  const auto expect_noise = [&](const std::vector<Real>& noisy, const std::vector<Real>& clean,
                                Purpose purpose, std::uint64_t number) {
    const models::Model& model = *with.system.model;
    const auto n = static_cast<Index>(clean.size()), copies = model.members_per_state();
    std::vector<Real> grid(static_cast<std::size_t>(n * copies)),
        state(static_cast<std::size_t>(model.width()));
    const Stream stream(1, purpose, number, 2);
    for (Index c = 0; c < copies; ++c)
      for (Index j = 0; j < n; ++j)
        grid[static_cast<std::size_t>(c * n + j)] =
            clean[static_cast<std::size_t>(j)] + 0.1 * stream.normal(static_cast<std::uint64_t>(j));
    model.to_states(make_rows(state.data(), 1, model.width()), make_rows(grid.data(), copies, n));
    model.to_physical(make_rows(grid.data(), copies, n), make_rows(state.data(), 1, model.width()));
    for (std::size_t j = 0; j < clean.size(); ++j) EXPECT_NEAR(noisy[j], grid[j], 1e-13);
  };
  const Index n = with.ensemble->dofs();
  for (Index m = 0; m < with.ensemble->owned().size(); ++m) {
    const auto row = [&](app::AssimilationRun& run) {
      const Real* begin = run.ensemble->members().data() + m * n;
      return std::vector<Real>(begin, begin + n);
    };
    expect_noise(row(with), row(without), Purpose::model_error,
                 static_cast<std::uint64_t>(with.ensemble->owned().begin + m));
  }
  expect_noise(truth(with), truth(without), Purpose::truth_model_error, 0);
}

TEST_P(ModelError, TheTruthCanDiffer) {
  const std::string quiet = std::string(noise) + "[truth.model_error]\nstd = 0.0\n";
  app::AssimilationRun differs = build(input(quiet)), without = build(input("")),
                       same = build(input(noise));
  for (auto* run : {&differs, &without, &same}) advance(*run, {3});
  // Zero noise may pass through grid-point values: equal up to the rounding of a transform.
  for (std::size_t j = 0; j < truth(without).size(); ++j)
    EXPECT_NEAR(truth(differs)[j], truth(without)[j], 1e-13);
  EXPECT_EQ(members(differs), members(same));
}

TEST_P(ModelError, AllocatesNothing) {
  app::AssimilationRun run = build(input(noise));
  const test_support::AllocationCounter allocations;
  run.ensemble->advance(0, 7);
  run.truth->advance(0, 7);
  EXPECT_EQ(allocations.count(), 0u);
}

std::vector<std::string> all_models() {
  std::vector<std::string> all;
  for (const auto& model : app::builtin_registry().models) all.push_back(model.name);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Registered, ModelError, testing::ValuesIn(all_models()),
                         [](const auto& each) { return each.param; });

}  // namespace
