// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "diagnostics/spectrum.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

namespace starling::diagnostics {
namespace {

std::vector<Real> noise(Index points, std::uint64_t seed) {
  std::vector<Real> field(static_cast<std::size_t>(points));
  Stream(seed, Purpose::initial_perturbation, 0, 0).normals(field.data(), points);
  return field;
}

Real mean_energy(const std::vector<Real>& field) {
  return std::inner_product(field.begin(), field.end(), field.begin(), 0.0) /
         (2 * static_cast<Real>(field.size()));
}

TEST(Spectrum, SumsToTheMeanEnergy) {
  for (const Index points : {1, 2, 3, 16, 27, 128}) {
    const std::vector<Real> field = noise(points, 1);
    Spectrum spectrum(points);
    std::vector<Real> energy(static_cast<std::size_t>(spectrum.modes()));
    spectrum.evaluate(energy.data(), field.data());
    EXPECT_NEAR(std::accumulate(energy.begin(), energy.end(), 0.0), mean_energy(field),
                1e-14 * static_cast<Real>(points))
        << points;
  }
}

// <(a cos)^2> / 2 = a^2 / 4, and a^2 / 2 where the wave is +-a or constant.
TEST(Spectrum, PutsAWaveWhereItBelongs) {
  for (const Index points : {12, 13}) {
    Spectrum spectrum(points);
    for (Index k = 0; k < spectrum.modes(); ++k) {
      std::vector<Real> field(static_cast<std::size_t>(points));
      for (Index j = 0; j < points; ++j)
        field[static_cast<std::size_t>(j)] =
            3 *
            std::cos(2 * std::numbers::pi * static_cast<Real>(j * k) / static_cast<Real>(points));
      std::vector<Real> energy(static_cast<std::size_t>(spectrum.modes()));
      spectrum.evaluate(energy.data(), field.data());
      for (Index m = 0; m < spectrum.modes(); ++m) {
        const bool alone = k == 0 || 2 * k == points;
        EXPECT_NEAR(energy[static_cast<std::size_t>(m)], m == k ? (alone ? 4.5 : 2.25) : 0, 1e-13);
      }
    }
  }
}

TEST(Spectrum, AveragesFieldsAndErrors) {
  const std::vector<Real> u = noise(32, 1), v = noise(32, 2);
  std::vector<Real> error(32);
  std::transform(u.begin(), u.end(), v.begin(), error.begin(), std::minus<>());
  Spectrum together(32), first(32), second(32);
  EXPECT_EQ(together.mean(), std::vector<Real>(17, 0.0));
  together.add(u.data());
  together.add_difference(u.data(), v.data());
  EXPECT_EQ(together.count(), 2);
  first.add(u.data());
  second.add(error.data());
  for (std::size_t k = 0; k < 17; ++k)
    EXPECT_DOUBLE_EQ(together.mean()[k], (first.mean()[k] + second.mean()[k]) / 2);

  Spectrum later(32);
  later.restore(together.sums(), together.count());
  EXPECT_EQ(later.mean(), together.mean());
  EXPECT_THROW(later.restore(std::vector<Real>(3), 1), InputError);
}

TEST(Spectrum, AddsWithoutAllocation) {
  const std::vector<Real> u = noise(128, 1);
  Spectrum spectrum(128);
  const test_support::AllocationCounter allocations;
  spectrum.add(u.data());
  spectrum.add_difference(u.data(), u.data());
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace starling::diagnostics
