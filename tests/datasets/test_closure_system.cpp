// SPDX-License-Identifier: BSD-3-Clause
// A model with a closure that is known exactly is another model.
#include "campaigns/closed_run.hpp"
#include "core/config.hpp"
#include "core/error.hpp"
#include "models/model.hpp"
#include "steppers/stepper.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace starling;
using campaigns::ClosedSystem;
using datasets::Closure;
using datasets::ClosureFields;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

std::unique_ptr<models::Model> make(const std::string& name, const std::string& keys) {
  for (const models::ModelEntry& entry : models::builtin()) {
    if (entry.name != name) continue;
    Config config = Config::parse("[model]\n" + keys, name);
    return entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
  }
  return nullptr;
}

// A linear closure with these weights of the constant and of each input at the point itself.
Closure law(const Domain& grid, Index inputs, const std::vector<std::vector<Real>>& of_targets) {
  std::vector<Index> all_inputs(at(inputs));
  std::iota(all_inputs.begin(), all_inputs.end(), 0);
  Closure closure(Closure::Kind::linear, grid, all_inputs, 0, 1);
  const Index each = closure.stencil() / inputs;
  std::vector<Real> weights;
  for (const std::vector<Real>& of_target : of_targets) {
    std::vector<Real> all(at(closure.features()), 0);
    all[0] = of_target[0];
    for (Index i = 0; i < inputs; ++i) all[at(1 + i * each)] = of_target[at(1 + i)];
    weights.insert(weights.end(), all.begin(), all.end());
  }
  closure.set_weights(weights, static_cast<Index>(of_targets.size()));
  return closure;
}

std::vector<Real> start_of(const models::Model& model, Array<Real**>& state) {
  const Array<Real**> members("m", at(model.members_per_state()), at(model.dofs()));
  for (Index m = 0; m < model.members_per_state(); ++m)
    model.draw(members.data() + m * model.dofs(), 3);
  state = Array<Real**>("s", 1, at(model.width()));
  model.to_states(state, ConstRows(members));
  return {members.data(), members.data() + model.dofs()};
}

// Grid-point values after `steps` of a scheme.
std::vector<Real> run(const models::Model& model, steppers::Semilinear& system,
                      const std::string& scheme, Real dt, Index steps) {
  Array<Real**> state;
  start_of(model, state);
  for (const auto& each : steppers::builtin()) {
    if (each.name != scheme) continue;
    const auto stepper = each.make(system, dt);
    const Array<Real**> history("h", 1, at(stepper->history() * system.width()));
    for (Index s = 0; s < steps; ++s) stepper->step(state, history, s, static_cast<Real>(s) * dt);
  }
  const Array<Real**> members("m", at(model.members_per_state()), at(model.dofs()));
  model.to_physical(members, ConstRows(state));
  return {members.data(), members.data() + model.dofs()};
}

