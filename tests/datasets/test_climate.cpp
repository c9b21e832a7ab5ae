// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/climate.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace starling;
using datasets::Climate;
using datasets::Inputs;

constexpr Real two_pi = 2 * std::numbers::pi;

// Of different extents, so that directions cannot be exchanged.
Domain box(std::vector<Index> points) {
  std::vector<Axis> axes;
  for (const Index n : points) axes.push_back({n, 0, two_pi / static_cast<Real>(n), true});
  return Domain(axes, {{}});
}

// Values of fields on a grid in The Well's order, [x][y][z].
template <class Fields>
Inputs frame_of(const Domain& grid, std::size_t inputs, const Fields& fields) {
  std::array<Index, 3> n = {1, 1, 1};
  for (int d = 0; d < grid.dimensions(); ++d) n[static_cast<std::size_t>(d)] = grid.axis(d).points;
  Inputs frame(inputs);
  for (Index x = 0; x < n[0]; ++x)
    for (Index y = 0; y < n[1]; ++y)
      for (Index z = 0; z < n[2]; ++z) {
        const auto values = fields(two_pi * static_cast<Real>(x) / static_cast<Real>(n[0]),
                                   two_pi * static_cast<Real>(y) / static_cast<Real>(n[1]),
                                   two_pi * static_cast<Real>(z) / static_cast<Real>(n[2]));
        for (std::size_t i = 0; i < inputs; ++i) frame[i].push_back(static_cast<float>(values[i]));
      }
  return frame;
}

// Distances from rest on rank 0: of a field that is nowhere negative the mean, of a spectrum its
// root mean square. The frame is on the last rank, or on each.
std::map<std::string, Real> from_rest(const std::vector<std::string>& names, const Domain& grid,
                                      const Inputs& frame, bool everywhere) {
  Climate climate(names), rest(names);
  if (everywhere || test_support::world_rank() == test_support::world_size() - 1) {
    Inputs zeros = frame;
    for (auto& field : zeros) field.assign(field.size(), 0);
    climate.add_values(grid, frame);
    climate.add_spectra(grid, frame);
    rest.add_values(grid, zeros);
    rest.add_spectra(grid, zeros);
  }
  climate.gather(test_support::world());
  rest.gather(test_support::world());
  std::map<std::string, Real> out;
  if (test_support::world_rank() != 0) return out;
  for (const auto& [name, d] : climate.distances(rest)) out[name] = d;
  for (const auto& [name, d] : climate.distances(climate)) EXPECT_EQ(d, 0) << name;
  return out;
}

// u = a sin(3 y), v = b sin(2 x): curl = 2 b cos 2x - 3 a cos 3y, |curl|^2 has the mean
// (4 b^2 + 9 a^2) / 2. Bin 2 of the energy spectrum is b^2 / 4, bin 3 a^2 / 4; those of enstrophy 4
// and 9 times as much. 24 and 16 points: the Nyquist mode is 8, bins 0 to 5 are below 2/3 of it.
TEST(Climate, OfPlaneWavesIsKnown) {
  const Domain grid = box({24, 16});
  const Real a = 0.5, b = 2;
  const Inputs frame = frame_of(grid, 3, [&](Real x, Real y, Real) {
    return std::array<Real, 3>{1 + std::sin(x), a * std::sin(3 * y), b * std::sin(2 * x)};
  });
  for (const bool everywhere : {false, true}) {
    auto d = from_rest({"q1", "velocity1_x", "velocity1_y"}, grid, frame, everywhere);
    if (test_support::world_rank() != 0) continue;
    EXPECT_EQ(d.size(), 7U);
    EXPECT_NEAR(d["q1"], 1, 1e-6);
    EXPECT_NEAR(d["kinetic_energy1"], (a * a + b * b) / 2, 1e-6);
    EXPECT_NEAR(d["enstrophy1"], (4 * b * b + 9 * a * a) / 2, 1e-5);
    const Real e2 = b * b / 4, e3 = a * a / 4;
    EXPECT_NEAR(d["kinetic_energy1_spectrum"], std::sqrt((e2 * e2 + e3 * e3) / 6), 1e-6);
    EXPECT_NEAR(d["enstrophy1_spectrum"], std::sqrt((16 * e2 * e2 + 81 * e3 * e3) / 6), 1e-5);
  }
}

