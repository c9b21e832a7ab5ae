// SPDX-License-Identifier: BSD-3-Clause
// Laws of every registered model with every registered stepper.
#include "app/registry.hpp"
#include "core/random.hpp"
#include "law/registered.hpp"
#include "models/integrator.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

namespace {

using namespace starling;

std::unique_ptr<models::Model> make_model(const models::ModelEntry& entry) {
  const auto found = test_support::models.find(entry.name);
  if (found == test_support::models.end())
    throw std::runtime_error(entry.name + " has no line in tests/law/registered.hpp");
  Config config = Config::parse("[model]\n" + found->second, "registered.hpp");
  return entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
}

struct Case {
  models::ModelEntry model;
  steppers::Scheme scheme;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  const app::Registry registry = app::builtin_registry();
  for (const auto& model : registry.models)
    for (const auto& scheme : registry.schemes) all.push_back({model, scheme});
  return all;
}

class Forecast : public testing::TestWithParam<Case> {
 protected:
  static constexpr Index states = 5;

  Forecast()
      : model_(make_model(GetParam().model)),
        integrator_(*model_, GetParam().scheme.make(*model_, test_support::dt)) {}

  Array<Real**> block(Index rows, Index width) const {
    return Array<Real**>("block", static_cast<std::size_t>(rows), static_cast<std::size_t>(width));
  }
  Array<Real**> history() const { return block(states, integrator_.history_width()); }

  // Different states near the reference one.
  Array<Real**> start() const {
    const Index rows = states * model_->members_per_state();
    const Array<Real**> members = block(rows, model_->dofs());
    for (Index m = 0; m < rows; ++m) {
      model_->reference(members.data() + m * model_->dofs());
      const Stream noise(1, Purpose::initial_perturbation, static_cast<std::uint64_t>(m), 0);
      for (Index j = 0; j < model_->dofs(); ++j)
        members(m, j) += 0.3 * noise.normal(static_cast<std::uint64_t>(j));
    }
    const Array<Real**> result = block(states, model_->width());
    model_->to_states(result, members);
    return result;
  }

  static bool same(const Array<Real**>& a, const Array<Real**>& b) {
    return std::memcmp(a.data(), b.data(), a.size() * sizeof(Real)) == 0;
  }

  std::unique_ptr<models::Model> model_;
  models::Integrator integrator_;
};

TEST_P(Forecast, TheRightHandSideNeverWritesItsInputAndIsDeterministic) {
  const Array<Real**> u = start(), before = start();
  const Array<Real**> once = block(states, model_->width()), twice = block(states, model_->width());
  const Index tile = std::min<Index>(states, steppers::tile_rows(model_->width()));
  model_->nonlinear(row_range(Rows(once), 0, tile), row_range(ConstRows(u), 0, tile), 0.3);
  EXPECT_TRUE(same(u, before));
  model_->nonlinear(row_range(Rows(twice), 0, tile), row_range(ConstRows(u), 0, tile), 0.3);
  EXPECT_TRUE(same(once, twice));
}

TEST_P(Forecast, TheSymbolBelongsToTheState) {
  const auto symbol = model_->linear();
  const Index entries = static_cast<Index>(symbol.size()), width = model_->width();
  EXPECT_TRUE(entries == 0 || entries == width || 2 * entries == width);
  EXPECT_EQ(width, model_->state_columns().count());
  EXPECT_EQ(model_->domain().values(), model_->dofs());
}

TEST_P(Forecast, StepsCanBeTakenInAnyPortions) {
  const Array<Real**> whole = start(), parts = start(), past = history(), other = history();
  EXPECT_FALSE(integrator_.advance(whole, past, 0, 7, 10).has_value());
  EXPECT_FALSE(integrator_.advance(parts, other, 0, 7, 3).has_value());
  EXPECT_FALSE(integrator_.advance(parts, other, 3, 10, 7).has_value());
  EXPECT_TRUE(same(whole, parts));
}

TEST_P(Forecast, AStateDoesNotKnowItsNeighbours) {
  const Array<Real**> all = start(), one = start(), past = history(), other = history();
  EXPECT_FALSE(integrator_.advance(all, past, 0, 0, 5).has_value());
  for (Index s = 0; s < states; ++s)
    EXPECT_FALSE(
        integrator_.advance(row_range(Rows(one), s, 1), row_range(Rows(other), s, 1), 0, 0, 5)
            .has_value());
  EXPECT_TRUE(same(all, one));
}

TEST_P(Forecast, GridPointValuesOfResolvedScalesGoThereAndBack) {
  const Array<Real**> u = start(), back = block(states, model_->width());
  const Array<Real**> members = block(states * model_->members_per_state(), model_->dofs());
  model_->to_physical(members, u);
  model_->to_states(back, members);
  Real largest = 0;
  for (Index s = 0; s < states; ++s)
    for (Index j = 0; j < model_->width(); ++j)
      largest = std::max(largest, std::abs(u(s, j) - back(s, j)));
  EXPECT_LT(largest, 1e-13);
}

TEST_P(Forecast, NothingAllocatesInAStep) {
  const Array<Real**> u = start(), past = history();
  const Array<Real**> members = block(states * model_->members_per_state(), model_->dofs());
  const test_support::AllocationCounter allocations;
  integrator_.advance(u, past, 0, 0, 3);
  model_->to_physical(members, u);
  model_->to_states(u, members);
  EXPECT_EQ(allocations.count(), 0u);
}

TEST_P(Forecast, ANanIsFoundWithItsRow) {
  const Array<Real**> u = start(), past = history();
  u(3, 1) = std::nan("");
  const auto failure = integrator_.advance(u, past, 0, 20, 4);
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->row, 3);
  EXPECT_GE(failure->step, 20);
  EXPECT_LT(failure->step, 24);
}

INSTANTIATE_TEST_SUITE_P(Registered, Forecast, testing::ValuesIn(cases()), [](const auto& each) {
  return each.param.model.name + "_" + each.param.scheme.name;
});

}  // namespace
