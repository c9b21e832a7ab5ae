// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace {

using namespace starling;

// Known answers of Philox4x64-10 in the kat_vectors file of the Random123 distribution
// (salmon2011).
TEST(Random, TheGeneratorGivesItsKnownAnswers) {
  using Philox = r123::Philox4x64;
  const auto zero = Philox{}({{0, 0, 0, 0}}, {{0, 0}});
  EXPECT_EQ(zero[0], 0x16554d9eca36314cULL);
  EXPECT_EQ(zero[1], 0xdb20fe9d672d0fdcULL);
  EXPECT_EQ(zero[2], 0xd7e772cee186176bULL);
  EXPECT_EQ(zero[3], 0x7e68b68aec7ba23bULL);
}

TEST(Random, ANumberDependsOnItsAddressOnly) {
  const Stream stream(42, Purpose::observation_noise, 3, 7);
  std::vector<Real> block(10);
  stream.normals(block.data(), 10, 5);
  for (std::uint64_t i = 0; i < 10; ++i) EXPECT_EQ(block[i], stream.normal(5 + i));
  EXPECT_EQ(Stream(42, Purpose::observation_noise, 3, 7).bits(11), stream.bits(11));
}

TEST(Random, EveryPartOfTheAddressMatters) {
  const std::set<std::uint64_t> bits = {Stream(1, Purpose::rotation, 2, 3).bits(4),
                                        Stream(2, Purpose::rotation, 2, 3).bits(4),
                                        Stream(1, Purpose::observation_noise, 2, 3).bits(4),
                                        Stream(1, Purpose::rotation, 3, 3).bits(4),
                                        Stream(1, Purpose::rotation, 2, 4).bits(4),
                                        Stream(1, Purpose::rotation, 2, 3).bits(5)};
  EXPECT_EQ(bits.size(), 6u);
}

// Bounds are five standard errors of the moments of independent numbers.
TEST(Random, MomentsOfTheDistributions) {
  constexpr int n = 200000;
  const Stream stream(1, Purpose::initial_perturbation, 0, 0);
  std::vector<Real> z(n);
  stream.normals(z.data(), n);
  Real mean = 0, square = 0, cube = 0, fourth = 0, uniform = 0;
  for (int i = 0; i < n; ++i) {
    mean += z[i] / n;
    square += z[i] * z[i] / n;
    cube += std::pow(z[i], 3) / n;
    fourth += std::pow(z[i], 4) / n;
    const Real u = stream.uniform(static_cast<std::uint64_t>(i));
    EXPECT_TRUE(u > 0 && u < 1);
    uniform += u / n;
  }
  const Real unit = 5 / std::sqrt(static_cast<Real>(n));
  EXPECT_NEAR(mean, 0, unit);
  EXPECT_NEAR(square, 1, std::sqrt(2.0) * unit);
  EXPECT_NEAR(cube, 0, std::sqrt(15.0) * unit);
  EXPECT_NEAR(fourth, 3, std::sqrt(96.0) * unit);
  EXPECT_NEAR(uniform, 0.5, std::sqrt(1.0 / 12) * unit);
}

TEST(Random, NeighboursAreUncorrelated) {
  constexpr int n = 100000;
  const Stream a(1, Purpose::initial_perturbation, 0, 0), b(1, Purpose::initial_perturbation, 1, 0);
  Real along = 0, across = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    along += a.normal(i) * a.normal(i + 1) / n;
    across += a.normal(i) * b.normal(i) / n;
  }
  EXPECT_NEAR(along, 0, 5 / std::sqrt(static_cast<Real>(n)));
  EXPECT_NEAR(across, 0, 5 / std::sqrt(static_cast<Real>(n)));
}

}  // namespace
