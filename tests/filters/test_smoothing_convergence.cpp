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

// Limits of N x variance of the sum S over x for many particles (chopin2004; delmoral2010): sums of
// the variances that each sampling adds. With A = E[S | x_p, y] - E[S | y] and E of the exact
// smoother,
//     sampling of x_p      E[R (A^2 + v_p)],   R = p(x_p | y) / p(x_p | y_1 ... y_p-1),
// v_p the variance of x_1 + ... + x_p-1 given x_p and y, which the genealogical estimate has.
// Forward smoothing does not, but it goes back to particles that were resampled, not to weighted
// ones:
//     resampling of x_p    E[R' (A^2 - E[A_p+1 | x_p, y]^2)],   R' = p(x_p | y) / p(x_p | y_1 ...
//     y_p).
struct Limits {
  Real forward = 0, genealogical = 0;
};

struct Gaussian {
  Real mean, variance;
};

// E[R] and E[R (x - mean of s)^2] for x ~ s and R = s / from: R s is a multiple of a Gaussian
// density.
struct Ratio {
  Ratio(Gaussian s, Gaussian from) {
    const Real precision = 2 / s.variance - 1 / from.variance;
    const Real centre = (2 * s.mean / s.variance - from.mean / from.variance) / precision;
    const Real exponent = centre * centre * precision - 2 * s.mean * s.mean / s.variance +
                          from.mean * from.mean / from.variance;
    mean = std::sqrt(from.variance / precision) / s.variance * std::exp(exponent / 2);
    square = mean * ((centre - s.mean) * (centre - s.mean) + 1 / precision);
  }
  Real mean, square;
};

Limits limits(const std::vector<Real>& y) {
  constexpr Real a = test_support::a, q = test_support::q, r = test_support::r;
  const std::size_t n = y.size();
  const test_support::Marginals marginals = test_support::exact(y);
  std::vector<Gaussian> predicted, filtered, smoothed;
  std::vector<Real> gain, next(n), slope(n);
  Gaussian x{0, 1};
  for (std::size_t k = 0; k < n; ++k) {
    predicted.push_back({a * x.mean, a * a * x.variance + q * q});
    const Real weight = predicted[k].variance / (predicted[k].variance + r * r);
    x = {predicted[k].mean + weight * (y[k] - predicted[k].mean),
         (1 - weight) * predicted[k].variance};
    filtered.push_back(x);
    smoothed.push_back({marginals.mean[k], marginals.variance[k]});
    gain.push_back(x.variance * a / (a * a * x.variance + q * q));
  }
  // Slopes in x_k of the expectations of x_k+1 and of S: what is behind x_k, itself, what is ahead.
  Real ahead = 0, behind = 0;
  for (std::size_t k = n; k-- > 0;) {
    if (k + 1 < n) next[k] = gain[k] * smoothed[k + 1].variance / smoothed[k].variance;
    ahead = next[k] * (1 + ahead);
    slope[k] = 1 + ahead;
  }
  for (std::size_t k = 0; k < n; ++k) {
    slope[k] += behind;
    behind = gain[k] * (1 + behind);
  }
  Limits result;
  behind = 0;
  Real rest = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const Ratio sampling(smoothed[k], predicted[k]);
    result.forward += sampling.square * slope[k] * slope[k];
    result.genealogical += sampling.square * slope[k] * slope[k] + sampling.mean * rest;
    rest += (1 + behind) * (1 + behind) * filtered[k].variance * (1 - gain[k] * a);
    behind = gain[k] * (1 + behind);
    if (k + 1 == n) break;
    const Real kept = slope[k + 1] * next[k];
    result.forward += Ratio(smoothed[k], filtered[k]).square * (slope[k] * slope[k] - kept * kept);
  }
  return result;
}

constexpr std::size_t early = 24, late = 96;

// N x variance of the sum over x, after `early` and `late` analyses.
struct Growth {
  Real early = 0, late = 0;
  Real exponent() const { return std::log(late / early) / std::log(4.0); }
};

Growth growth(Method method, Index particles, int runs) {
  const std::vector<Real> y = observations(late);
  const auto variance = [&](const std::vector<Real>& x) {
    const auto n = static_cast<Real>(x.size());
    const Real mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
    Real sum = 0;
    for (const Real each : x) sum += (each - mean) * (each - mean);
    return static_cast<Real>(particles) * sum / (n - 1);
  };
  std::vector<Real> first, last;
  for (int run = 0; run < runs; ++run) {
    std::vector<Smoothed> history;
    online(method, 2, y, particles, 5000 + static_cast<std::uint64_t>(run), &history);
    first.push_back(history[early - 1].sum);
    last.push_back(history[late - 1].sum);
  }
  return {variance(first), variance(last)};
}

// A variance over R runs has the relative standard error sqrt(2 / R). Between T = 24 and 96 the
// exponent of T is 1.0 in the limit for forward smoothing and 1.7 for the genealogy, whose
// quadratic part is not alone yet; N = 1024, because in fewer particles all paths soon have one
// beginning. PaRIS with 2 draws adds a variance that grows linearly (olsson2017).
TEST(SmoothingConvergence, TheVarianceGrowsAsInTheLimitOfManyParticles) {
  constexpr int runs = 400;
  const Real error = std::sqrt(2.0 / runs);
  const Limits first = limits(observations(early)), last = limits(observations(late));
  const Growth exact_forward{first.forward, last.forward},
      exact_genealogical{first.genealogical, last.genealogical};
  const Growth forward = growth(Method::forward, 64, runs), paris = growth(Method::paris, 32, runs),
               genealogical = growth(Method::genealogical, 1024, runs);
  const auto print = [](const char* name, const Growth& g) {
    std::printf("%-19s N x variance %7.2f at T = 24, %8.2f at T = 96: T^%.3f\n", name, g.early,
                g.late, g.exponent());
  };
  print("forward, limit", exact_forward);
  print("forward", forward);
  print("PaRIS", paris);
  print("genealogical, limit", exact_genealogical);
  print("genealogical", genealogical);
  EXPECT_NEAR(forward.early / exact_forward.early, 1, 4 * error);
  EXPECT_NEAR(forward.late / exact_forward.late, 1, 4 * error);
  EXPECT_NEAR(genealogical.early / exact_genealogical.early, 1, 4 * error);
  EXPECT_NEAR(genealogical.late / exact_genealogical.late, 1, 4 * error);
  EXPECT_NEAR(paris.exponent(), exact_forward.exponent(),
              4 * std::sqrt(2.0) * error / std::log(4.0));
  EXPECT_GT(paris.late, exact_forward.late * (1 - 4 * error));
}

}  // namespace
