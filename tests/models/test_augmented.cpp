// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "models/augmented.hpp"
#include "models/integrator.hpp"
#include "models/lorenz63.hpp"
#include "models/lorenz96.hpp"
#include "models/navier_stokes2d.hpp"
#include "models/semilinear1d.hpp"
#include "steppers/stepper.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>

namespace {

using namespace starling;

ExtraColumn column(const std::string& name, Real mean) {
  ExtraColumn made;
  made.name = name;
  made.mean = mean;
  made.in_model = true;
  return made;
}

ExtraColumn idle(const std::string& name) {
  ExtraColumn made;
  made.name = name;
  return made;
}

// Every state is stepped as by a model that has its values, bit for bit, and keeps them.
TEST(Augmented, EveryMemberIsSteppedWithItsOwnParameters) {
  for (const auto& scheme : steppers::builtin()) {
    models::Augmented model(std::make_unique<models::Lorenz96>(8, 8.0),
                            {idle("bias"), column("forcing", 8)});
    models::Integrator integrator(model, scheme.make(model, 0.01));
    Array<Real**> u("u", 3, 10), history("history", 3, integrator.history_width());
    Stream(1, Purpose::initial_perturbation, 0, 0).normals(u.data(), 30);
    Array<Real**> start("start", 3, 10);
    Kokkos::deep_copy(start, u);
    ASSERT_FALSE(integrator.advance(u, history, 0, 0, 20).has_value());
    for (std::size_t r = 0; r < 3; ++r) {
      EXPECT_EQ(u(r, 8), start(r, 8));
      EXPECT_EQ(u(r, 9), start(r, 9));
      models::Lorenz96 own(8, start(r, 9));
      models::Integrator alone(own, scheme.make(own, 0.01));
      Array<Real**> v("v", 1, 8), past("past", 1, alone.history_width());
      for (std::size_t j = 0; j < 8; ++j) v(0, j) = start(r, j);
      ASSERT_FALSE(alone.advance(v, past, 0, 0, 20).has_value());
      for (std::size_t j = 0; j < 8; ++j) EXPECT_EQ(u(r, j), v(0, j)) << scheme.name;
    }
  }
}

TEST(Augmented, ParametersOfLorenz63AreTakenByName) {
  models::Augmented model(std::make_unique<models::Lorenz63>(10, 28, 3),
                          {column("beta", 1), column("rho", 1), column("sigma", 1)});
  Array<Real**> u("u", 1, 6), du("du", 1, 6);
  const Real state[] = {1, 2, 5, 7, 11, 13};  // x, y, z, beta, rho, sigma
  for (std::size_t j = 0; j < 6; ++j) u(0, j) = state[j];
  model.nonlinear(du, u, 0);
  const Real expected[] = {13 * (2 - 1), 11 * 1 - 2 - 5, 1 * 2 - 7 * 5, 0, 0, 0};
  for (std::size_t j = 0; j < 6; ++j) EXPECT_EQ(du(0, j), expected[j]);
}

TEST(Augmented, TheModelSeesWhatTheColumnStandsFor) {
  ExtraColumn forcing = column("forcing", 8);
  forcing.transform = ExtraColumn::Transform::log;
  models::Augmented model(std::make_unique<models::Lorenz96>(4, 8.0), {forcing});
  Array<Real**> u("u", 1, 5), du("du", 1, 5);
  u(0, 4) = std::log(3.0);
  model.nonlinear(du, u, 0);
  for (std::size_t j = 0; j < 4; ++j) EXPECT_NEAR(du(0, j), 3, 1e-15);
}

std::unique_ptr<models::Semilinear1d> equation(const std::vector<Real>& c) {
  return std::make_unique<models::Semilinear1d>(
      spectral::Grid(32, 22.0),
      std::vector<models::Term>{{1, 1, c[0]},
                                {0, 2, c[1]},
                                {0, 4, c[2]},
                                {2, 1, c[3]},
                                {1, 0, c[4]},
                                {1, 2, c[5]},
                                {0, 3, c[6]}},
      spectral::Dealiasing::truncation, spectral::Planning::estimate, [](Real) { return 0.0; });
}

// L u + N(u) of a packed pair whose members have coefficients of their own is that of two models
// with these coefficients: linear terms of even and odd order, fluxes, reactions, products; terms
// of coefficient 0 in [model] too.
TEST(Augmented, MembersOfAPairHaveCoefficientsOfTheirOwn) {
  const std::vector<std::string> names = {"uu_x", "u_xx",  "u_xxxx", "uuu_x",
                                          "uu",   "uu_xx", "u_xxx"};
  std::vector<ExtraColumn> columns;
  for (const auto& name : names) columns.push_back(column("terms." + name, 1));
  models::Augmented model(equation({1, 1, 1, 0, 0, 0.2, 0}), columns);
  const Index n = 32, extras = 7;
  Array<Real**> members("members", 2, n + extras), state("state", 1, model.width());
  Array<Real**> tendency("tendency", 1, model.width());
  Stream(2, Purpose::initial_perturbation, 0, 0).normals(members.data(), 2 * (n + extras));
  model.to_states(state, members);
  Array<Real**> back("back", 2, n + extras);
  model.to_physical(back, state);
  for (Index m = 0; m < 2; ++m)
    for (Index p = 0; p < extras; ++p) EXPECT_EQ(back(m, n + p), members(m, n + p));

  const auto whole = [](models::Model& any, Rows out, ConstRows u) {
    any.nonlinear(out, u, 0);
    const auto symbol = any.linear();
    auto* o = reinterpret_cast<std::complex<Real>*>(out.data());
    const auto* w = reinterpret_cast<const std::complex<Real>*>(u.data());
    for (std::size_t j = 0; j < symbol.size(); ++j) o[j] += symbol[j] * w[j];
  };
  whole(model, tendency, state);
  for (Index j = 2 * n; j < model.width(); ++j) EXPECT_EQ(tendency(0, j), 0);
  Array<Real**> values("values", 2, n + extras);
  model.to_physical(values, tendency);

  for (Index m = 0; m < 2; ++m) {
    std::vector<Real> own;
    for (Index p = 0; p < extras; ++p) own.push_back(members(m, n + p));
    const auto alone = equation(own);
    Array<Real**> pair("pair", 2, n), u("u", 1, 2 * n), du("du", 1, 2 * n);
    for (Index j = 0; j < n; ++j) pair(0, j) = pair(1, j) = members(m, j);
    alone->to_states(u, pair);
    whole(*alone, du, u);
    alone->to_physical(pair, du);
    Real largest = 0;
    for (Index j = 0; j < n; ++j) largest = std::max(largest, std::abs(pair(0, j)));
    for (Index j = 0; j < n; ++j) EXPECT_NEAR(values(m, j), pair(0, j), 1e-12 * largest);
  }
}

// States of complex coefficients, one member each: an odd number of columns leaves a real over.
TEST(Augmented, AnOddNumberOfColumnsFitsAFlow) {
  const std::string rest = "points = [12, 10]\ninitial = \"mcwilliams1984\"\n";
  const models::ModelEntry entry = models::NavierStokes2d::entry();
  const auto make = [&](const std::string& keys) {
    return entry.make(
        Config::parse("[model]\n" + rest + keys, "flow").section("model", entry.schema),
        MPI_COMM_SELF);
  };
  const auto own = make("viscosity = 0.03\n");
  models::Augmented model(make("viscosity = 0.01\n"), {column("viscosity", 0.03)});
  const auto run = [](models::Model& any) {
    Array<Real**> members("members", 1, any.dofs()), state("state", 1, any.width());
    any.reference(members.data());
    any.to_states(state, members);
    for (const auto& scheme : steppers::builtin())
      if (scheme.name == "rk4") {
        models::Integrator integrator(any, scheme.make(any, 0.005));
        EXPECT_FALSE(integrator.advance(state, Rows(), 0, 0, 10).has_value());
      }
    any.to_physical(members, state);
    return members;
  };
  const auto a = run(model), b = run(*own);
  for (std::size_t j = 0; j < b.extent(1); ++j) EXPECT_NEAR(a(0, j), b(0, j), 1e-9);
  EXPECT_EQ(a(0, b.extent(1)), 0.03);
}

}  // namespace
