// SPDX-License-Identifier: BSD-3-Clause
// Random initial flows in the plane against their formulas, and what holds for all of them.
#include "core/error.hpp"
#include "models/flow_case.hpp"
#include "models/moments.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace starling;
using test_support::ComplexMoments;
using test_support::Correlation;
using test_support::FlowCase;
using test_support::unit_square;

const Real pi = std::numbers::pi;

// mcwilliams1984: psi^ normal with variance 1 / (k^2 (1 + (k/6)^4)) up to the factor that makes the
// energy of all modes below 128 that of the input.
TEST(Families2d, McWilliams) {
  FlowCase flow("points = [32, 32]\ninitial = \"mcwilliams1984\"\ninitial_energy = 2.0\n");
  const auto speed = [](Real x, Real y) { return 1 / (1 + std::pow((x * x + y * y) / 36, 2)); };
  std::vector<Real> all;
  for (int x = 0; x < 128; ++x)
    for (int y = x == 0 ? 1 : -127; y < 128; ++y) all.push_back(speed(x, y));
  ComplexMoments low, high;
  for (int n = 0; n < 1800; ++n) {
    flow.draw(n);
    low.add(flow.coefficient(1, 1));
    high.add(flow.coefficient(6, -8));
  }
  // 2 |u^|^2 / 2 of half of the modes add up to the energy; |w^|^2 = k^2 |u^|^2.
  const test_support::Share first(all, speed(1, 1)), second(all, speed(6, 8));
  low.expect_uniform_phase(2 * 2.0 * first.mean, first.square / (first.mean * first.mean),
                           "(1, 1)");
  high.expect_uniform_phase(100 * 2.0 * second.mean, second.square / (second.mean * second.mean),
                            "(6, -8)");
}

// li2021: N(0, 7^(3/2) (-lap + 49)^(-5/2)) of their Navier-Stokes data, as coefficients with factor
// 1/N in the forward direction.
TEST(Families2d, RandomField) {
  FlowCase flow(
      unit_square(16, 16, "random_field",
                  "initial_wavenumber = 7.0\ninitial_exponent = 2.5\ninitial_amplitude = " +
                      std::to_string(std::pow(7.0, 0.75)) + "\n"));
  const auto variance = [](Real k2) {
    return std::pow(7.0, 1.5) * std::pow(4 * pi * pi * k2 + 49, -2.5);
  };
  ComplexMoments low, axis, high;
  for (int n = 0; n < 4000; ++n) {
    flow.draw(n);
    low.add(flow.coefficient(1, -2));
    axis.add(flow.coefficient(0, 1));
    high.add(flow.coefficient(7, 6));
  }
  low.expect_uniform_phase(variance(5), 2, "(1, -2)");
  axis.expect_uniform_phase(variance(1), 2, "(0, 1)");
  high.expect_uniform_phase(variance(85), 2, "(7, 6)");
}

TEST(Families2d, NumberZeroIsTheReferenceAndOthersAreIndependentOfIt) {
  for (const auto& each : models::initial_flows2d()) {
    if (each.name.rfind("pdegym", 0) != 0 && each.name != "mcwilliams1984" &&
        each.name != "random_field")
      continue;
    FlowCase flow(unit_square(16, 16, each.name));
    std::vector<Real> reference(static_cast<std::size_t>(flow.model->dofs()));
    flow.model->reference(reference.data());
    flow.model->draw(flow.members.data(), 0);
    for (std::size_t j = 0; j < reference.size(); ++j)
      EXPECT_EQ(flow.members(0, j), reference[j]) << each.name;
    constexpr std::size_t draws = 300;
    std::vector<Complex> z;
    Complex mean = 0;
    for (std::size_t n = 0; n < draws; ++n) {
      flow.draw(static_cast<Index>(n));
      z.push_back(flow.coefficient(2, 3));
      mean += z.back() / static_cast<Real>(draws);
    }
    Correlation successive;
    for (std::size_t n = 0; n + 1 < draws; ++n) successive.add(z[n] - mean, z[n + 1] - mean);
    successive.expect_none(each.name);
  }
}

// Sampled on one grid and truncated, families that are sampled at points are the same on all: also
// a tracer. Without, the mode of one grid has aliases of what another one resolves.
TEST(Families2d, AGridOfTheirOwnMakesSampledFlowsTheSameForAllResolutions) {
  for (const char* name :
       {"pdegym_gauss", "pdegym_pwc", "pdegym_svs", "pdegym_sl", "mcwilliams1984"}) {
    const std::string more =
        "initial_points = [96, 96]\ntracer_diffusivity = [0.0]\ntracer_initial = [\"disk\"]\n";
    FlowCase coarse(unit_square(32, 48, name, more)), fine(unit_square(64, 64, name, more)),
        whole(
            unit_square(96, 96, name, "tracer_diffusivity = [0.0]\ntracer_initial = [\"disk\"]\n"));
    for (const Index number : {0, 3}) {
      coarse.draw(number);
      fine.draw(number);
      whole.draw(number);
      Real error = 0, largest = 0;
      const auto& transform = coarse.model->transform();
      for (Index i = 0; i < transform.coefficients(); ++i)
        for (const Index field : {0, 1}) {
          const auto m = transform.mode(i);
          const Complex z = coarse.coefficient(m[0], m[1], field);
          largest = std::max(largest, Kokkos::abs(z));
          error = std::max({error, Kokkos::abs(z - fine.coefficient(m[0], m[1], field)),
                            Kokkos::abs(z - whole.coefficient(m[0], m[1], field))});
        }
      EXPECT_GT(largest, 0) << name;
      EXPECT_LT(error, 1e-14 * largest) << name;
    }
  }
  EXPECT_THROW(FlowCase(unit_square(64, 64, "pdegym_pwc", "initial_points = [64, 62]\n")),
               InputError);
  EXPECT_THROW(FlowCase(unit_square(64, 64, "pdegym_pwc", "initial_points = [64]\n")), InputError);
}

}  // namespace