Real largest_difference(const std::vector<Real>& a, const std::vector<Real>& b) {
  Real worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

// lorenz1998, eq. 1: the forcing F is a constant closure. The same sums, so the same numbers but
// for the order of additions; the published scales must cancel.
TEST(ClosedSystem, ConstantClosureIsTheForcingOfLorenz96) {
  const auto weak = make("lorenz96", "variables = 40\nforcing = 8.0\n");
  const auto strong = make("lorenz96", "variables = 40\nforcing = 10.0\n");
  const std::string name = weak->domain().components()[0].name;
  const ClosureFields fields{{name}, {name + "_forcing_total"}, {2.0}, {0.5}};
  const Closure closure = law(weak->domain(), 1, {{4, 0}});
  ClosedSystem closed(*weak, {}, fields, &closure), open(*weak, {}, fields, nullptr);
  const auto expected = run(*strong, *strong, "rk4", 0.01, 100);
  EXPECT_LT(largest_difference(run(*weak, closed, "rk4", 0.01, 100), expected), 1e-11);
  EXPECT_GT(largest_difference(run(*weak, open, "rk4", 0.01, 100), expected), 0.1);
  const auto alone = run(*weak, *weak, "rk4", 0.01, 100);
  EXPECT_EQ(largest_difference(run(*weak, open, "rk4", 0.01, 100), alone), 0);
}

// u_t + u u_x + u_xx + u_xxxx + c u = 0 has c u in L, the closed model in N: they agree as the
// scheme converges, of order 4 (kassam2005), down to closures' single precision.
TEST(ClosedSystem, LinearClosureIsATermToTheOrderOfTheScheme) {
  const std::string keys =
      "points = 64\nlength = 22.0\ndealiasing = \"truncation\"\ninitial = \"kassam\"\n";
  const auto without =
      make("semilinear1d", keys + "terms = { uu_x = 1.0, u_xx = 1.0, u_xxxx = 1.0 }\n");
  const auto with =
      make("semilinear1d", keys + "terms = { uu_x = 1.0, u_xx = 1.0, u_xxxx = 1.0, u = 0.7 }\n");
  const ClosureFields fields{{"u"}, {"u_forcing"}, {3.0}, {0.5}};
  // In published numbers: S / 0.5 = -0.7 * 3 / 0.5 (u / 3).
  const Closure closure = law(without->domain(), 1, {{0, -0.7 * 3 / 0.5}});
  ClosedSystem closed(*without, {}, fields, &closure);
  std::vector<Real> errors;
  for (const Index steps : {4, 8, 16}) {
    const Real dt = 4.0 / static_cast<Real>(steps);
    errors.push_back(largest_difference(run(*without, closed, "etdrk4", dt, steps),
                                        run(*with, *with, "etdrk4", 4.0 / 1024, 1024)));
  }
  EXPECT_LT(errors.back(), 1e-3);
  for (std::size_t i = 1; i < errors.size(); ++i)
    EXPECT_NEAR(std::log2(errors[i - 1] / errors[i]), 4, 0.7);
}

// Datasets of a file are sorted by name, components are not: a forcing goes where its name says,
// and to no other component.
TEST(ClosedSystem, AddsForcingsToTheComponentOfTheirName) {
  const auto model = make("navier_stokes2d",
                          "points = [16, 16]\nviscosity = 1e-3\ntracer_diffusivity = [1e-3]\n"
                          "tracer_initial = [\"cosine_x\"]\n");
  ASSERT_EQ(model->domain().components().size(), 2U);
  const std::string tracer = model->domain().components()[1].name;
  ASSERT_LT(tracer, "vorticity");
  Array<Real**> state;
  start_of(*model, state);
  const auto added = [&](const ClosureFields& fields, const Closure& closure) {
    ClosedSystem closed(*model, {}, fields, &closure);
    Array<Real**> with("w", 1, at(model->width())), without("o", 1, at(model->width()));
    // What set() leaves behind must not be taken for a forcing.
    closed.set(with, closed.inputs(state.data()));
    closed.nonlinear(with, state, 0);
    model->nonlinear(without, state, 0);
    for (Index i = 0; i < model->width(); ++i) with.data()[i] -= without.data()[i];
    const Array<Real**> members("m", at(model->members_per_state()), at(model->dofs()));
    model->to_physical(members, ConstRows(with));
    return std::vector<Real>(members.data(), members.data() + model->dofs());
  };
  const Index points = model->domain().points();
  const auto expect = [&](const std::vector<Real>& values, Real vorticity_per_tracer,
                          Real of_tracer) {
    Array<Real**> copy;
    const std::vector<Real> members = start_of(*model, copy);
    for (Index p = 0; p < points; ++p) {
      const Real c = members[at(points + p)];
      EXPECT_NEAR(values[at(p)], vorticity_per_tracer * c, 1e-6);
      EXPECT_NEAR(values[at(points + p)], of_tracer * c, 1e-6);
    }
  };
  const ClosureFields both{
      {tracer, "vorticity"}, {tracer + "_forcing", "vorticity_forcing"}, {1, 1}, {1, 1}};
  expect(added(both, law(model->domain(), 2, {{0, 3, 0}, {0, 2, 0}})), 2, 3);
  const ClosureFields one{{tracer, "vorticity"}, {tracer + "_forcing"}, {1, 1}, {1}};
  expect(added(one, law(model->domain(), 2, {{0, 3, 0}})), 0, 3);
  const ClosureFields unknown{{"salt"}, {"salt_forcing"}, {1}, {1}};
  EXPECT_THROW(ClosedSystem(*model, {}, unknown, nullptr), InputError);
}

// On a grid that is not square: inputs of a state that was set from inputs are the same, derived
// ones too, and a stencil's neighbour in x is that in x.
TEST(ClosedSystem, SeesTheStateAsFilesHaveIt) {
  const auto model = make("quasi_geostrophic",
                          "points = [16, 24]\nlengths = [6.0, 9.0]\nbeta = 0.5\nradius = 0.7\n"
                          "thickness_ratio = 0.25\nmean_flow = [0.3, 0.0]\ndrag = 0.1\n"
                          "dealiasing = \"none\"\ninitial = \"noise\"\ninitial_amplitude = 2.0\n"
                          "initial_modes = 4\n");
  const ClosureFields fields{{"q1", "q2", "velocity1_x", "velocity1_y"},
                             {"q1_forcing", "q2_forcing"},
                             {0.1, 2, 0.3, 5},
                             {1, 1}};
  Closure closure(Closure::Kind::linear, model->domain(), {0, 1, 2, 3}, 0, 1);
  // q1 gets q2 of the neighbour at x + 1, q2 gets q1 of that at y - 1, in published numbers.
  std::vector<Real> weights(at(2 * closure.features()), 0);
  const std::vector<std::pair<Index, Index>> offsets = {
      {0, 0}, {0, -1}, {0, 1}, {-1, 0}, {-1, -1}, {-1, 1}, {1, 0}, {1, -1}, {1, 1}};
  for (std::size_t o = 0; o < offsets.size(); ++o) {
    if (offsets[o] == std::pair<Index, Index>(1, 0)) weights[1 + 9 + o] = 1;
    if (offsets[o] == std::pair<Index, Index>(0, -1)) weights[at(closure.features()) + 1 + o] = 1;
  }
  closure.set_weights(weights, 2);
  const std::vector<std::string> derived = {"u1", "v1"};
  ClosedSystem closed(*model, derived, fields, &closure);
  Array<Real**> state, again("a", 1, at(model->width())), with("w", 1, at(model->width()));
  const std::vector<Real> values = start_of(*model, state);
  const auto first = closed.inputs(state.data());
  closed.set(again, first);
  const auto second = closed.inputs(again.data());
  for (std::size_t i = 0; i < first.size(); ++i) {
    float largest = 0;
    for (const float x : first[i]) largest = std::max(largest, std::abs(x));
    ASSERT_GT(largest, 0);
    for (std::size_t p = 0; p < first[i].size(); ++p)
      EXPECT_NEAR(second[i][p], first[i][p], 2e-6F * largest);
  }
  closed.nonlinear(with, state, 0);
  model->nonlinear(again, state, 0);
  for (Index i = 0; i < model->width(); ++i) with.data()[i] -= again.data()[i];
  const Array<Real**> members("m", at(model->members_per_state()), at(model->dofs()));
  model->to_physical(members, ConstRows(with));
  const Index nx = 16, ny = 24, points = nx * ny;
  for (Index y = 0; y < ny; ++y)
    for (Index x = 0; x < nx; ++x) {
      const Index p = y * nx + x;
      EXPECT_NEAR(members.data()[p], values[at(points + y * nx + (x + 1) % nx)] / 2, 1e-4);
      EXPECT_NEAR(members.data()[points + p], values[at((y + ny - 1) % ny * nx + x)] / 0.1, 1e-4);
    }
}

}  // namespace
