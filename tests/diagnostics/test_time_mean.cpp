// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "diagnostics/time_mean.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <vector>

namespace starling::diagnostics {
namespace {

// A stationary AR(1) series x_t = phi x_{t-1} + sqrt(1 - phi^2) z_t of variance 1.
std::vector<Real> autoregressive(Real phi, Index samples, std::uint64_t seed) {
  std::vector<Real> x(static_cast<std::size_t>(samples));
  Stream(seed, Purpose::climatology, 0, 0).normals(x.data(), samples);
  for (std::size_t t = 1; t < x.size(); ++t)
    x[t] = phi * x[t - 1] + std::sqrt(1 - phi * phi) * x[t];
  return x;
}

// The variance of its mean over n samples: sum over all pairs of phi^|s - t| / n^2.
Real variance_of_mean(Real phi, Index samples) {
  const Real n = static_cast<Real>(samples);
  return ((1 + phi) / (1 - phi) - 2 * phi * (1 - std::pow(phi, n)) / (n * (1 - phi) * (1 - phi))) /
         n;
}

struct Case {
  Real phi;
  Index samples;
  Real tolerance;  // of the mean squared standard error, relative
};

class AutoregressiveMean : public testing::TestWithParam<Case> {};

TEST_P(AutoregressiveMean, HasAnHonestStandardError) {
  const auto [phi, samples, tolerance] = GetParam();
  constexpr int repetitions = 1000;
  Real squared_error = 0, times = 0;
  int covered = 0, reliable = 0;
  for (int r = 0; r < repetitions; ++r) {
    const Estimate estimate =
        estimate_mean(autoregressive(phi, samples, static_cast<std::uint64_t>(r)));
    squared_error += estimate.standard_error * estimate.standard_error;
    times += estimate.correlation_time;
    covered += std::abs(estimate.mean) < 1.96 * estimate.standard_error ? 1 : 0;
    reliable += estimate.reliable ? 1 : 0;
  }
  const Real exact = variance_of_mean(phi, samples);
  EXPECT_NEAR(squared_error / repetitions / exact, 1, tolerance);
  EXPECT_NEAR(times / repetitions, (1 + phi) / (1 - phi) / 2,
              tolerance * (1 + phi) / (1 - phi) / 2);
  // 95 % but for what an estimated error costs; the binomial scatter is 0.7 %.
  EXPECT_GT(covered, repetitions * 91 / 100);
  EXPECT_LT(covered, repetitions * 98 / 100);
  EXPECT_GT(reliable, repetitions * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(TimeMean, AutoregressiveMean,
                         testing::Values(Case{0, 500, 0.05}, Case{0.5, 1000, 0.06},
                                         Case{0.9, 4000, 0.08}, Case{-0.5, 1000, 0.12}));

// Batches of 200 correlation times are independent but for 1/200: the mean squared error of 20 of
// them has a relative scatter of sqrt(2/19), a thousand times repeated 1 %.
TEST(TimeMean, HasAnHonestErrorFromBatches) {
  constexpr Index samples = 20000;
  Real squared_error = 0;
  for (std::uint64_t r = 0; r < 1000; ++r) {
    const Real error = batch_error(autoregressive(0.6, samples, r), 20);
    squared_error += error * error / 1000;
  }
  EXPECT_NEAR(squared_error / variance_of_mean(0.6, samples), 1, 0.05);
  EXPECT_TRUE(std::isnan(batch_error(autoregressive(0, 3, 1), 4)));
  EXPECT_TRUE(std::isnan(batch_error(autoregressive(0, 3, 1), 1)));
}

// x_t = a x_{t-1} + b x_{t-2} + z_t with roots 0.95 exp(+-i pi/5): covariances that cancel in the
// sum. The variance of the mean is the spectral density at zero, 1 / (1 - a - b)^2, over n.
TEST(TimeMean, OfASeriesThatOscillatesHasAnHonestStandardError) {
  constexpr Index samples = 20000;
  const Real a = 2 * 0.95 * std::cos(std::numbers::pi / 5), b = -0.95 * 0.95;
  Real squared_error = 0;
  int covered = 0;
  for (std::uint64_t r = 0; r < 400; ++r) {
    std::vector<Real> x(samples + 500);
    Stream(r, Purpose::climatology, 0, 0).normals(x.data(), samples + 500);
    for (std::size_t t = 2; t < x.size(); ++t) x[t] += a * x[t - 1] + b * x[t - 2];
    const Estimate estimate = estimate_mean(std::span(x).subspan(500));
    squared_error += estimate.standard_error * estimate.standard_error / 400;
    covered += std::abs(estimate.mean) < 1.96 * estimate.standard_error ? 1 : 0;
  }
  const Real exact = 1 / ((1 - a - b) * (1 - a - b) * static_cast<Real>(samples));
  EXPECT_NEAR(squared_error / exact, 1, 0.15);
  EXPECT_GT(covered, 400 * 89 / 100);
  EXPECT_LT(covered, 400 * 98 / 100);
}

TEST(TimeMean, OfAShortSeriesIsNotCalledReliable) {
  int reliable = 0;
  for (std::uint64_t r = 0; r < 100; ++r)
    reliable += estimate_mean(autoregressive(0.99, 500, r)).reliable ? 1 : 0;
  EXPECT_LT(reliable, 5);
}

TEST(TimeMean, LeavesTheBurnInOut) {
  TimeMean mean(2, 10);
  for (const Real x : {1e9, -1e9, 1.0, 2.0, 6.0}) mean.add(x);
  EXPECT_EQ(mean.size(), 5);
  EXPECT_EQ(mean.estimate().samples, 3);
  EXPECT_DOUBLE_EQ(mean.estimate().mean, 3);
}

TEST(TimeMean, OfNothingOneAndConstants) {
  EXPECT_EQ(TimeMean(3, 0).estimate().samples, 0);
  EXPECT_FALSE(TimeMean(3, 0).estimate().reliable);
  EXPECT_EQ(estimate_mean(std::vector<Real>{4}).mean, 4);
  EXPECT_TRUE(std::isnan(estimate_mean(std::vector<Real>{4}).standard_error));
  const Estimate constant = estimate_mean(std::vector<Real>(100, 0.5));
  EXPECT_EQ(constant.mean, 0.5);
  EXPECT_EQ(constant.standard_error, 0);
  std::vector<Real> spoilt(100, 0.5);
  spoilt[7] = std::numeric_limits<Real>::quiet_NaN();
  EXPECT_TRUE(std::isnan(estimate_mean(spoilt).mean));
  EXPECT_TRUE(std::isnan(estimate_mean(spoilt).standard_error));
  EXPECT_FALSE(estimate_mean(spoilt).reliable);
}

TEST(TimeMean, AddsWithoutAllocationWithinItsCapacity) {
  TimeMean mean(0, 100);
  const test_support::AllocationCounter allocations;
  for (int i = 0; i < 100; ++i) mean.add(i);
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace starling::diagnostics
