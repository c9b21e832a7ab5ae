// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "spectral/transform.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace {

using namespace starling;
using namespace starling::spectral;

const Real pi = std::numbers::pi;

// A Kokkos array, as the program uses: FFTW's plans ask for its alignment.
Array<Complex*> complexes(Index n) { return Array<Complex*>("test", static_cast<std::size_t>(n)); }

TEST(Transform, CoefficientsAreThoseOfTheConventions) {
  const Grid grid(16, 2 * pi);
  const Transform transform(grid, Dealiasing::none, 2);
  std::vector<Real> first(16), second(16);
  for (Index j = 0; j < 16; ++j) {
    const Real x = grid.coordinate(j);
    first[static_cast<std::size_t>(j)] = 3 + 2 * std::cos(x) + std::sin(2 * x);
    second[static_cast<std::size_t>(j)] = std::cos(3 * x);
  }
  const auto c = complexes(16);
  transform.pack(c.data(), first.data(), second.data());
  // cos x = (e^{ix} + e^{-ix}) / 2, sin 2x = (e^{2ix} - e^{-2ix}) / 2i; the second field times i.
  EXPECT_NEAR(c(0).real(), 3, 1e-15);
  EXPECT_NEAR(c(1).real(), 1, 1e-15);
  EXPECT_NEAR(c(15).real(), 1, 1e-15);
  EXPECT_NEAR(c(2).imag(), -0.5, 1e-15);
  EXPECT_NEAR(c(14).imag(), 0.5, 1e-15);
  EXPECT_NEAR(c(3).imag(), 0.5, 1e-15);
  EXPECT_NEAR(c(13).imag(), 0.5, 1e-15);
  std::vector<Real> back(16), other(16);
  transform.unpack(back.data(), other.data(), c.data());
  for (std::size_t j = 0; j < 16; ++j) {
    EXPECT_NEAR(back[j], first[j], 1e-14);
    EXPECT_NEAR(other[j], second[j], 1e-14);
  }
}

TEST(Transform, ParsevalHoldsForResolvedModes) {
  const Index n = 64;
  const Transform transform(Grid(n, 22), Dealiasing::padding, 2);
  std::vector<Real> a(n), b(n);
  const Stream noise(1, Purpose::initial_perturbation, 0, 0);
  noise.normals(a.data(), n);
  noise.normals(b.data(), n, 1000);
  const auto c = complexes(n);
  transform.pack(c.data(), a.data(), b.data());    // drops the Nyquist mode ...
  transform.unpack(a.data(), b.data(), c.data());  // ... so that these are resolved
  Real physical = 0, spectral = 0;
  for (std::size_t j = 0; j < n; ++j) {
    physical += (a[j] * a[j] + b[j] * b[j]) / n;
    spectral += c(j).real() * c(j).real() + c(j).imag() * c(j).imag();
  }
  EXPECT_NEAR(physical, spectral, 1e-13 * physical);
}

// The spectrum of u v by direct summation over all pairs of modes, kept modes only: what a
// dealiased product must be.
class Products : public testing::TestWithParam<std::pair<Dealiasing, int>> {};

TEST_P(Products, AreFreeOfAliases) {
  const auto [dealiasing, degree] = GetParam();
  const Index n = 32;
  const Transform transform(Grid(n, 2 * pi), dealiasing, degree);
  const auto c = complexes(n), out = complexes(n);
  const auto values = complexes(transform.product_points());
  // One real field: coefficients with Hermitian symmetry.
  const Stream noise(7, Purpose::initial_perturbation, 0, 0);
  for (Index k = 1; k < n / 2; ++k) {
    const auto j = static_cast<std::size_t>(k), minus = static_cast<std::size_t>(n - k);
    const Real kept = transform.kept(k);
    c(j) = kept * Complex(noise.normal(2 * j), noise.normal(2 * j + 1));
    c(minus) = Complex(c(j).real(), -c(j).imag());
  }
  transform.to_product_grid(values.data(), c.data(), 1);
  for (Index j = 0; j < transform.product_points(); ++j) {
    const Real u = values(static_cast<std::size_t>(j)).real();
    values(static_cast<std::size_t>(j)) = std::pow(u, degree);
  }
  transform.from_product_grid(out.data(), values.data(), 1);

  const auto at = [&](Index k) {
    if (std::abs(k) >= n / 2) return Complex(0);
    return c(static_cast<std::size_t>((k + n) % n));
  };
  // Convolution, once for each further factor.
  std::vector<Complex> product(static_cast<std::size_t>(8 * n));
  const Index middle = 4 * n;
  for (Index k = -n / 2; k < n / 2; ++k) product[static_cast<std::size_t>(middle + k)] = at(k);
  for (int factor = 1; factor < degree; ++factor) {
    std::vector<Complex> next(product.size());
    for (Index k = -2 * n; k < 2 * n; ++k)
      for (Index l = -n / 2; l < n / 2; ++l)
        next[static_cast<std::size_t>(middle + k)] +=
            at(l) * product[static_cast<std::size_t>(middle + k - l)];
    product = next;
  }
  for (Index j = 0; j < n; ++j) {
    if (transform.kept(j) == 0) continue;
    const Complex expected = product[static_cast<std::size_t>(middle + transform.grid().mode(j))];
    const Complex got =
        out(static_cast<std::size_t>(j)) * (1.0 / static_cast<Real>(transform.product_points()));
    EXPECT_NEAR(got.real(), expected.real(), 1e-11 * std::pow(10, degree - 2)) << "mode " << j;
    EXPECT_NEAR(got.imag(), expected.imag(), 1e-11 * std::pow(10, degree - 2)) << "mode " << j;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Products,
                         testing::Values(std::pair{Dealiasing::truncation, 2},
                                         std::pair{Dealiasing::padding, 2},
                                         std::pair{Dealiasing::truncation, 3},
                                         std::pair{Dealiasing::padding, 3}));

TEST(Transform, TruncationAndPaddingAreTheTwoThirdsAndThreeHalvesRules) {
  const Transform truncation(Grid(96, 1), Dealiasing::truncation, 2);
  EXPECT_EQ(truncation.product_points(), 96);
  EXPECT_EQ(truncation.kept(31), 1);
  EXPECT_EQ(truncation.kept(32), 0);
  EXPECT_EQ(truncation.kept(96 - 32), 0);
  const Transform padding(Grid(96, 1), Dealiasing::padding, 2);
  EXPECT_EQ(padding.product_points(), 144);
  EXPECT_EQ(padding.kept(47), 1);
  EXPECT_EQ(padding.kept(48), 0);
}

TEST(Transform, AllocatesNothingAfterConstruction) {
  const Transform transform(Grid(64, 1), Dealiasing::padding, 2);
  const auto c = complexes(64), values = complexes(96);
  std::vector<Real> a(64), b(64);
  const test_support::AllocationCounter allocations;
  transform.pack(c.data(), a.data(), b.data());
  transform.to_product_grid(values.data(), c.data(), 1);
  transform.from_product_grid(c.data(), values.data(), 1);
  transform.unpack(a.data(), b.data(), c.data());
  EXPECT_EQ(allocations.count(), 0u);
}

}  // namespace
