// SPDX-License-Identifier: BSD-3-Clause
// Smoothers of particle filters against the exact one (rauch1965) of a linear Gaussian process.
#include "filters/smoothing_problem.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace starling;
using filters::AdditiveSmoother;
using Method = AdditiveSmoother::Method;
using test_support::Smoothed;

const filters::GaussianTransition density(test_support::q);

// Observations without surprise: 1/2, -1/2, ... One that the filter did not expect would bring
// nearly all of the variance by itself, whatever the length of the record: rates in the number of
// particles set in late then, and growth in time is not seen.
std::vector<Real> observations(std::size_t count) {
  std::vector<Real> y(count);
  for (std::size_t k = 0; k < count; ++k) y[k] = k % 2 == 0 ? 0.5 : -0.5;
  return y;
}

// Expectations of the sums of x_k and x_k^2 over k = 1 ... T.
Smoothed exact_sums(const std::vector<Real>& y) {
  const test_support::Marginals marginals = test_support::exact(y);
  Smoothed sums;
  for (std::size_t k = 0; k < y.size(); ++k) {
    sums.sum += marginals.mean[k];
    sums.squares += marginals.mean[k] * marginals.mean[k] + marginals.variance[k];
  }
  return sums;
}

Smoothed online(Method method, Index draws, const std::vector<Real>& y, Index particles,
                std::uint64_t seed, std::vector<Smoothed>* history = nullptr) {
  const ProcessGrid processes(MPI_COMM_SELF);
  const auto context = test_support::context_of(processes, particles, seed);
  AdditiveSmoother smoother(context, density, method, draws);
  return test_support::smooth(context, smoother, y, nullptr, history);
}

Smoothed backward(const std::vector<Real>& y, Index particles, std::uint64_t seed) {
  const ProcessGrid processes(MPI_COMM_SELF);
  const auto context = test_support::context_of(processes, particles, seed);
  AdditiveSmoother smoother(context, density, Method::genealogical, 1);
  filters::BackwardSampling sampling(context, density, static_cast<Index>(y.size()));
  test_support::smooth(context, smoother, y, &sampling);
  sampling.sample();
  Smoothed sums;
  for (Index k = 0; k < sampling.size(); ++k)
    for (Index i = 0; i < particles; ++i) {
      const Real x = sampling.path(k)(i, 0);
      sums.sum += x / static_cast<Real>(particles);
      sums.squares += x * x / static_cast<Real>(particles);
    }
  return sums;
}

// Root mean square errors of both sums over independent runs.
template <class Run>
Smoothed errors(const Smoothed& exact, std::uint64_t runs, const Run& run) {
  Smoothed sums;
  for (std::uint64_t r = 0; r < runs; ++r) {
    const Smoothed one = run(1000 + r);
    sums.sum += (one.sum - exact.sum) * (one.sum - exact.sum);
    sums.squares += (one.squares - exact.squares) * (one.squares - exact.squares);
  }
  const auto count = static_cast<Real>(runs);
  return {std::sqrt(sums.sum / count), std::sqrt(sums.squares / count)};
}

// From 24 to 192 particles the error falls by the root of 8. The logarithm of an RMS over R runs
// has standard error 1 / sqrt(2 R) for Gaussian errors: 4 of them are allowed.
template <class Run>
void expect_order_one_half(const char* name, const Run& run) {
  const std::vector<Real> y = observations(20);
  const Smoothed exact = exact_sums(y);
  constexpr std::uint64_t runs_few = 300, runs_many = 80;
  const Smoothed few =
      errors(exact, runs_few, [&](std::uint64_t seed) { return run(y, 24, seed); });
  const Smoothed many =
      errors(exact, runs_many, [&](std::uint64_t seed) { return run(y, 192, seed); });
  const Real tolerance =
      4 * std::sqrt(1.0 / (2.0 * runs_few) + 1.0 / (2.0 * runs_many)) / std::log(8.0);
  const Real first = std::log(few.sum / many.sum) / std::log(8.0),
             second = std::log(few.squares / many.squares) / std::log(8.0);
  std::printf("%s: order %.3f for x, %.3f for x^2, +- %.3f; error of the sum at N = 192: %.4f\n",
              name, first, second, tolerance / 4, many.sum);
  EXPECT_NEAR(first, 0.5, tolerance) << name;
  EXPECT_NEAR(second, 0.5, tolerance) << name;
}

TEST(SmoothingConvergence, GenealogicalSmoothingTendsToTheExactOne) {
  expect_order_one_half("genealogical", [](const auto& y, Index n, std::uint64_t seed) {
    return online(Method::genealogical, 1, y, n, seed);
  });
}

TEST(SmoothingConvergence, ForwardSmoothingTendsToTheExactOne) {
  expect_order_one_half("forward", [](const auto& y, Index n, std::uint64_t seed) {
    return online(Method::forward, 1, y, n, seed);
  });
}

TEST(SmoothingConvergence, ParisTendsToTheExactOne) {
  expect_order_one_half("PaRIS", [](const auto& y, Index n, std::uint64_t seed) {
    return online(Method::paris, 2, y, n, seed);
  });
}

TEST(SmoothingConvergence, BackwardSamplingTendsToTheExactOne) {
  expect_order_one_half("backward sampling", [](const auto& y, Index n, std::uint64_t seed) {
    return backward(y, n, seed);
  });
}

// The exponent p of the variance ~ T^p of the sum over x between T = 24 and T = 96.
Real growth(Method method, Index particles, int runs) {
  const std::vector<Real> y = observations(96);
  const auto variance = [](const std::vector<Real>& x) {
    const auto n = static_cast<Real>(x.size());
    const Real mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
    Real sum = 0;
    for (const Real each : x) sum += (each - mean) * (each - mean);
    return sum / (n - 1);
  };
  std::vector<Real> early, late;
  for (int r = 0; r < runs; ++r) {
    std::vector<Smoothed> history;
    online(method, 2, y, particles, 5000 + static_cast<std::uint64_t>(r), &history);
    early.push_back(history[23].sum);
    late.push_back(history[95].sum);
  }
  std::printf("N = %td: N x variance %.3f at T = 24, %.3f at T = 96\n", particles,
              static_cast<Real>(particles) * variance(early),
              static_cast<Real>(particles) * variance(late));
  return std::log(variance(late) / variance(early)) / std::log(4.0);
}

// PaRIS: linear (olsson2017). The genealogical estimate: quadratic as long as the particles have
// many ancestors at all times, which takes N >> T. With N = 16 all paths soon have one beginning,
// and the exponent is 1.55: what one trajectory has grows linearly. Over R runs the logarithm of a
// variance has standard error sqrt(2 / R), and the exponent at most 2 / sqrt(R) / log 4: 0.072 for
// 400. Four of them, and 0.1 for the terms of lower order in T.
TEST(SmoothingConvergence, TheVarianceOfParisGrowsLinearlyTheGenealogicalQuadratically) {
  const Real paris = growth(Method::paris, 32, 400),
             genealogical = growth(Method::genealogical, 1024, 400);
  std::printf("variance ~ T^p: PaRIS p = %.3f, genealogical p = %.3f, +- 0.072\n", paris,
              genealogical);
  EXPECT_NEAR(paris, 1, 4 * 0.072 + 0.1);
  EXPECT_NEAR(genealogical, 2, 4 * 0.072 + 0.1);
  EXPECT_GT(genealogical - paris, 4 * std::sqrt(2.0) * 0.072);
}

}  // namespace
