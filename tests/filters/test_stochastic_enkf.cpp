// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "filters/problem.hpp"
#include "filters/stochastic_enkf.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace starling::filters {
namespace {

using linalg::Matrix;

MakeFilter enkf(StochasticEnkf::Options options = {}) {
  return [options](const FilterContext& context) {
    return std::make_unique<StochasticEnkf>(context, options);
  };
}

// Members 0 and 2, observation 4 with error variance 2: gain 1/2. Two centred perturbations are
// +-(z_0 - z_1) / 2, scaled by sqrt(2 / 1) and by the standard deviation sqrt(2).
TEST(StochasticEnkf, IsBayesRuleForOneVariable) {
  Problem problem(2, 1, 1);
  problem.ensemble(1, 0) = problem.observed(1, 0) = 2;
  problem.value = {4};
  problem.variance = {2};
  const Index cycle = 6;
  const std::uint64_t seed = 3;
  const Matrix analysis = analyse(problem, enkf(), cycle, seed);
  const auto z = [&](std::uint64_t member) {
    return Stream(seed, Purpose::perturbed_observations, member, 6).normal(0);
  };
  const Real perturbation = z(0) - z(1);
  EXPECT_NEAR(analysis(0, 0), 0 + 0.5 * (4 + perturbation - 0), 1e-14);
  EXPECT_NEAR(analysis(1, 0), 2 + 0.5 * (4 - perturbation - 2), 1e-14);
}

// Each member by the gain in state space, towards its own observations.
TEST(StochasticEnkf, MovesEachMemberByTheKalmanGain) {
  constexpr Index members = 9, dofs = 12, observations = 300;
  Matrix h(observations, dofs);
  const Problem problem = random_problem(members, dofs, observations, 7, &h);
  const Kalman exact = kalman(mean(problem.ensemble), covariance(problem.ensemble), h,
                              problem.value, problem.variance);
  Matrix perturbation(members, observations);
  for (Index m = 0; m < members; ++m)
    for (Index i = 0; i < observations; ++i)
      perturbation(m, i) =
          Stream(1, Purpose::perturbed_observations, static_cast<std::uint64_t>(m), 0)
              .normal(static_cast<std::uint64_t>(i));
  const auto centre = mean(perturbation);
  const Matrix analysis = analyse(problem, enkf());
  for (Index m = 0; m < members; ++m)
    for (Index j = 0; j < dofs; ++j) {
      Real expected = problem.ensemble(m, j);
      for (Index i = 0; i < observations; ++i) {
        const auto o = static_cast<std::size_t>(i);
        const Real z = (perturbation(m, i) - centre[o]) * std::sqrt(9.0 / 8.0);
        expected += exact.gain(j, i) * (problem.value[o] + z * std::sqrt(problem.variance[o]) -
                                        problem.observed(m, i));
      }
      EXPECT_NEAR(analysis(m, j), expected, 1e-11);
    }
}

TEST(StochasticEnkf, GivesTheMeanOfTheKalmanFilterWithoutSamplingError) {
  constexpr Index members = 15, dofs = 8, observations = 6;
  Matrix h(observations, dofs);
  const Problem problem = random_problem(members, dofs, observations, 8, &h);
  const Kalman exact = kalman(mean(problem.ensemble), covariance(problem.ensemble), h,
                              problem.value, problem.variance);
  const auto centre = mean(analyse(problem, enkf()));
  for (std::size_t i = 0; i < dofs; ++i) EXPECT_NEAR(centre[i], exact.mean[i], 1e-12);
}

TEST(StochasticEnkf, InflatesTheAnalysisAnomaliesByTheFactor) {
  const Problem problem = random_problem(10, 17, 6, 4);
  const Matrix plain = analyse(problem, enkf()), inflated = analyse(problem, enkf({1.3}));
  const auto centre = mean(plain);
  for (Index m = 0; m < 10; ++m)
    for (Index j = 0; j < 17; ++j) {
      const Real c = centre[static_cast<std::size_t>(j)];
      EXPECT_NEAR(inflated(m, j), c + 1.3 * (plain(m, j) - c), 1e-13);
    }
}

}  // namespace
}  // namespace starling::filters