// The ABC flow (dombre1986) is its own curl.
TEST(Climate, EnstrophyOfTheAbcFlowIsItsEnergy) {
  const Domain grid = box({8, 12, 16});
  const Inputs frame = frame_of(grid, 3, [](Real x, Real y, Real z) {
    return std::array<Real, 3>{std::sin(z) + 0.5 * std::cos(y), 2 * std::sin(x) + std::cos(z),
                               0.5 * std::sin(y) + 2 * std::cos(x)};
  });
  auto d = from_rest({"velocity_x", "velocity_y", "velocity_z"}, grid, frame, true);
  if (test_support::world_rank() != 0) return;
  EXPECT_NEAR(d["kinetic_energy"], 1 + 0.25 + 4, 1e-5);
  EXPECT_NEAR(d["enstrophy"], d["kinetic_energy"], 1e-5);
  EXPECT_NEAR(d["enstrophy_spectrum"], d["kinetic_energy_spectrum"], 1e-6);
}

// u = 1 + sin 2x: <u^2> = 3/2, <u_x^2> = 2. Bins 0 and 2 of the energy are 1/2 and 1/4; 8 below two
// thirds of the Nyquist mode 12.
TEST(Climate, OfALineHasItsFirstFieldForVelocity) {
  const Domain grid = box({24});
  const Inputs frame = frame_of(
      grid, 1, [](Real x, Real, Real) { return std::array<Real, 1>{1 + std::sin(2 * x)}; });
  auto d = from_rest({"u"}, grid, frame, false);
  if (test_support::world_rank() != 0) return;
  EXPECT_NEAR(d["u"], 1, 1e-6);
  EXPECT_NEAR(d["kinetic_energy"], 1.5, 1e-6);
  EXPECT_NEAR(d["enstrophy"], 2, 1e-5);
  EXPECT_NEAR(d["kinetic_energy_spectrum"], std::sqrt((0.25 + 0.0625) / 8), 1e-6);
}

// Spectra that a model gives are averaged and compared below two thirds of the Nyquist
// wavenumber, 8.
TEST(Climate, ComparesTheSpectraOfAModel) {
  const Domain grid = box({16, 24});
  const std::vector<Real> bins = {0, 2, 4, 6, 8};
  const std::vector<std::string> names = {"energy_flux", "energy_drag_spectrum"};
  Climate climate({"q"}), other({"q"});
  if (test_support::world_rank() == test_support::world_size() - 1) {
    const Inputs frame = {std::vector<float>(16 * 24, 0)};
    for (Climate* each : {&climate, &other}) each->add_values(grid, frame);
    climate.add_spectra(grid, names, bins, {1, 2, 3, 100, 100, 0, 0, -4, 7, 7});
    climate.add_spectra(grid, names, bins, {3, 2, 1, 100, 100, 0, 0, -2, 7, 7});
    other.add_spectra(grid, names, bins, {2, 2, 5, 0, 0, 0, 0, 0, 0, 0});
  }
  climate.gather(test_support::world());
  other.gather(test_support::world());
  if (test_support::world_rank() != 0) return;
  std::map<std::string, Real> d;
  for (const auto& [name, distance] : climate.distances(other)) d[name] = distance;
  EXPECT_EQ(d.size(), 3U);
  EXPECT_NEAR(d["energy_flux"], std::sqrt(9.0 / 3), 1e-12);
  EXPECT_NEAR(d["energy_drag_spectrum"], std::sqrt(9.0 / 3), 1e-12);
}

}  // namespace
