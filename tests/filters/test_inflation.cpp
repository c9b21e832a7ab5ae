// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "filters/etkf.hpp"
#include "filters/inflation.hpp"
#include "filters/problem.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace starling::filters {
namespace {

using linalg::Matrix;

Matrix etkf(const Problem& problem, const InflationSettings& inflation) {
  return analyse(problem, [&](const FilterContext& context) {
    return std::make_unique<Etkf>(context, Etkf::Options{inflation, false});
  });
}

// Columns of anomalies about their mean.
Matrix anomalies(const Matrix& ensemble) {
  Matrix out = ensemble;
  const auto centre = mean(ensemble);
  for (Index m = 0; m < out.rows(); ++m)
    for (Index j = 0; j < out.columns(); ++j) out(m, j) -= centre[static_cast<std::size_t>(j)];
  return out;
}

void expect_near(const Matrix& a, const Matrix& b, Real tolerance) {
  for (Index m = 0; m < a.rows(); ++m)
    for (Index j = 0; j < a.columns(); ++j) EXPECT_NEAR(a(m, j), b(m, j), tolerance);
}

// The background with its anomalies times f, in state and observations.
Problem inflated(const Problem& problem, Real f) {
  Problem out = problem;
  const auto grow = [f](Matrix& ensemble, const Matrix& of) {
    const auto centre = mean(of);
    for (Index m = 0; m < of.rows(); ++m)
      for (Index j = 0; j < of.columns(); ++j) {
        const Real c = centre[static_cast<std::size_t>(j)];
        ensemble(m, j) = c + f * (of(m, j) - c);
      }
  };
  grow(out.ensemble, problem.ensemble);
  grow(out.observed, problem.observed);
  return out;
}

TEST(Inflation, OfThePriorIsTheAnalysisOfAnInflatedBackground) {
  const Problem problem = random_problem(8, 11, 5, 3);
  expect_near(etkf(problem, {.prior = 1.3}), etkf(inflated(problem, 1.3), {}), 1e-13);
}

TEST(Inflation, RelaxesPerturbations) {
  const Problem problem = random_problem(8, 11, 5, 3);
  const Matrix before = anomalies(problem.ensemble), plain = etkf(problem, {});
  const Matrix after = anomalies(plain);
  for (const Real alpha : {0.4, 1.0}) {
    const Matrix relaxed = etkf(problem, {.relax_perturbations = alpha});
    const Matrix is = anomalies(relaxed);
    for (Index m = 0; m < 8; ++m)
      for (Index j = 0; j < 11; ++j)
        EXPECT_NEAR(is(m, j), (1 - alpha) * after(m, j) + alpha * before(m, j), 1e-13);
    const auto one = mean(relaxed), other = mean(plain);
    for (std::size_t j = 0; j < one.size(); ++j) EXPECT_NEAR(one[j], other[j], 1e-13);
  }
}

TEST(Inflation, RelaxesTheSpread) {
  const Problem problem = random_problem(8, 150, 5, 3);
  const Matrix before = covariance(problem.ensemble), after = covariance(etkf(problem, {}));
  for (const Real alpha : {0.4, 1.0}) {
    const Matrix relaxed = covariance(etkf(problem, {.relax_spread = alpha}));
    const Matrix both = covariance(etkf(problem, {.posterior = 1.2, .relax_spread = alpha}));
    for (Index j = 0; j < 150; ++j) {
      const Real expected = (1 - alpha) * std::sqrt(after(j, j)) + alpha * std::sqrt(before(j, j));
      EXPECT_NEAR(std::sqrt(relaxed(j, j)), expected, 1e-13);
      EXPECT_NEAR(std::sqrt(both(j, j)), 1.2 * expected, 1e-13);
    }
  }
}

// White noise of variance s² without a mean: over many members and dofs the covariance grows by
// s² / cells on average, with a relative scatter of sqrt(2 / (members - 1) / dofs).
TEST(Inflation, AddsNoiseOfTheGivenVarianceAndKeepsTheMean) {
  constexpr Index members = 40, dofs = 400;
  const Problem problem = random_problem(members, dofs, 1, 3);
  const Matrix plain = etkf(problem, {}), noisy = etkf(problem, {.additive = 0.7});
  const auto centre = mean(plain), same = mean(noisy);
  Real variance = 0;
  for (Index j = 0; j < dofs; ++j) {
    EXPECT_NEAR(centre[static_cast<std::size_t>(j)], same[static_cast<std::size_t>(j)], 1e-13);
    for (Index m = 0; m < members; ++m)
      variance += std::pow(noisy(m, j) - plain(m, j), 2) / (members - 1) / dofs;
  }
  EXPECT_NEAR(variance / 0.49, 1, 4 * std::sqrt(2.0 / (members - 1) / dofs));
}

// Backgrounds whose spread is 1 / 1.5 of their error: the estimate goes to 1.5, and there it
// scatters by about the standard deviation it is given.
TEST(Inflation, AdaptiveFindsAKnownFactor) {
  constexpr Index members = 20, dofs = 200, cycles = 400;
  constexpr Real deficit = 1.5;
  Problem problem(members, dofs, dofs);
  const auto filter =
      std::make_unique<Etkf>(context_of(problem, MPI_COMM_SELF, fair_share(problem, MPI_COMM_SELF)),
                             Etkf::Options{{.adaptive = true, .adaptive_std = 0.1}, false});
  std::vector<Real> late;
  for (Index cycle = 0; cycle < cycles; ++cycle) {
    Array<Real**> ensemble("ensemble", members, dofs), observed("observed", members, dofs);
    const auto normal = [&](Index number, Index j) {
      return Stream(7, Purpose::initial_perturbation, static_cast<std::uint64_t>(number),
                    static_cast<std::uint64_t>(cycle))
          .normal(static_cast<std::uint64_t>(j));
    };
    for (Index j = 0; j < dofs; ++j) {
      // The truth is 1 away from a mean of 0, its observation 1 away from the truth.
      Real centre = 0;
      for (Index m = 0; m < members; ++m) centre += normal(m, j) / deficit / members;
      for (Index m = 0; m < members; ++m)
        ensemble(m, j) = observed(m, j) = normal(m, j) / deficit - centre;
      problem.value[static_cast<std::size_t>(j)] = normal(1000, j) + normal(1001, j);
    }
    const Report report = filter->analyse(
        analysis_of(problem, ensemble, observed, fair_share(problem, MPI_COMM_SELF), cycle));
    EXPECT_DOUBLE_EQ(report.inflation, std::sqrt(filter->state().at(0)));
    if (cycle >= cycles / 2) late.push_back(report.inflation);
  }
  Real sum = 0;
  for (const Real factor : late) sum += factor;
  EXPECT_NEAR(sum / static_cast<Real>(late.size()), deficit, 0.03);
  EXPECT_NEAR(*std::min_element(late.begin(), late.end()), deficit, 0.1);
  EXPECT_NEAR(*std::max_element(late.begin(), late.end()), deficit, 0.1);
}

TEST(Inflation, AdaptiveGoesOnFromItsState) {
  const Problem problem = random_problem(8, 11, 300, 3);
  const FilterContext context =
      context_of(problem, MPI_COMM_SELF, fair_share(problem, MPI_COMM_SELF));
  const Etkf::Options options{{.adaptive = true, .adaptive_std = 1}, false};
  Etkf whole(context, options), first(context, options), second(context, options);
  const auto step = [&](Etkf& filter, Index cycle) {
    Array<Real**> ensemble("ensemble", 8, 11), observed("observed", 8, 300);
    for (Index m = 0; m < 8; ++m) {
      std::copy_n(problem.ensemble.row(m), 11, &ensemble(m, 0));
      std::copy_n(problem.observed.row(m), 300, &observed(m, 0));
    }
    return filter
        .analyse(
            analysis_of(problem, ensemble, observed, fair_share(problem, MPI_COMM_SELF), cycle))
        .inflation;
  };
  const Real initial = step(whole, 0);
  step(first, 0);
  second.restore(first.state());
  const Real next = step(whole, 1);
  EXPECT_NE(initial, next);
  EXPECT_EQ(step(second, 1), next);
}

TEST(Inflation, RefusesWhatCannotBe) {
  const Problem problem = random_problem(4, 3, 2, 1);
  for (const InflationSettings& bad :
       {InflationSettings{.posterior = 0}, InflationSettings{.prior = -1},
        InflationSettings{.relax_perturbations = 1.1}, InflationSettings{.relax_spread = -0.1},
        InflationSettings{.additive = -1}, InflationSettings{.adaptive_std = 0}})
    EXPECT_THROW(etkf(problem, bad), InputError);
}

}  // namespace
}  // namespace starling::filters
