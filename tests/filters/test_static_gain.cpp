// SPDX-License-Identifier: BSD-3-Clause
// Filters with a static covariance against dense algebra, and the laws of all filters for them.
#include "core/error.hpp"
#include "filters/climatology_forecast.hpp"
#include "filters/hybrid_gain.hpp"
#include "filters/optimal_interpolation.hpp"
#include "filters/static_problem.hpp"
#include "filters/var3d.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace starling::filters {
namespace {

using test_support::world;

const MakeFilter optimal_interpolation = [](const FilterContext& context) {
  return std::make_unique<OptimalInterpolation>(context);
};
const MakeFilter var3d = [](const FilterContext& context) {
  return std::make_unique<Var3d>(context, 0.3);
};
const MakeFilter climatology = [](const FilterContext& context) {
  return std::make_unique<ClimatologyForecast>(context);
};

void expect_kalman(const StaticAnalysis& ours, const Kalman& dense) {
  for (Index j = 0; j < ours.ensemble.columns(); ++j) {
    EXPECT_NEAR(ours.ensemble(0, j), dense.mean[static_cast<std::size_t>(j)], 1e-10);
    EXPECT_NEAR(ours.deviation[static_cast<std::size_t>(j)], std::sqrt(dense.covariance(j, j)),
                1e-10);
  }
}

// Fewer roots than dofs, as many, and more.
TEST(OptimalInterpolation, IsTheKalmanUpdateOfTheClimatology) {
  for (const Index rank : {5, 20, 33}) {
    const StaticProblem problem(1, 20, 30, rank, 5);
    const Kalman dense = kalman(problem.mean, problem.covariance(1), problem.h,
                                problem.problem.value, problem.problem.variance);
    expect_kalman(analyse(problem, optimal_interpolation, world()), dense);
  }
}

TEST(Var3d, IsTheKalmanUpdateOfTheForecastWithTheStaticCovariance) {
  for (const Index rank : {5, 20, 33}) {
    const StaticProblem problem(1, 20, 30, rank, 5);
    const Kalman dense = kalman(mean(problem.problem.ensemble), problem.covariance(0.3), problem.h,
                                problem.problem.value, problem.problem.variance);
    const StaticAnalysis ours = analyse(problem, var3d, world());
    expect_kalman(ours, dense);
    const linalg::Matrix b = problem.covariance(0.3);
    for (Index j = 0; j < 20; ++j)
      EXPECT_NEAR(ours.background_deviation[static_cast<std::size_t>(j)], std::sqrt(b(j, j)),
                  1e-12);
  }
}

MakeFilter hybrid_gain(Real weight) {
  return [=](const FilterContext& context) {
    return std::make_unique<HybridGain>(
        context, HybridGain::Options{.weight = weight, .background_factor = 0.3});
  };
}

// Anomalies of the ETKF; a mean that 3D-Var moves on from there, as far as its weight says.
TEST(HybridGain, IsTheEtkfFollowedByPartOfTheStaticUpdate) {
  const StaticProblem problem(7, 20, 30, 33, 5);
  const Kalman first = kalman(mean(problem.problem.ensemble), covariance(problem.problem.ensemble),
                              problem.h, problem.problem.value, problem.problem.variance);
  const Kalman second = kalman(first.mean, problem.covariance(0.3), problem.h,
                               problem.problem.value, problem.problem.variance);
  for (const Real weight : {0.0, 0.4, 1.0}) {
    const linalg::Matrix ours = analyse(problem, hybrid_gain(weight), world()).ensemble,
                         alone = analyse(problem, hybrid_gain(weight), MPI_COMM_SELF).ensemble;
    const std::vector<Real> our_mean = mean(ours);
    const linalg::Matrix our_covariance = covariance(ours);
    for (Index i = 0; i < 20; ++i) {
      const auto at = static_cast<std::size_t>(i);
      EXPECT_NEAR(our_mean[at], (1 - weight) * first.mean[at] + weight * second.mean[at], 1e-10);
      for (Index j = 0; j < 20; ++j)
        EXPECT_NEAR(our_covariance(i, j), first.covariance(i, j), 1e-11);
      for (Index m = 0; m < 7; ++m) EXPECT_EQ(ours(m, i), alone(m, i));
    }
  }
}

TEST(StaticGain, NeedsAClimatologyAndOneMember) {
  const FilterContext without{world(), 1, 10, 1};
  EXPECT_THROW(OptimalInterpolation{without}, InputError);
  EXPECT_THROW(Var3d(without, 1), InputError);
  EXPECT_THROW(ClimatologyForecast{without}, InputError);
  FilterContext two{world(), 2, 10, 1};
  two.climatology = 5;
  EXPECT_THROW(OptimalInterpolation{two}, InputError);
  EXPECT_THROW(Var3d(two, 1), InputError);
}

class StaticLaw : public testing::TestWithParam<std::pair<const char*, MakeFilter>> {
 protected:
  const MakeFilter& make() const { return GetParam().second; }
};

TEST_P(StaticLaw, SameBitsForAnyNumberOfRanks) {
  for (const Index observations : {1, 40, 257, 1100}) {
    const StaticProblem problem(1, 83, observations, 12, 5);
    const StaticAnalysis ours = analyse(problem, make(), world()),
                         alone = analyse(problem, make(), MPI_COMM_SELF);
    for (Index j = 0; j < 83; ++j) EXPECT_EQ(ours.ensemble(0, j), alone.ensemble(0, j));
    EXPECT_EQ(ours.deviation, alone.deviation);
    EXPECT_EQ(ours.background_deviation, alone.background_deviation);
  }
}

TEST_P(StaticLaw, NoObservationsNoAnalysis) {
  const StaticProblem problem(1, 20, 0, 6, 5);
  const StaticAnalysis ours = analyse(problem, make(), world());
  for (Index j = 0; j < 20; ++j) EXPECT_EQ(ours.ensemble(0, j), problem.problem.ensemble(0, j));
  EXPECT_EQ(ours.deviation, ours.background_deviation);
}

// The analysis is then its background: of 3D-Var to the bit, of interpolation the mean.
TEST_P(StaticLaw, ObservationsOfInfiniteVarianceSayNothing) {
  StaticProblem problem(1, 20, 30, 6, 5);
  problem.problem.variance.assign(30, std::numeric_limits<Real>::infinity());
  const StaticAnalysis ours = analyse(problem, make(), world());
  const bool interpolation = std::string(GetParam().first) == "optimal_interpolation";
  for (Index j = 0; j < 20; ++j) {
    const auto at = static_cast<std::size_t>(j);
    EXPECT_EQ(ours.ensemble(0, j),
              interpolation ? problem.mean[at] : problem.problem.ensemble(0, j));
    EXPECT_NEAR(ours.deviation[at], ours.background_deviation[at], 1e-14);
  }
}

TEST_P(StaticLaw, WhatIsNotFiniteStopsEveryRank) {
  if (std::string(GetParam().first) == "climatology") GTEST_SKIP() << "nothing is analysed";
  StaticProblem problem(1, 83, 300, 6, 5);
  problem.problem.ensemble(0, 70) = std::numeric_limits<Real>::quiet_NaN();
  try {
    analyse(problem, make(), world());
    ADD_FAILURE() << "nothing was thrown";
  } catch (const NumericalError& error) {
    EXPECT_NE(std::string(error.what()).find("member 0"), std::string::npos) << error.what();
  }
  problem.problem.ensemble(0, 70) = 1;
  problem.problem.value[280] = std::numeric_limits<Real>::quiet_NaN();
  EXPECT_THROW(analyse(problem, make(), world()), NumericalError);
}

TEST_P(StaticLaw, AnalysesWithoutAllocating) {
  const StaticProblem problem(1, 24, 300, 6, 5);
  Array<Real**> state("state", 1, 24), observed("observed", 1, 300), roots("roots", 6, 24),
      observed_roots("observed_roots", 6, 300);
  for (Index k = 0; k < 6; ++k) {
    std::copy_n(problem.roots.row(k), 24, &roots(k, 0));
    std::copy_n(problem.observed_roots.row(k), 300, &observed_roots(k, 0));
  }
  const StaticCovariance covariance{problem.mean.data(), roots, problem.observed_mean.data(),
                                    observed_roots};
  const auto filter = make()({.comm = MPI_COMM_SELF,
                              .members = 1,
                              .observations = 300,
                              .seed = 1,
                              .columns = {0, 24},
                              .dofs = 24,
                              .climatology = 6});
  auto& gaussian = dynamic_cast<GaussianFilter&>(*filter);
  const Analysis analysis{.ensemble = state,
                          .observed = observed,
                          .value = problem.problem.value.data(),
                          .variance = problem.problem.variance.data(),
                          .first_observation = 0,
                          .observations = 300,
                          .cycle = 0,
                          .climatology = &covariance};
  const test_support::AllocationCounter counter;
  for (int cycle = 0; cycle < 3; ++cycle) {
    gaussian.background(analysis);
    gaussian.analyse(analysis);
    gaussian.analysed(analysis);
  }
  EXPECT_EQ(counter.count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Filters, StaticLaw,
                         testing::Values(std::pair{"optimal_interpolation", optimal_interpolation},
                                         std::pair{"var3d", var3d},
                                         std::pair{"climatology", climatology}),
                         [](const auto& test) { return test.param.first; });

}  // namespace
}  // namespace starling::filters
