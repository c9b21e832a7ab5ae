// SPDX-License-Identifier: BSD-3-Clause
#include "core/process_grid.hpp"
#include "diagnostics/samples.hpp"
#include "diagnostics/scores.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

namespace starling::diagnostics {
namespace {

Scores serial(ConstRows ensemble, const Real* truth) {
  const Index columns = width_of(ensemble);
  return EnsembleScores(MPI_COMM_SELF, rows_of(ensemble), {0, columns}, columns)
      .evaluate(ensemble, truth);
}

// The definition of lang2024 as a double sum; alpha = 1 is the fair form and alpha = 0 the
// standard one.
Real double_sum(ConstRows ensemble, const Real* truth, Real alpha) {
  const Index members = rows_of(ensemble), columns = width_of(ensemble);
  const Real m = static_cast<Real>(members), epsilon = (1 - alpha) / m;
  Real total = 0;
  for (Index c = 0; c < columns; ++c)
    for (Index j = 0; j < members; ++j)
      for (Index k = 0; k < members; ++k)
        if (j != k)
          total += std::abs(ensemble(j, c) - truth[c]) + std::abs(ensemble(k, c) - truth[c]) -
                   (1 - epsilon) * std::abs(ensemble(j, c) - ensemble(k, c));
  return total / (2 * m * (m - 1) * static_cast<Real>(columns));
}

// The integral of (F(x) - 1{x >= y})^2 over the steps of the empirical F by hand: between the two
// inner members F = 1/2, and so on; beyond the members F is 0 or 1.
TEST(Scores, CrpsIsExactOutsideTheEnsemble) {
  const std::vector<Real> members = {1.5, -1.5, 1, -1};
  const ConstRows ensemble = make_rows(members.data(), 4, 1);
  const auto crps = [&](Real y) { return serial(ensemble, &y).crps; };
  EXPECT_DOUBLE_EQ(crps(2), 1.3125);
  EXPECT_DOUBLE_EQ(crps(5), 4.3125);
  EXPECT_DOUBLE_EQ(crps(-2), 1.3125);
  EXPECT_DOUBLE_EQ(crps(-5), 4.3125);
  // 0.5 (1/4)^2 twice, and 1 (1/2)^2 twice.
  EXPECT_DOUBLE_EQ(crps(0), 0.5625);
  const Real y = 2;
  EXPECT_DOUBLE_EQ(serial(ensemble, &y).fair_crps, 2.0 - 11.0 / 12);
  EXPECT_DOUBLE_EQ(serial(ensemble, &y).almost_fair_crps, 2.0 - (1 - 0.0125) * 11.0 / 12);
}

TEST(Scores, AgreeWithTheirDefinitions) {
  for (const Index members : {2, 3, 7, 28, 50, 301})
    for (const Index columns : {1, 5, 8, 40, 67}) {
      Sample sample(members, columns, 3);
      sample.truth[0] = 40;  // far in both tails
      if (columns > 1) sample.truth[1] = -1e3;
      const Scores scores = serial(sample.ensemble(), sample.truth.data());
      const auto expected = [&](Real alpha) {
        return double_sum(sample.ensemble(), sample.truth.data(), alpha);
      };
      EXPECT_NEAR(scores.crps / expected(0), 1, 1e-12) << members << " " << columns;
      EXPECT_NEAR(scores.fair_crps / expected(1), 1, 1e-12) << members << " " << columns;
      EXPECT_NEAR(scores.almost_fair_crps / expected(0.95), 1, 1e-12) << members << " " << columns;

      long double errors = 0, variances = 0;
      for (Index c = 0; c < columns; ++c) {
        long double mean = 0, squares = 0;
        for (Index j = 0; j < members; ++j) mean += sample.ensemble()(j, c);
        mean /= static_cast<long double>(members);
        for (Index j = 0; j < members; ++j) {
          const long double anomaly = sample.ensemble()(j, c) - mean;
          squares += anomaly * anomaly;
        }
        const long double error = mean - sample.truth[static_cast<std::size_t>(c)];
        errors += error * error;
        variances += squares / static_cast<long double>(members - 1);
      }
      const long double dofs = static_cast<long double>(columns);
      EXPECT_NEAR(scores.rmse, static_cast<Real>(std::sqrt(errors / dofs)), 1e-12 * scores.rmse);
      EXPECT_NEAR(scores.spread, static_cast<Real>(std::sqrt(variances / dofs)), 1e-12);
    }
}

// For members and truth from N(0, 1), E|x - y| = E|x - x'| = 2 / sqrt(pi), so the expectations are
// (1 + 1/M) / sqrt(pi), 1 / sqrt(pi) and (1 + eps) / sqrt(pi).
TEST(Scores, OnlyTheFairFormsForgetTheSizeOfTheEnsemble) {
  constexpr Index columns = 60000;
  const Real unit = 1 / std::sqrt(std::numbers::pi);
  // The scatter of one column is below 0.7 for every form and M here.
  const Real tolerance = 4 * 0.7 / std::sqrt(static_cast<Real>(columns));
  for (const Index members : {2, 4, 16}) {
    const Sample sample(members, columns, 11);
    const Scores scores = serial(sample.ensemble(), sample.truth.data());
    const Real m = static_cast<Real>(members);
    EXPECT_NEAR(scores.crps, unit * (1 + 1 / m), tolerance) << members;
    EXPECT_NEAR(scores.fair_crps, unit, tolerance) << members;
    EXPECT_NEAR(scores.almost_fair_crps, unit * (1 + 0.05 / m), tolerance) << members;
    EXPECT_NEAR(scores.rmse, std::sqrt(1 + 1 / m), 2 * tolerance) << members;
    EXPECT_NEAR(scores.spread, 1, 2 * tolerance) << members;
  }
}

// Of an ensemble of quantiles, crps tends to that of the normal distribution,
// y (2 Phi(y) - 1) + 2 phi(y) - 1 / sqrt(pi) (gneiting2005), by std::sort and by the
// network.
TEST(Scores, CrpsTendsToThatOfTheNormalDistribution) {
  const auto cdf = [](Real x) { return std::erfc(-x / std::numbers::sqrt2) / 2; };
  for (const Index members : {Index{1000}, Strip::network_limit + 500}) {
    std::vector<Real> quantiles;
    for (Index j = 0; j < members; ++j) {
      Real low = -10, high = 10;
      for (int step = 0; step < 60; ++step) {
        const Real middle = (low + high) / 2;
        const bool below = cdf(middle) < (static_cast<Real>(j) + 0.5) / static_cast<Real>(members);
        (below ? low : high) = middle;
      }
      // Out of order, so that sorting matters.
      quantiles.insert(j % 2 == 0 ? quantiles.begin() : quantiles.end(), low);
    }
    for (const Real y : {-3.0, -0.4, 0.0, 1.0, 8.0}) {
      const Real density = std::exp(-y * y / 2) / std::sqrt(2 * std::numbers::pi);
      const Real exact = y * (2 * cdf(y) - 1) + 2 * density - 1 / std::sqrt(std::numbers::pi);
      const Scores scores = serial(make_rows(quantiles.data(), members, 1), &y);
      EXPECT_NEAR(scores.crps, exact, 1 / static_cast<Real>(members)) << y;
    }
  }
}

TEST(Scores, HaveTheSameBitsForAnyNumberOfRanks) {
  const MPI_Comm world = test_support::world();
  for (const Index columns : {3, 8, 40, 131, 1000}) {
    const Sample sample(28, columns, 5);
    const Range mine = deal(columns, size_of(world), rank_of(world), dof_block);
    const std::vector<Real> share = sample.share(mine);
    EnsembleScores scores(world, 28, mine, columns);
    const Scores here =
        scores.evaluate(make_rows(share.data(), 28, mine.size()), sample.truth.data() + mine.begin);
    const Scores alone = serial(sample.ensemble(), sample.truth.data());
    EXPECT_EQ(here.rmse, alone.rmse) << columns;
    EXPECT_EQ(here.spread, alone.spread) << columns;
    EXPECT_EQ(here.crps, alone.crps) << columns;
    EXPECT_EQ(here.fair_crps, alone.fair_crps) << columns;
    EXPECT_EQ(here.almost_fair_crps, alone.almost_fair_crps) << columns;
  }
}

TEST(Scores, OfOneMemberHaveNoSpread) {
  const Real x = 3, y = 1;
  const Scores scores = serial(make_rows(&x, 1, 1), &y);
  EXPECT_EQ(scores.rmse, 2);
  EXPECT_EQ(scores.crps, 2);
  EXPECT_TRUE(std::isnan(scores.spread));
  EXPECT_TRUE(std::isnan(scores.fair_crps));
  EXPECT_TRUE(std::isnan(scores.almost_fair_crps));
}

TEST(Scores, DoNotHideAMemberThatIsNotFinite) {
  for (const Index members : {Index{10}, Strip::network_limit + 1}) {
    Sample sample(members, 9, 7);
    sample.x[30] = std::numeric_limits<Real>::quiet_NaN();
    const Scores scores = serial(sample.ensemble(), sample.truth.data());
    EXPECT_TRUE(std::isnan(scores.rmse));
    EXPECT_TRUE(std::isnan(scores.spread));
    EXPECT_TRUE(std::isnan(scores.crps));
    EXPECT_TRUE(std::isnan(scores.fair_crps));
  }
}

TEST(Scores, AreEvaluatedWithoutAllocation) {
  for (const Index members : {Index{28}, Strip::network_limit + 1}) {
    const Sample sample(members, 40, 9);
    EnsembleScores scores(MPI_COMM_SELF, members, {0, 40}, 40);
    const test_support::AllocationCounter allocations;
    scores.evaluate(sample.ensemble(), sample.truth.data());
    EXPECT_EQ(allocations.count(), 0U);
  }
}

}  // namespace
}  // namespace starling::diagnostics
