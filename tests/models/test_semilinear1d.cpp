// SPDX-License-Identifier: BSD-3-Clause
#include "core/config.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "models/semilinear1d.hpp"
#include "models/semilinear_case.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

namespace {

using namespace starling;
using models::Term;
using spectral::Dealiasing;
using test_support::SemilinearCase;

// A smooth field and its derivatives in closed form.
Real u(Real x) { return 0.7 + std::sin(x) + 0.5 * std::cos(2 * x); }
Real u_x(Real x) { return std::cos(x) - std::sin(2 * x); }
Real u_xx(Real x) { return -std::sin(x) - 2 * std::cos(2 * x); }
Real u_xxx(Real x) { return -std::cos(x) + 4 * std::sin(2 * x); }
Real u_xxxx(Real x) { return std::sin(x) + 8 * std::cos(2 * x); }

struct TermCase {
  Term term;
  std::function<Real(Real)> value;  // of u^p d^d u
};

class Terms : public testing::TestWithParam<TermCase> {};

// du/dt = L u + N(u) at every point against the closed form, for both members of the pair.
TEST_P(Terms, GiveTheTendencyOfTheirClosedForm) {
  for (const Dealiasing dealiasing :
       {Dealiasing::truncation, Dealiasing::padding, Dealiasing::none}) {
    const Index n = 48;
    SemilinearCase run(n, 2 * std::numbers::pi, {GetParam().term}, u, dealiasing);
    const auto m = static_cast<std::size_t>(n);
    Array<Real**> tendency("tendency", 1, 2 * m), values("values", 2, m);
    run.model.nonlinear(tendency, run.state, 0);
    const auto symbol = run.model.linear();
    for (std::size_t j = 0; j < m; ++j) {
      const std::complex<Real> lu =
          symbol[j] * std::complex<Real>(run.state(0, 2 * j), run.state(0, 2 * j + 1));
      tendency(0, 2 * j) += lu.real();
      tendency(0, 2 * j + 1) += lu.imag();
    }
    run.model.to_physical(values, tendency);
    for (Index j = 0; j < n; ++j)
      for (std::size_t member = 0; member < 2; ++member)
        EXPECT_NEAR(values(member, static_cast<std::size_t>(j)),
                    -GetParam().term.coefficient * GetParam().value(run.x(j)), 2e-11)
            << GetParam().term.name();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Terms,
    testing::Values(TermCase{{0, 0, 0.3}, u}, TermCase{{0, 1, -1.0}, u_x},
                    TermCase{{0, 2, 2.0}, u_xx}, TermCase{{0, 3, 1.5}, u_xxx},
                    TermCase{{0, 4, 0.1}, u_xxxx},
                    TermCase{{1, 1, 1.0}, [](Real x) { return u(x) * u_x(x); }},
                    TermCase{{2, 1, 0.7}, [](Real x) { return u(x) * u(x) * u_x(x); }},
                    TermCase{{1, 0, 0.4}, [](Real x) { return u(x) * u(x); }},
                    TermCase{{2, 0, -0.4}, [](Real x) { return std::pow(u(x), 3); }},
                    TermCase{{1, 2, 1.1}, [](Real x) { return u(x) * u_xx(x); }},
                    TermCase{{1, 3, 1.0}, [](Real x) { return u(x) * u_xxx(x); }}));

TEST(Semilinear1d, APackedPairIsTwoMembers) {
  const Index n = 64;
  models::Semilinear1d model(spectral::Grid(n, 22), {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}},
                             Dealiasing::truncation, spectral::Planning::estimate,
                             [](Real) { return 0.0; });
  models::Integrator integrator(model, steppers::builtin().front().make(model, 0.1));
  // The pair (a, b) and the pairs (a, a), (b, b).
  Array<Real**> members("members", 6, n), states("states", 3, 2 * n), history("history", 3, 0);
  for (std::size_t j = 0; j < 64; ++j) {
    const Real x = 2 * std::numbers::pi * static_cast<Real>(j) / 64;
    const Real a = std::sin(x), b = std::cos(2 * x) + 0.3;
    for (const std::size_t row : {0, 2, 3}) members(row, j) = a;
    for (const std::size_t row : {1, 4, 5}) members(row, j) = b;
  }
  model.to_states(states, members);
  EXPECT_FALSE(integrator.advance(states, history, 0, 0, 100).has_value());
  model.to_physical(members, states);
  for (std::size_t j = 0; j < 64; ++j) {
    EXPECT_NEAR(members(0, j), members(2, j), 1e-11);
    EXPECT_NEAR(members(1, j), members(4, j), 1e-11);
  }
}

TEST(Semilinear1d, BlowUpIsFoundWithItsRowAndStep) {
  SemilinearCase run(64, 22, {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}},
                     [](Real x) { return 1e4 * std::sin(x); });
  models::Integrator integrator(run.model, steppers::builtin().front().make(run.model, 5.0));
  Array<Real**> history("history", 1, 0);
  const auto failure = integrator.advance(run.state, history, 0, 100, 1000);
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(failure->row, 0);
  EXPECT_GE(failure->step, 100);
  EXPECT_LT(failure->step, 200);
}

std::string making(const std::string& keys) {
  Config config = Config::parse("[model]\n" + keys, "in.toml");
  try {
    const auto entry = models::Semilinear1d::entry();
    entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Semilinear1d, ReferenceStatesSayWhatTheyNeed) {
  const std::string base = "points = 32\nlength = 6.0\ndealiasing = \"truncation\"\n";
  EXPECT_EQ(
      making(base +
             "terms = { uu_x = 1.0, u_xx = -0.1 }\ninitial = \"cole_hopf\"\namplitude = 1.5\n"),
      "");
  EXPECT_NE(making(base + "terms = { uu_x = 1.0 }\ninitial = \"cole_hopf\"\n")
                .find("in.toml:6:1: model.initial"),
            std::string::npos);
  EXPECT_NE(
      making(base + "terms = { uu_x = 1.0 }\ninitial = \"soliton\"\n").find("terms.u_xxx > 0"),
      std::string::npos);
  EXPECT_NE(making(base + "terms = { uv_x = 1.0 }\n").find("'uv_x' is no term"), std::string::npos);
}

}  // namespace
