// SPDX-License-Identifier: BSD-3-Clause
// The observed order of every scheme on three equations: Kuramoto-Sivashinsky (real, stiff symbol)
// against a converged solution, Korteweg-de Vries (imaginary symbol) against its soliton, Burgers
// against Cole and Hopf's solution.
#include "models/integrator.hpp"
#include "models/semilinear1d.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>
#include <ostream>
#include <vector>

namespace {

using namespace starling;
using models::Semilinear1d;
using Profile = Semilinear1d::Profile;

struct Problem {
  std::string name;
  Index points;
  Real length;
  std::vector<models::Term> terms;
  Profile start, end;  // end is empty where only a converged solution is known
  Real duration;
  spectral::Dealiasing dealiasing = spectral::Dealiasing::padding;
};

const Real pi = std::numbers::pi;

Problem kuramoto_sivashinsky() {
  // Few modes: where dt times the largest |L| is above 1, stiffness hides the order of any scheme.
  return {"KS",
          32,
          22,
          {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}},
          [](Real x) { return std::cos(2 * pi * x / 22) * (1 + std::sin(4 * pi * x / 22)); },
          {},
          1,
          spectral::Dealiasing::truncation};
}

// u = v/2 sech^2(sqrt(v)/2 (x - L/2 - v t)); at L = 40 the images it neglects are below 1e-15.
Problem korteweg_de_vries() {
  const Real speed = 4, length = 40, duration = 0.5;
  const auto soliton = [=](Real x, Real t) {
    const Real sech = 1 / std::cosh(std::sqrt(speed) / 2 * (x - length / 2 - speed * t));
    return speed / 2 * sech * sech;
  };
  return {"KdV",
          256,
          length,
          {{1, 1, 6.0}, {0, 3, 1.0}},
          [=](Real x) { return soliton(x, 0); },
          [=](Real x) { return soliton(x, duration); },
          duration};
}

Problem burgers() {
  const Real nu = 0.1, a = 1.5, duration = 1;
  const auto exact = [=](Real x, Real t) {
    const Real decay = std::exp(-nu * t);
    return 2 * nu * decay * std::sin(x) / (a + decay * std::cos(x));
  };
  return {"Burgers",
          64,
          2 * pi,
          {{1, 1, 1.0}, {0, 2, -nu}},
          [=](Real x) { return exact(x, 0); },
          [=](Real x) { return exact(x, duration); },
          duration};
}

std::vector<Real> solve(const Problem& problem, const steppers::Scheme& scheme, Index steps,
                        const std::string& keys = "") {
  Semilinear1d model(spectral::Grid(problem.points, problem.length), problem.terms,
                     problem.dealiasing, spectral::Planning::estimate, problem.start);
  models::Integrator integrator(
      model, scheme.make(model, problem.duration / static_cast<Real>(steps), keys));
  const auto n = static_cast<std::size_t>(problem.points);
  Array<Real**> members("members", 2, n), state("state", 1, 2 * n);
  Array<Real**> history("history", 1, static_cast<std::size_t>(integrator.history_width()));
  model.reference(members.data());
  model.reference(members.data() + n);
  integrator.to_states(state, members);
  EXPECT_FALSE(integrator.advance(state, history, 0, 0, steps).has_value());
  integrator.to_physical(members, state);
  return {members.data(), members.data() + n};
}

Real error(const std::vector<Real>& a, const std::vector<Real>& b) {
  Real largest = 0;
  for (std::size_t j = 0; j < a.size(); ++j) largest = std::max(largest, std::abs(a[j] - b[j]));
  return largest;
}

struct Case {
  std::function<Problem()> problem;
  std::string scheme;
  Index steps;  // of the coarsest run
  std::string keys = "";
};

std::ostream& operator<<(std::ostream& out, const Case& each) {
  return out << each.problem().name << " " << each.scheme << " " << each.keys;
}

class Order : public testing::TestWithParam<Case> {};

TEST_P(Order, IsTheOneDeclared) {
  const Problem problem = GetParam().problem();
  const steppers::Scheme* scheme = nullptr;
  for (const auto& each : steppers::builtin())
    if (each.name == GetParam().scheme) scheme = &each;
  ASSERT_NE(scheme, nullptr);

  std::vector<Real> exact(static_cast<std::size_t>(problem.points));
  if (problem.end) {
    const spectral::Grid grid(problem.points, problem.length);
    for (Index j = 0; j < problem.points; ++j)
      exact[static_cast<std::size_t>(j)] = problem.end(grid.coordinate(j));
  } else {
    // By a scheme of order 4 with an eighth of the finest step below: its error is 1/4096 of that
    // run's.
    exact = solve(problem, steppers::builtin().front(), 8 * 16 * GetParam().steps);
  }

  // Least-squares slope of log error over five steps, four halvings.
  Real sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (int halving = 0; halving <= 4; ++halving) {
    const Real e =
        error(solve(problem, *scheme, GetParam().steps << halving, GetParam().keys), exact);
    const Real x = -halving, y = std::log2(e);
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
    std::printf("  %lld steps: error %.3e\n", static_cast<long long>(GetParam().steps << halving),
                e);
  }
  const Real slope = (5 * sxy - sx * sy) / (5 * sxx - sx * sx);
  Semilinear1d model(spectral::Grid(problem.points, problem.length), problem.terms,
                     problem.dealiasing, spectral::Planning::estimate, problem.start);
  EXPECT_NEAR(slope, scheme->make(model, 1, GetParam().keys)->order(), 0.1);
}

const std::string euler = "start = \"euler\"",
                  unfiltered = "robert_coefficient = 0.0\nimplicit = \"trapezoidal\"";

INSTANTIATE_TEST_SUITE_P(
    All, Order,
    testing::Values(
        Case{kuramoto_sivashinsky, "etdrk4", 16}, Case{kuramoto_sivashinsky, "etdrk2", 64},
        Case{kuramoto_sivashinsky, "cnab2", 64}, Case{kuramoto_sivashinsky, "rk4", 48},
        Case{korteweg_de_vries, "etdrk4", 200}, Case{korteweg_de_vries, "etdrk2", 800},
        Case{korteweg_de_vries, "cnab2", 1600}, Case{korteweg_de_vries, "rk4", 250},
        Case{burgers, "etdrk4", 8}, Case{burgers, "etdrk2", 16}, Case{burgers, "cnab2", 16},
        Case{burgers, "rk4", 8}, Case{kuramoto_sivashinsky, "ssprk3", 48},
        Case{korteweg_de_vries, "ssprk3", 400}, Case{burgers, "ssprk3", 16},
        Case{kuramoto_sivashinsky, "ab3", 512}, Case{korteweg_de_vries, "ab3", 800},
        Case{burgers, "ab3", 32}, Case{kuramoto_sivashinsky, "ab3", 1024, euler},
        Case{burgers, "ab3", 32, euler}, Case{kuramoto_sivashinsky, "leapfrog", 128, unfiltered},
        Case{korteweg_de_vries, "leapfrog", 1600, unfiltered},
        Case{burgers, "leapfrog", 32, unfiltered}, Case{kuramoto_sivashinsky, "leapfrog", 256},
        Case{burgers, "leapfrog", 64}, Case{kuramoto_sivashinsky, "ars222", 64},
        Case{korteweg_de_vries, "ars222", 1600}, Case{burgers, "ars222", 16},
        Case{kuramoto_sivashinsky, "ars443", 64}, Case{korteweg_de_vries, "ars443", 1600},
        Case{burgers, "ars443", 16}));

}  // namespace
