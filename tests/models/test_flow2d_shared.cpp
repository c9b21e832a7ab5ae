// SPDX-License-Identifier: BSD-3-Clause
// A flow that several ranks share is the one of a single rank, up to rounding.
#include "models/flow_case.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace starling;
using test_support::FlowCase;

std::string keys(const std::string& more) {
  return "points = [40, 36]\nlengths = [6.0, 5.0]\nviscosity = 0.01\nspectral_viscosity = 0.002\n"
         "spectral_cutoff = 8.0\nspectral_cutoff_shape = \"sharp\"\ndrag = 0.1\n"
         "tracer_diffusivity = [0.02]\ntracer_gradient = [0.5, 1.0]\n"
         "tracer_initial = [\"disk\"]\n" +
         more;
}

// The largest difference of my part of the shared rows from those of one rank, over the largest
// value.
Real difference(ConstRows shared, const Columns& columns, ConstRows whole) {
  Real largest = 0, error = 0;
  for (Index j = 0; j < columns.all(); ++j)
    largest = std::max(largest, std::abs(whole(0, static_cast<std::size_t>(j))));
  for (Index j = 0; j < columns.count(); ++j)
    error = std::max(error, std::abs(shared(0, static_cast<std::size_t>(j)) -
                                     whole(0, static_cast<std::size_t>(columns.global(j)))));
  return error / largest;
}

TEST(SharedFlow2d, InitialStatesAreThoseOfOneRank) {
  for (const auto& each : models::initial_flows2d()) {
    if (each.name == "zero") continue;
    const std::string initial = keys("initial = \"" + each.name + "\"\n");
    FlowCase shared(initial, test_support::world()), alone(initial);
    EXPECT_EQ(shared.model->value_columns().all(), alone.model->dofs());
    EXPECT_EQ(shared.model->state_columns().count(), shared.model->width());
    EXPECT_LT(difference(shared.members, shared.model->value_columns(), alone.members), 1e-12)
        << each.name;
    EXPECT_LT(difference(shared.state, shared.model->state_columns(), alone.state), 1e-12)
        << each.name;
  }
}

TEST(SharedFlow2d, StepsAndDiagnosticsAreThoseOfOneRank) {
  const std::string forced = keys(
      "initial = \"mcwilliams1984\"\nforcing = \"ring\"\nforcing_wavenumber = 5.0\n"
      "forcing_width = 1.0\nenergy_input = 0.2\n");
  for (const char* name : {"etdrk4", "ab3", "ssprk3"}) {
    FlowCase shared(forced, test_support::world()), alone(forced);
    ASSERT_TRUE(shared.run(name, 0.01, 3, 4, 2));
    ASSERT_TRUE(alone.run(name, 0.01, 3, 4, 2));
    EXPECT_LT(difference(shared.state, shared.model->state_columns(), alone.state), 1e-12) << name;
    const auto mine = shared.measure(), all = alone.measure();
    for (const auto& [quantity, value] : all)
      EXPECT_NEAR(mine.at(quantity), value, 1e-12 * std::max(1.0, std::abs(value))) << quantity;
    const std::size_t count = alone.model->bins().size() * alone.model->spectra().size();
    ASSERT_EQ(shared.model->bins().size(), alone.model->bins().size());
    std::vector<Real> a(count), b(count);
    shared.model->measure_spectra(a.data(), shared.state);
    alone.model->measure_spectra(b.data(), alone.state);
    for (std::size_t j = 0; j < count; ++j) EXPECT_NEAR(a[j], b[j], 1e-12);
    const Real courant = alone.model->courant(alone.state);
    EXPECT_NEAR(shared.model->courant(shared.state), courant, 1e-12 * courant);
  }
}

TEST(SharedFlow2d, DeterministicForcingIsThatOfOneRank) {
  const std::string forced =
      keys("forcing = \"kolmogorov\"\nforcing_mode = 2\ninitial = \"laminar\"\n");
  FlowCase shared(forced, test_support::world()), alone(forced);
  ASSERT_TRUE(shared.run("rk4", 0.01, 2));
  ASSERT_TRUE(alone.run("rk4", 0.01, 2));
  EXPECT_LT(difference(shared.state, shared.model->state_columns(), alone.state), 1e-12);
}

}  // namespace
