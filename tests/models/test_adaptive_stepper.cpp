// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "models/adaptive_stepper.hpp"
#include "models/flow_case.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace {

using namespace starling;
using models::AdaptiveStepper;
using test_support::FlowCase;
using test_support::scheme;

const char* const flow_keys =
    "points = [32, 32]\nviscosity = 0.001\ninitial = \"mcwilliams1984\"\n";

std::unique_ptr<AdaptiveStepper> adaptive(FlowCase& flow, Real dt, Real cfl, Index most_parts) {
  return std::make_unique<AdaptiveStepper>(*flow.model, dt, cfl, most_parts, [&](Real part) {
    return scheme("rk4").make(*flow.model, part);
  });
}

bool same(const FlowCase& a, const FlowCase& b) {
  return std::memcmp(a.state.data(), b.state.data(), a.state.size() * sizeof(Real)) == 0;
}

void take(steppers::Stepper& stepper, FlowCase& flow, Index steps) {
  for (Index s = 0; s < steps; ++s)
    stepper.step(flow.state, Rows(), 0, stepper.dt() * static_cast<Real>(s));
}

TEST(AdaptiveStepper, MakesAStepOfAsManyPartsAsTheCourantNumberAsks) {
  FlowCase flow(flow_keys);
  const Real rate = flow.model->courant(flow.state), dt = 1 / rate;  // Courant number 1
  struct Case {
    Real cfl;
    Index most, parts;
  };
  for (const Case each :
       {Case{1.01, 16, 1}, Case{0.99, 16, 2}, Case{0.26, 16, 4}, Case{0.24, 16, 8},
        Case{0.01, 16, 16}, Case{0.01, 6, 4}, Case{0.01, 1, 1}}) {
    FlowCase one(flow_keys), other(flow_keys);
    const auto stepper = adaptive(one, dt, each.cfl, each.most);
    take(*stepper, one, 1);
    const auto plain = scheme("rk4").make(*other.model, dt / static_cast<Real>(each.parts));
    take(*plain, other, each.parts);
    EXPECT_TRUE(same(one, other)) << each.cfl;
    EXPECT_EQ(stepper->most_parts(), each.parts);
    EXPECT_EQ(stepper->dt(), dt);
    EXPECT_EQ(stepper->order(), 4);
  }
}

TEST(AdaptiveStepper, IsAFunctionOfTheStateAlone) {
  FlowCase whole(flow_keys), parts(flow_keys);
  const Real dt = 2 / whole.model->courant(whole.state);
  const auto once = adaptive(whole, dt, 0.4, 16), first = adaptive(parts, dt, 0.4, 16),
             second = adaptive(parts, dt, 0.4, 16);
  take(*once, whole, 6);
  take(*first, parts, 4);
  take(*second, parts, 2);
  EXPECT_TRUE(same(whole, parts));
}

// A step with which the scheme is unstable as it is: the flow is that of small steps.
TEST(AdaptiveStepper, IsStableWhereOnePartIsNot) {
  FlowCase plain(flow_keys), flow(flow_keys), fine(flow_keys);
  const Real dt = 8 / flow.model->courant(flow.state);
  EXPECT_FALSE(plain.run("rk4", dt, 40));
  models::Integrator integrator(*flow.model, adaptive(flow, dt, 0.5, 64));
  EXPECT_FALSE(integrator.advance(flow.state, Rows(), 0, 0, 10).has_value());
  EXPECT_GE(integrator.most_parts(), 16);
  ASSERT_TRUE(fine.run("rk4", dt / 64, 640));
  EXPECT_NEAR(flow.measure()["energy"], fine.measure()["energy"], 1e-4);
  EXPECT_NEAR(flow.measure()["enstrophy"], fine.measure()["enstrophy"], 1e-3);
}

TEST(AdaptiveStepper, IsForOneStepSchemes) {
  FlowCase flow(flow_keys);
  EXPECT_THROW(AdaptiveStepper(*flow.model, 0.1, 0.5, 4,
                               [&](Real dt) { return scheme("ab3").make(*flow.model, dt); }),
               InputError);
}

}  // namespace
