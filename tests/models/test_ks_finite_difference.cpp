// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "models/augmented.hpp"
#include "models/ks_finite_difference.hpp"
#include "models/model_case.hpp"
#include "models/semilinear_case.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace starling;
using models::KsFiniteDifference;
using test_support::ModelCase;

constexpr Real pi = std::numbers::pi, length = 22;

ModelCase make(Index points, const std::string& keys = "") {
  return {KsFiniteDifference::entry(),
          fmt::format("points = {}\nlength = {:.1f}\n", points, length) + keys};
}

void fill_with_noise(ModelCase& run) {
  const Stream noise(5, Purpose::initial_perturbation, 0, 0);
  for (Index j = 0; j < run.size(); ++j)
    run.state.data()[j] = noise.normal(static_cast<std::uint64_t>(j));
}

// zabusky1965: sum u and sum u^2 are kept by the differences of u u_x.
TEST(KsFiniteDifference, AdvectionKeepsMomentumAndEnergy) {
  ModelCase run = make(64, "second = 0.0\nfourth = 0.0\n");
  fill_with_noise(run);
  const Array<Real**> rate = run.rate();
  Real momentum = 0, energy = 0, size = 0;
  for (Index j = 0; j < run.size(); ++j) {
    momentum += rate.data()[j];
    energy += run.state.data()[j] * rate.data()[j];
    size += std::abs(run.state.data()[j] * rate.data()[j]);
  }
  EXPECT_GT(size, 1);
  EXPECT_LT(std::abs(momentum), 1e-14 * size);
  EXPECT_LT(std::abs(energy), 1e-14 * size);
}

// A sine is an eigenfunction of the differences: of order 2 in those of the equation, k^2 - k^4.
TEST(KsFiniteDifference, SinesGrowAsTheyShould) {
  std::array<Real, 3> off = {0, 0, 0};
  for (std::size_t level = 0; level < 3; ++level) {
    const Index points = 64 << level;
    ModelCase run = make(points, "advection = 0.0\nsecond = 1.5\nfourth = 0.7\n");
    const Real dx = length / static_cast<Real>(points), k = 2 * pi * 5 / length;
    const Real k2 = 2 * (1 - std::cos(k * dx)) / (dx * dx);
    run.set([=](Real x, Real) { return std::sin(k * x + 0.3); });
    const Real growth = 1.5 * k2 - 0.7 * k2 * k2;
    EXPECT_LT(run.error(run.rate(), [=](Real x, Real) { return growth * std::sin(k * x + 0.3); }),
              1e-15 * 16 / (dx * dx * dx * dx));
    off[level] = std::abs(growth - (1.5 * k * k - 0.7 * k * k * k * k));

    // The solution of (1 - shift L) u = sin, and N = 0 without advection.
    auto& implicit = *run.model->implicit();
    implicit.prepare(0.2);
    const Array<Real**> n = run.block();
    implicit.explicit_part(n, run.state, 0);
    EXPECT_EQ(run.error(n, [](Real, Real) { return 0.0; }), 0);
    implicit.solve(run.state, 0.2);
    // Rounding times the condition of 1 - shift L.
    EXPECT_LT(run.error(run.state,
                        [=](Real x, Real) { return std::sin(k * x + 0.3) / (1 - 0.2 * growth); }),
              1e-15 * 0.2 * 0.7 * 16 / (dx * dx * dx * dx));
  }
  EXPECT_NEAR(std::log2(off[0] / off[1]), 2, 0.1);
  EXPECT_NEAR(std::log2(off[1] / off[2]), 2, 0.05);
}

std::string start = "initial = \"kassam\"\n";

Real kassam(Real x) { return std::cos(2 * pi * x / length) * (1 + std::sin(2 * pi * x / length)); }

// Against the spectral discretisation of the same equation.
TEST(KsFiniteDifference, IsOfSecondOrderInTheSpacing) {
  const Index duration = 4;
  test_support::SemilinearCase exact(256, length, {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}}, kassam);
  ASSERT_TRUE(exact.run("etdrk4", 1.0 / 128, 128 * duration));
  std::array<Real, 3> off = {0, 0, 0};
  for (std::size_t level = 0; level < 3; ++level) {
    const Index points = 64 << level;
    ModelCase run = make(points, start);
    ASSERT_TRUE(run.run("ars443", 1.0 / 256, 256 * duration));
    for (Index j = 0; j < points; ++j)
      off[level] =
          std::max(off[level], std::abs(run.member.data()[j] - exact.u(j * (256 / points))));
  }
  EXPECT_NEAR(std::log2(off[0] / off[1]), 2, 0.15);
  EXPECT_NEAR(std::log2(off[1] / off[2]), 2, 0.1);
}

