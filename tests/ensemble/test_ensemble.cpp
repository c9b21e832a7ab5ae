// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "ensemble/ensemble.hpp"

#include <gtest/gtest.h>

namespace {

using namespace starling;
using ensemble::Failure;

// Two members a state, interleaved; a step adds 1; state 3 fails at step 5.
class Counting final : public ensemble::Forecast {
 public:
  Index dofs() const override { return 2; }
  Index width() const override { return 4; }
  Index members_per_state() const override { return 2; }
  Index history() const override { return 1; }
  Real dt() const override { return 0.5; }
  std::optional<Failure> advance(Rows states, Rows, Index age, Index first, Index count,
                                 Index) override {
    ages.push_back(age);
    for (Index s = 0; s < rows_of(states); ++s)
      for (Index j = 0; j < 4; ++j) states(s, j) += static_cast<Real>(count);
    for (Index s = 0; s < rows_of(states); ++s)
      if (states(s, 0) >= 600 && first <= 5 && 5 < first + count) return Failure{s, 5};
    return std::nullopt;
  }
  void to_physical(Rows members, ConstRows states) override {
    for (Index s = 0; s < rows_of(states); ++s)
      for (Index j = 0; j < 4; ++j) members(2 * s + j % 2, j / 2) = states(s, j);
  }
  void to_states(Rows states, ConstRows members) override {
    for (Index s = 0; s < rows_of(states); ++s)
      for (Index j = 0; j < 4; ++j) states(s, j) = members(2 * s + j % 2, j / 2);
  }
  std::vector<Index> ages;
};

TEST(Ensemble, OwnsWholePairsAndPadsTheLast) {
  const ProcessGrid processes(MPI_COMM_WORLD);
  Counting forecast;
  ensemble::Ensemble ensemble(processes, forecast, 7);
  EXPECT_EQ(ensemble.owned(), processes.members_of(7, processes.group()));
  EXPECT_EQ(ensemble.all_states(), 4);
  const Rows members = ensemble.members();
  EXPECT_EQ(rows_of(members), ensemble.owned().size());
  for (Index m = 0; m < rows_of(members); ++m)
    members(m, 0) = members(m, 1) = static_cast<Real>(100 * (ensemble.owned().begin + m));
  ensemble.update_states();
  for (Index s = 0; s < rows_of(ensemble.states()); ++s) {
    const Index first = 2 * (ensemble.first_state() + s);
    EXPECT_EQ(ensemble.states()(s, 0), 100.0 * static_cast<Real>(first));
    EXPECT_EQ(ensemble.states()(s, 1), 100.0 * static_cast<Real>(std::min<Index>(first + 1, 6)));
  }
  EXPECT_FALSE(ensemble.advance(0, 3).has_value());
  ensemble.update_members();
  for (Index m = 0; m < rows_of(members); ++m)
    EXPECT_EQ(members(m, 1), 100.0 * static_cast<Real>(ensemble.owned().begin + m) + 3);
}

TEST(Ensemble, NamesTheGlobalStateThatFails) {
  const ProcessGrid processes(MPI_COMM_WORLD);
  Counting forecast;
  ensemble::Ensemble ensemble(processes, forecast, 8);
  for (Index m = 0; m < ensemble.owned().size(); ++m)
    ensemble.members()(m, 0) = 100.0 * static_cast<Real>(ensemble.owned().begin + m);
  ensemble.update_states();
  const auto failure = ensemble.advance(4, 4);
  if (ensemble.owned().contains(6)) {
    EXPECT_TRUE(failure.has_value());
    EXPECT_EQ(failure.value_or(Failure{-1, -1}).row, 3);
  } else {
    EXPECT_FALSE(failure.has_value());
  }
}

TEST(Ensemble, AnAnalysisForgetsTheHistory) {
  const ProcessGrid processes(MPI_COMM_WORLD);
  Counting forecast;
  ensemble::Ensemble ensemble(processes, forecast, 2);
  ensemble.advance(0, 3);
  ensemble.advance(3, 2);
  ensemble.update_states();
  ensemble.advance(5, 1);
  EXPECT_EQ(forecast.ages, (std::vector<Index>{0, 3, 0}));
}

TEST(Ensemble, NeedsAMember) {
  const ProcessGrid processes(MPI_COMM_WORLD);
  Counting forecast;
  EXPECT_THROW(ensemble::Ensemble(processes, forecast, 0), InputError);
}

}  // namespace
