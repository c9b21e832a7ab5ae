// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "filters/etkf.hpp"
#include "filters/problem.hpp"
#include "filters/serial_filter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace starling::filters {
namespace {

using linalg::Matrix;
using Rule = ScalarUpdate::Rule;

constexpr Real infinity = std::numeric_limits<Real>::infinity();

Matrix run(const Problem& problem, const SerialFilter::Options& options, Index cycle = 0) {
  return analyse(
      problem,
      [&](const FilterContext& context) {
        return std::make_unique<SerialFilter>(context, options);
      },
      cycle);
}

Localization support(Real length, Taper::Shape shape = Taper::Shape::gaspari_cohn) {
  return {Taper(shape, length)};
}

// Members 0 and 2: variance 2; observation 4 with error variance 2: gain 1/2, variance 1.
TEST(SerialFilter, IsBayesRuleForOneVariable) {
  Problem problem(2, 1, 1);
  problem.ensemble(1, 0) = problem.observed(1, 0) = 2;
  problem.value = {4};
  problem.variance = {2};
  for (const Real length : {infinity, 3.0}) {
    const Matrix analysis = run(problem, {.localization = support(length)});
    EXPECT_NEAR(analysis(0, 0), 2.5 - std::sqrt(0.5), 1e-14);
    EXPECT_NEAR(analysis(1, 0), 2.5 + std::sqrt(0.5), 1e-14);
  }
}

TEST(SerialFilter, HasTheMeanAndCovarianceOfTheKalmanFilter) {
  for (const Index observations : {1, 7, 300}) {
    Matrix h(observations, 12);
    const Problem problem = random_problem(9, 12, observations, 7, &h);
    const Kalman exact = kalman(mean(problem.ensemble), covariance(problem.ensemble), h,
                                problem.value, problem.variance);
    // A step taper that reaches everywhere goes the other way, column by column.
    for (const auto& localization : {support(infinity), support(1e6, Taper::Shape::step)})
      for (const bool random_order : {false, true})
        for (const bool rotation : {false, true}) {
          const Matrix analysis = run(
              problem,
              {.random_order = random_order, .localization = localization, .rotation = rotation});
          const auto centre = mean(analysis);
          const Matrix spread = covariance(analysis);
          for (Index i = 0; i < 12; ++i) {
            EXPECT_NEAR(centre[static_cast<std::size_t>(i)],
                        exact.mean[static_cast<std::size_t>(i)], 1e-12);
            for (Index j = 0; j < 12; ++j) EXPECT_NEAR(spread(i, j), exact.covariance(i, j), 1e-12);
          }
        }
  }
}

// The stochastic rule has the Kalman filter's mean, as its perturbations are centred.
TEST(SerialFilter, StochasticHasTheMeanOfTheKalmanFilterForOneObservation) {
  Matrix h(1, 12);
  const Problem problem = random_problem(9, 12, 1, 7, &h);
  const Kalman exact = kalman(mean(problem.ensemble), covariance(problem.ensemble), h,
                              problem.value, problem.variance);
  const auto centre = mean(run(problem, {.rule = Rule::stochastic}));
  for (std::size_t i = 0; i < 12; ++i) EXPECT_NEAR(centre[i], exact.mean[i], 1e-12);
}

// Straight from the definition: after each observation all members and all images are changed, each
// by its covariance with the image times the taper of its distance (whitaker2002, eqs. 2-13).
Matrix brute_force(const Problem& problem, const Taper& taper) {
  const Index members = problem.members(), dofs = problem.dofs(), p = problem.observations();
  Matrix joint(members, dofs + p);
  std::vector<Place> places;
  for (Index j = 0; j < dofs; ++j) places.push_back({{static_cast<Real>(j), 0, 0}});
  places.insert(places.end(), problem.places.begin(), problem.places.end());
  for (Index m = 0; m < members; ++m) {
    std::copy_n(problem.ensemble.row(m), dofs, joint.row(m));
    std::copy_n(problem.observed.row(m), p, joint.row(m) + dofs);
  }
  for (Index o = 0; o < p; ++o) {
    const auto centre = mean(joint);
    const Matrix spread = covariance(joint);
    const auto i = static_cast<std::size_t>(o);
    const Index c = dofs + o;
    const Real total = spread(c, c) + problem.variance[i];
    const Real reduced = 1 / (1 + std::sqrt(problem.variance[i] / total));
    std::vector<Real> image;
    for (Index m = 0; m < members; ++m)
      image.push_back(joint(m, c) - centre[static_cast<std::size_t>(c)]);
    for (Index j = 0; j < dofs + p; ++j) {
      const Real gain =
          taper(problem.geometry.distance(places[static_cast<std::size_t>(j)], problem.places[i])) *
          spread(j, c) / total;
      for (Index m = 0; m < members; ++m)
        joint(m, j) += gain * (problem.value[i] - centre[static_cast<std::size_t>(c)]) -
                       reduced * gain * image[static_cast<std::size_t>(m)];
    }
  }
  Matrix out(members, dofs);
  for (Index m = 0; m < members; ++m) std::copy_n(joint.row(m), dofs, out.row(m));
  return out;
}

TEST(SerialFilter, TapersAsItsDefinition) {
  const Problem problem = random_problem(7, 30, 25, 7);
  for (const Real length : {4.0, 11.0, 100.0}) {
    const Localization localization = support(length);
    const Matrix expected = brute_force(problem, localization.taper);
    const Matrix analysis = run(problem, {.localization = localization});
    for (Index m = 0; m < 7; ++m)
      for (Index j = 0; j < 30; ++j) EXPECT_NEAR(analysis(m, j), expected(m, j), 1e-11);
  }
}

TEST(SerialFilter, LeavesAloneWhatIsOutOfReach) {
  Problem problem = random_problem(7, 64, 1, 7);
  const Matrix analysis = run(problem, {.localization = support(5)});
  Index changed = 0;
  for (Index j = 0; j < 64; ++j) {
    const bool same = analysis(0, j) == problem.ensemble(0, j);
    const Place here{{static_cast<Real>(j), 0, 0}};
    if (problem.geometry.distance(here, problem.places[0]) >= 5)
      EXPECT_NEAR(analysis(0, j), problem.ensemble(0, j), 1e-14);
    else
      changed += same ? 0 : 1;
  }
  EXPECT_GE(changed, 4);
}

// One variable, one observation, a prior far from Gaussian: two humps and a likelihood that prefers
// one. The mean of the posterior is had by integrating over the many members themselves.
TEST(RankHistogram, IsBayesRuleForAPriorThatIsNotGaussian) {
  constexpr Index members = 4000;
  Problem problem(members, 1, 1);
  problem.value = {1.0};
  problem.variance = {1.5};
  const Stream z(3, Purpose::initial_perturbation, 0, 0);
  Real weights = 0, first = 0, second = 0;
  for (Index m = 0; m < members; ++m) {
    const Real x = (m % 2 == 0 ? 2 : -2) + 0.5 * z.normal(static_cast<std::uint64_t>(m));
    problem.ensemble(m, 0) = problem.observed(m, 0) = x;
    const Real weight = std::exp(-0.5 * (x - 1) * (x - 1) / 1.5);
    weights += weight;
    first += weight * x;
    second += weight * x * x;
  }
  const Real expected = first / weights, variance = second / weights - expected * expected;
  const Matrix analysis = run(problem, {.rule = Rule::rank_histogram});
  // Sampling is the same; what is left is the width of a bin in sparse regions.
  EXPECT_NEAR(mean(analysis)[0], expected, 0.01);
  EXPECT_NEAR(covariance(analysis)(0, 0), variance, 0.02);
  EXPECT_GT(expected, 1.5);
}

// An observation far beyond all members: the tail is a Gaussian's, whose posterior is known, and
// nothing overflows.
TEST(RankHistogram, FollowsAnObservationInItsTail) {
  for (const Real far : {-30.0, 1e3, -1e6}) {
    Problem problem(20, 1, 1);
    for (Index m = 0; m < 20; ++m)
      problem.ensemble(m, 0) = problem.observed(m, 0) = static_cast<Real>(m) / 10;
    problem.value = {far};
    problem.variance = {1};
    const Matrix analysis = run(problem, {.rule = Rule::rank_histogram});
    const Real variance = covariance(problem.ensemble)(0, 0);
    // Between the Gaussian's posterior mean and the members, on the observation's side.
    const Real gaussian = 0.95 + variance / (variance + 1) * (far - 0.95);
    const Real centre = mean(analysis)[0];
    EXPECT_TRUE(std::isfinite(centre));
    EXPECT_LT(std::abs(centre - gaussian), 0.1 * std::abs(gaussian) + 1);
    for (Index m = 1; m < 20; ++m) EXPECT_GE(analysis(m, 0), analysis(m - 1, 0));
  }
}

TEST(RankHistogram, LeavesAUselessObservationAlone) {
  Problem problem = random_problem(15, 1, 1, 3);
  for (Index m = 0; m < 15; ++m) problem.observed(m, 0) = problem.ensemble(m, 0);
  problem.variance = {1e12};
  const Matrix analysis = run(problem, {.rule = Rule::rank_histogram});
  for (Index m = 0; m < 15; ++m) EXPECT_NEAR(analysis(m, 0), problem.ensemble(m, 0), 1e-5);
}

}  // namespace
}  // namespace starling::filters