// Against the same differences stepped explicitly with steps so short that nothing is left to err.
// Few points: where dt times the largest |L| is above 1, stiffness hides the order of any scheme.
TEST(KsFiniteDifference, ImplicitExplicitSchemesAreOfTheirOrder) {
  ModelCase exact = make(32, start);
  ASSERT_TRUE(exact.run("rk4", 1.0 / 2048, 2 * 2048));
  for (const auto& [scheme, order] : {std::pair{"ars222", 2}, std::pair{"ars443", 3}}) {
    std::vector<Real> off;
    for (Index steps = 64; steps <= 1024; steps *= 2) {
      ModelCase run = make(32, start);
      ASSERT_TRUE(run.run(scheme, 1 / static_cast<Real>(steps), 2 * steps));
      Real largest = 0;
      for (Index j = 0; j < 32; ++j)
        largest = std::max(largest, std::abs(run.member.data()[j] - exact.member.data()[j]));
      off.push_back(largest);
    }
    EXPECT_NEAR(std::log2(off.front() / off.back()) / 4, order, 0.1) << scheme;
  }
}

// Steps 400 times as long as an explicit scheme can take.
TEST(KsFiniteDifference, LongStepsAreStable) {
  ModelCase run = make(256, start);
  const Real dx = length / 256;
  EXPECT_GT(0.05, 400 * 2.8 * dx * dx * dx * dx / 16 * 4);
  ASSERT_TRUE(run.run("ars222", 0.05, 4000));
  EXPECT_LT(run.error(run.member, [](Real, Real) { return 0.0; }), 5);
}

TEST(KsFiniteDifference, AStepTooLongForWhatGrowsIsRefused) {
  // Of the modes of this length the second grows fastest: 0.2197, which is 1 / 4.55; and
  // (1 - 1/sqrt 2) dt is what ars222 solves with.
  const Real k = 4 * pi / length, longest = 1 / (k * k - k * k * k * k);
  ModelCase run = make(512);
  run.model->implicit()->prepare(0.999 * longest);
  EXPECT_THROW(run.model->implicit()->prepare(1.001 * longest), InputError);
  EXPECT_THROW(run.run("ars222", 1.001 * longest / (1 - 1 / std::sqrt(2.0)), 1), InputError);
}

TEST(KsFiniteDifference, AVariedCoefficientIsThatOfAnotherModel) {
  for (const std::string name : {"advection", "second", "fourth"}) {
    ModelCase run = make(32), other = make(32, name + " = 1.25\n");
    *run.model->vary(name) = 1.25;
    fill_with_noise(run);
    fill_with_noise(other);
    const Array<Real**> rate = run.rate(), expected = other.rate();
    for (Index j = 0; j < 32; ++j) EXPECT_EQ(rate.data()[j], expected.data()[j]);
    // In implicit-explicit steps as well.
    ASSERT_TRUE(run.run("ars443", 0.001, 20));
    ASSERT_TRUE(other.run("ars443", 0.001, 20));
    for (Index j = 0; j < 32; ++j) EXPECT_NEAR(run.member.data()[j], other.member.data()[j], 1e-6);
  }
}

// L stays implicit where members carry parameters and biases.
TEST(KsFiniteDifference, AnAugmentedMemberIsSteppedAsOneThatHasItsValues) {
  for (const std::string scheme : {"ars222", "ars443", "rk4"}) {
    ModelCase run = make(32, start), alone = make(32, start);
    *alone.model->vary("second") = 1.2;
    ExtraColumn bias, second;
    bias.name = "bias";
    second.name = "second";
    second.mean = 1;
    second.in_model = true;
    run.model = std::make_unique<models::Augmented>(std::move(run.model),
                                                    std::vector<ExtraColumn>{bias, second});
    ASSERT_EQ(run.size(), 34);
    run.member = run.block();
    run.state = run.block();
    run.model->reference(run.member.data());
    run.member.data()[32] = 0.4;
    run.member.data()[33] = 1.2;
    run.model->to_states(run.state, run.member);
    // Steps that no explicit scheme could take, or as short as it asks for.
    ASSERT_TRUE(run.run(scheme, scheme == "rk4" ? 0.01 : 0.2, 100));
    ASSERT_TRUE(alone.run(scheme, scheme == "rk4" ? 0.01 : 0.2, 100));
    for (Index j = 0; j < 32; ++j) EXPECT_EQ(run.member.data()[j], alone.member.data()[j]);
    EXPECT_EQ(run.member.data()[32], 0.4);
    EXPECT_EQ(run.member.data()[33], 1.2);
  }
}

}  // namespace
