// SPDX-License-Identifier: BSD-3-Clause
// Random initial states in one dimension against their formulas.
#include "core/config.hpp"
#include "core/error.hpp"
#include "models/initial_waves1d.hpp"
#include "models/moments.hpp"
#include "models/semilinear1d.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

namespace {

using namespace starling;
using test_support::ComplexMoments;
using test_support::SampleMean;

const Real pi = std::numbers::pi;

std::unique_ptr<models::Model> made(Index points, const std::string& keys) {
  const models::ModelEntry entry = models::Semilinear1d::entry();
  Config config = Config::parse("[model]\npoints = " + std::to_string(points) +
                                    "\ndealiasing = \"padding\"\nterms = {uu_x = 1.0}\n" + keys,
                                "test_waves1d.cpp");
  return entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
}

std::vector<Real> drawn(const models::Model& model, Index number) {
  std::vector<Real> u(static_cast<std::size_t>(model.dofs()));
  model.draw(u.data(), number);
  return u;
}

// By the definition of docs/conventions.md.
Complex coefficient(const std::vector<Real>& u, Index m) {
  std::complex<Real> sum = 0;
  const auto n = static_cast<Index>(u.size());
  for (Index j = 0; j < n; ++j)
    sum += u[static_cast<std::size_t>(j)] *
           std::polar(1.0, -2 * pi * static_cast<Real>(m * j % n) / static_cast<Real>(n));
  return {sum.real() / static_cast<Real>(n), sum.imag() / static_cast<Real>(n)};
}

// alpha normal, E alpha^2 = 1 and E alpha^4 = 3; phases uniform.
TEST(InitialWaves1d, RandomModesHaveTheirMoments) {
  const auto model =
      made(32, "length = 7.0\ninitial = \"random_modes\"\ninitial_modes = 6\namplitude = 3.0\n");
  ComplexMoments first, sixth;
  SampleMean variance, at_point, product, neighbours;
  std::vector<Real> before = drawn(*model, 4000);
  for (int n = 0; n < 4000; ++n) {
    const std::vector<Real> u = drawn(*model, n);
    first.add(coefficient(u, 1));
    sixth.add(coefficient(u, 6));
    EXPECT_LT(Kokkos::abs(coefficient(u, 0)), 1e-15);
    EXPECT_LT(Kokkos::abs(coefficient(u, 7)), 1e-15);
    Real square = 0;
    for (const Real each : u) square += each * each / 32;
    variance.add(square);
    at_point.add(u[5] * u[5]);
    const Complex a = coefficient(u, 2), b = coefficient(u, 3);
    product.add(a.real() * b.real() + a.imag() * b.imag());
    neighbours.add(u[5] * before[5]);
    before = u;
  }
  first.expect_uniform_phase(9.0 / 24, 3, "mode 1");
  sixth.expect_uniform_phase(9.0 / 24, 3, "mode 6");
  variance.expect(4.5, "mean square");
  at_point.expect(4.5, "variance at a point");
  product.expect(0, "modes 2 and 3");
  neighbours.expect(0, "draws n and n + 1");
}

// GRF1.m of the code of li2022, on [0, 1] with sigma = 25, tau = 5, exponent 2: normal coefficients
// of cos and sin with variance 2 sigma^2 (4 pi^2 m^2 + tau^2)^-2. On [0, L] the same field has
// sigma / L^2 and tau / L.
TEST(InitialWaves1d, GaussianFieldsHaveTheirSpectrum) {
  const Real length = 64 * pi;
  const auto unit = made(64,
                         "length = 1.0\ninitial = \"gaussian_field\"\ninitial_sigma = 25.0\n"
                         "initial_tau = 5.0\ninitial_exponent = 2.0\n");
  const auto stretched = made(64, "length = " + std::to_string(length) +
                                      "\ninitial = \"gaussian_field\"\ninitial_sigma = " +
                                      std::to_string(25 / length / length * 1e4) +
                                      "e-4\ninitial_tau = " + std::to_string(5 / length * 1e4) +
                                      "e-4\ninitial_exponent = 2.0\n");
  const auto variance = [](Index m) {
    return 625 * std::pow(4 * pi * pi * static_cast<Real>(m * m) + 25, -2);
  };
  ComplexMoments first, tenth, last;
  SampleMean at_point;
  for (int n = 0; n < 4000; ++n) {
    const std::vector<Real> u = drawn(*unit, n);
    first.add(coefficient(u, 1));
    tenth.add(coefficient(u, 10));
    last.add(coefficient(u, 31));
    at_point.add(u[7] * u[7]);
    if (n > 10) continue;
    const std::vector<Real> same = drawn(*stretched, n);
    for (std::size_t j = 0; j < u.size(); ++j) EXPECT_NEAR(same[j], u[j], 1e-5);
  }
  first.expect_uniform_phase(variance(1), 2, "mode 1");
  tenth.expect_uniform_phase(variance(10), 2, "mode 10");
  last.expect_uniform_phase(variance(31), 2, "mode 31");
  Real sum = 0;
  for (Index m = 1; m <= 31; ++m) sum += 2 * variance(m);
  at_point.expect(sum, "variance at a point");
}

// koehler2024 with Exponax 0.1.0, up to a factor for each draw: amplitudes of the modes independent
// and uniform on (-1, 1), phases uniform. A ratio of two amplitudes, each uniform on (0, 1), has
// the distribution function r / 2 for r < 1 and 1 - 1 / (2 r) above; its smaller over its larger
// one, min(r, 1 / r), is uniform on (0, 1).
TEST(InitialWaves1d, FourierSeriesOfApebenchHaveTheirLawAndMaximum) {
  const auto model = made(
      160, "length = 1.0\ninitial = \"apebench_fourier\"\ninitial_modes = 5\namplitude = 2.0\n");
  ComplexMoments phases;
  SampleMean ratio, ratio_squared, below, largest_at_first, at_point;
  for (int n = 0; n < 4000; ++n) {
    const std::vector<Real> u = drawn(*model, n);
    const Complex a = coefficient(u, 1), b = coefficient(u, 5);
    EXPECT_LT(Kokkos::abs(coefficient(u, 0)), 1e-15);
    EXPECT_LT(Kokkos::abs(coefficient(u, 6)), 1e-15);
    const Real r = Kokkos::abs(a) / Kokkos::abs(b), small = std::min(r, 1 / r);
    ratio.add(small);
    ratio_squared.add(small * small);
    below.add(r < 0.5 ? 1 : 0);
    phases.add(a / Kokkos::abs(a));
    Real largest = 0;
    for (const Real each : u) largest = std::max(largest, std::abs(each));
    // The maximum between points: cos(5 pi / 160) (ehlich1964), and as near to 2 as 256 points a
    // wave allow.
    EXPECT_GT(largest, 2 * std::cos(pi / 32));
    EXPECT_LT(largest, 2 / std::cos(pi / 256));
    at_point.add(u[17]);
  }
  phases.expect_uniform_phase(1, 1, "phase of mode 1");
  ratio.expect(0.5, "smaller amplitude over the larger one");
  ratio_squared.expect(1.0 / 3, "its square");
  below.expect(0.25, "amplitude less than half of another");
  at_point.expect(0, "mean at a point");
}

TEST(InitialWaves1d, DrawsAgreeInAllModesThatTwoGridsResolve) {
  for (const auto& each : models::initial_waves1d()) {
    const std::string keys =
        "length = 22.0\ninitial = \"" + each.name + "\"\ninitial_modes = 40\ninitial_seed = 9\n";
    const auto coarse = made(64, keys), fine = made(1024, keys);
    for (const Index n : {0, 1, 77}) {
      const std::vector<Real> a = drawn(*coarse, n), b = drawn(*fine, n);
      Real largest = 0, error = 0;
      for (Index m = 0; m < 32; ++m) {
        largest = std::max(largest, Kokkos::abs(coefficient(b, m)));
        error = std::max(error, Kokkos::abs(coefficient(a, m) - coefficient(b, m)));
      }
      EXPECT_LT(error, 1e-14 * largest) << each.name;
    }
  }
}

TEST(InitialWaves1d, AreFunctionsOfSeedAndNumber) {
  for (const auto& each : models::initial_waves1d()) {
    const std::string keys = "length = 22.0\ninitial = \"" + each.name + "\"\ninitial_seed = ";
    const auto one = made(64, keys + "1\n"), again = made(64, keys + "1\n"),
               two = made(64, keys + "2\n");
    std::vector<Real> reference(64);
    one->reference(reference.data());
    EXPECT_EQ(drawn(*one, 0), reference);
    EXPECT_EQ(drawn(*one, 5), drawn(*again, 5));
    EXPECT_NE(drawn(*one, 5), drawn(*one, 6));
    EXPECT_NE(drawn(*one, 5), drawn(*two, 5));
    for (const Real value : drawn(*one, 5)) EXPECT_TRUE(std::isfinite(value));
  }
}

TEST(InitialWaves1d, DeterministicStatesAreTheSameForAllNumbers) {
  const auto model = made(64, "length = 1.0\ninitial = \"sine\"\namplitude = 3.0\nmode = 2\n");
  const std::vector<Real> u = drawn(*model, 7);
  EXPECT_EQ(u, drawn(*model, 0));
  for (std::size_t j = 0; j < u.size(); ++j)
    EXPECT_EQ(u[j], 3 * std::sin(4 * pi * (static_cast<Real>(j) / 64)));
}

}  // namespace
