// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "ensemble/perturbation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using namespace starling;
using ensemble::Perturbation;

Perturbation make(const std::string& keys, const Domain& domain) {
  Config config = Config::parse("[ensemble]\n" + keys, "in.toml");
  return {config.section("ensemble", Perturbation::schema()), domain};
}

// Variance at a point and covariance at a distance over many fields; bounds of five standard errors
// of sums of squares of correlated normals, sqrt(2 / fields) each.
void check(const std::string& keys, Real expected_variance, Index lag, Real expected_correlation) {
  const Domain domain{32, 0, 0.5, true};
  const Perturbation perturbation = make(keys, domain);
  constexpr int fields = 4000;
  Real variance = 0, covariance = 0;
  for (int f = 0; f < fields; ++f) {
    std::vector<Real> u(32);
    perturbation.add(u.data(),
                     Stream(1, Purpose::initial_perturbation, static_cast<std::uint64_t>(f), 0));
    variance += u[3] * u[3] / fields;
    covariance += u[3] * u[static_cast<std::size_t>(3 + lag)] / fields;
  }
  const Real bound = 5 * std::sqrt(2.0 / fields);
  EXPECT_NEAR(variance / expected_variance, 1, bound);
  EXPECT_NEAR(covariance / expected_variance, expected_correlation, bound);
}

TEST(Perturbation, WhiteNoiseIsIndependentFromPointToPoint) { check("std = 2.0", 4, 1, 0); }

// exp(-(k l)^2/2) without the mean is a Gaussian correlation exp(-r^2 / 2 l^2) less its average
// over the domain of length 16: c(r) = (exp(-r^2/2l^2) - s) / (1 - s), s = sqrt(2 pi) l / 16.
TEST(Perturbation, GaussianSpectrumHasItsCorrelationLength) {
  const Real l = 1, s = std::sqrt(2 * std::numbers::pi) * l / 16;
  check("std = 0.5\nspectrum = \"gaussian\"\ncorrelation_length = 1.0", 0.25, 2,
        (std::exp(-0.5) - s) / (1 - s));
}

TEST(Perturbation, PowerSpectrumFallsAsItsSlope) {
  // Variance of mode k is proportional to k^-4: correlation at half the domain is
  // sum (-1)^k k^-4 / sum k^-4 = -7/8 for all modes, -0.875 to 1e-4 for the first fifteen.
  check("std = 1.0\nspectrum = \"power\"\nslope = 4.0", 1, 16, -0.875);
}

TEST(Perturbation, RefusesSpectraOnDomainsThatAreNotPeriodic) {
  EXPECT_THROW(make("spectrum = \"gaussian\"", {3, 0, 1, false}), InputError);
  EXPECT_NO_THROW(make("std = 1.0", {3, 0, 1, false}));
}

}  // namespace
