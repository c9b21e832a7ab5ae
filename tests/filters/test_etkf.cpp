// SPDX-License-Identifier: BSD-3-Clause
#include "filters/etkf.hpp"
#include "filters/problem.hpp"
#include "linalg/dense.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace starling::filters {
namespace {

using linalg::Matrix;

MakeFilter etkf(Etkf::Options options = {}) {
  return
      [options](const FilterContext& context) { return std::make_unique<Etkf>(context, options); };
}

// Members 0 and 2: mean 1, variance 2. Observation 4 with error variance 2: gain 1/2, mean 2.5,
// variance 1, and the symmetric root keeps the members' order: 2.5 -+ sqrt(1/2).
TEST(Etkf, IsBayesRuleForOneVariable) {
  Problem problem(2, 1, 1);
  problem.ensemble(1, 0) = problem.observed(1, 0) = 2;
  problem.value = {4};
  problem.variance = {2};
  const Matrix analysis = analyse(problem, etkf());
  EXPECT_NEAR(analysis(0, 0), 2.5 - std::sqrt(0.5), 1e-14);
  EXPECT_NEAR(analysis(1, 0), 2.5 + std::sqrt(0.5), 1e-14);
}

struct Sizes {
  Index members, dofs, observations;
};

class EtkfKalman : public testing::TestWithParam<Sizes> {};

TEST_P(EtkfKalman, GivesTheMeanAndCovarianceOfTheKalmanFilter) {
  const auto [members, dofs, observations] = GetParam();
  Matrix h(observations, dofs);
  const Problem problem = random_problem(members, dofs, observations, 7, &h);
  const Kalman exact = kalman(mean(problem.ensemble), covariance(problem.ensemble), h,
                              problem.value, problem.variance);
  for (const bool rotation : {false, true}) {
    const Matrix analysis = analyse(problem, etkf({{}, rotation}));
    const auto centre = mean(analysis);
    const Matrix spread = covariance(analysis);
    for (Index i = 0; i < dofs; ++i) {
      EXPECT_NEAR(centre[static_cast<std::size_t>(i)], exact.mean[static_cast<std::size_t>(i)],
                  1e-12);
      for (Index j = 0; j < dofs; ++j)
        EXPECT_NEAR(spread(i, j), exact.covariance(i, j), 1e-12) << "rotation " << rotation;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, EtkfKalman,
                         testing::Values(Sizes{9, 12, 7}, Sizes{20, 6, 11}, Sizes{2, 5, 3},
                                         Sizes{33, 8, 1}, Sizes{12, 3, 300}));

// Of all square roots the symmetric positive one moves the members least (ott2004). With more dofs
// than members the transform can be had back from the anomalies: T = A' A^T (A A^T + 1 1^T)^-1, 0
// on the mean.
TEST(Etkf, TransformsByTheSymmetricPositiveRoot) {
  constexpr Index members = 6, dofs = 40;
  const Problem problem = random_problem(members, dofs, 9, 3);
  const Matrix analysis = analyse(problem, etkf());
  const auto before = mean(problem.ensemble), after = mean(analysis);
  Matrix transform(members, members), gram(members, members);
  for (Index m = 0; m < members; ++m)
    for (Index k = 0; k < members; ++k) {
      gram(m, k) = 1;
      for (Index j = 0; j < dofs; ++j) {
        const auto c = static_cast<std::size_t>(j);
        const Real anomaly = problem.ensemble(k, j) - before[c];
        transform(m, k) += (analysis(m, j) - after[c]) * anomaly;
        gram(m, k) += (problem.ensemble(m, j) - before[c]) * anomaly;
      }
    }
  linalg::divide_by_positive(transform, gram);
  for (Index m = 0; m < members; ++m)
    for (Index k = 0; k < m; ++k) EXPECT_NEAR(transform(m, k), transform(k, m), 1e-13);
  linalg::SymmetricEigen eigen(members);
  eigen.solve(transform);
  EXPECT_NEAR(eigen.values()[0], 0, 1e-13);
  EXPECT_GT(eigen.values()[1], 1e-3);
  EXPECT_LT(eigen.values()[members - 1], 1 + 1e-13);
}

TEST(Etkf, InflatesTheAnalysisAnomaliesByTheFactor) {
  const Problem problem = random_problem(10, 17, 6, 4);
  for (const bool rotation : {false, true}) {
    const Matrix plain = analyse(problem, etkf({{}, rotation}));
    const Matrix inflated = analyse(problem, etkf({{.posterior = 1.3}, rotation}));
    const auto centre = mean(plain);
    for (Index m = 0; m < 10; ++m)
      for (Index j = 0; j < 17; ++j) {
        const Real c = centre[static_cast<std::size_t>(j)];
        EXPECT_NEAR(inflated(m, j), c + 1.3 * (plain(m, j) - c), 1e-13);
      }
  }
}

TEST(Etkf, RotatesDifferentlyAtEveryCycleAndForEverySeed) {
  const Problem problem = random_problem(10, 17, 6, 4);
  const Matrix one = analyse(problem, etkf({{}, true}), 3, 5);
  const Matrix same = analyse(problem, etkf({{}, true}), 3, 5);
  EXPECT_EQ(one(0, 0), same(0, 0));
  EXPECT_GT(std::abs(one(0, 0) - analyse(problem, etkf({{}, true}), 4, 5)(0, 0)), 1e-6);
  EXPECT_GT(std::abs(one(0, 0) - analyse(problem, etkf({{}, true}), 3, 6)(0, 0)), 1e-6);
}

// A very accurate observation of every dof leaves nothing of the background: weights of order one
// over a condition number of 1e12.
TEST(Etkf, FollowsObservationsThatAreNearlyExact) {
  const Index dofs = 5;
  Problem problem = random_problem(12, dofs, dofs, 4);
  for (Index m = 0; m < 12; ++m)
    for (Index i = 0; i < dofs; ++i) problem.observed(m, i) = problem.ensemble(m, i);
  problem.variance.assign(dofs, 1e-12);
  const auto centre = mean(analyse(problem, etkf()));
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(centre[i], problem.value[i], 1e-10);
}

}  // namespace
}  // namespace starling::filters
