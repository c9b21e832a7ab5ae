// SPDX-License-Identifier: BSD-3-Clause
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "diagnostics/gaussian_scores.hpp"
#include "diagnostics/rank_histogram.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace starling::diagnostics {
namespace {

Real cumulative(Real z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

// The definition, integral of (F(x) - 1{x >= y})^2, by Simpson's rule on both sides of the jump.
Real by_quadrature(Real mean, Real deviation, Real y) {
  const auto integrate = [&](Real from, Real to, bool above) {
    const Index cells = 20000;
    const Real h = (to - from) / static_cast<Real>(2 * cells);
    Real sum = 0;
    for (Index i = 0; i <= 2 * cells; ++i) {
      // The upper tail from its own side, where 1 - F would cancel.
      const Real z = (from + static_cast<Real>(i) * h - mean) / deviation;
      const Real gap = above ? cumulative(-z) : cumulative(z);
      sum += gap * gap * (i == 0 || i == 2 * cells ? 1 : (i % 2 == 1 ? 4 : 2));
    }
    return sum * h / 3;
  };
  const Real low = std::min(y, mean) - 12 * deviation, high = std::max(y, mean) + 12 * deviation;
  return integrate(low, y, false) + integrate(y, high, true);
}

TEST(GaussianScores, CrpsIsTheIntegralInBothTails) {
  for (const Real deviation : {0.01, 1.0, 7.0})
    for (const Real z : {-30.0, -6.0, -2.5, -0.3, 0.0, 0.3, 2.5, 6.0, 30.0}) {
      const Real mean = 1.5, y = mean + z * deviation;
      EXPECT_NEAR(gaussian_crps(mean, deviation, y) / by_quadrature(mean, deviation, y), 1, 1e-9)
          << z << " of " << deviation;
    }
}

TEST(GaussianScores, WithoutSpreadCrpsIsTheDistance) {
  EXPECT_EQ(gaussian_crps(2, 0, 5), 3);
  EXPECT_EQ(gaussian_crps(2, 0, -5), 7);
}

TEST(GaussianScores, ProbabilitiesAreThoseOfTables) {
  // Abramowitz & Stegun, table 26.1 and its tail.
  EXPECT_NEAR(gaussian_probability(1, 2, 1 + 2 * 1.959963984540054), 0.975, 1e-15);
  EXPECT_NEAR(gaussian_probability(1, 2, 1 - 2 * 3.0902323061678132) / 1e-3, 1, 1e-12);
  EXPECT_EQ(gaussian_probability(1, 0, 1), 0.5);
  EXPECT_EQ(gaussian_probability(1, 0, 2), 1);
}

struct Columns {
  explicit Columns(Index count) : mean(count), deviation(count), truth(count) {
    Stream(3, Purpose::initial_perturbation, 0, 0).normals(mean.data(), count);
    Stream(3, Purpose::initial_perturbation, 1, 0).normals(truth.data(), count);
    Stream(3, Purpose::initial_perturbation, 2, 0).normals(deviation.data(), count);
    for (Real& x : deviation) x = std::abs(x);
  }
  std::vector<Real> mean, deviation, truth;
};

TEST(GaussianScores, AreAveragesOverDofsWithTheSameBitsOnAnyRanks) {
  for (const Index count : {1, 8, 40, 67}) {
    const Columns columns(count);
    Real error = 0, variance = 0, crps = 0;
    for (std::size_t j = 0; j < columns.mean.size(); ++j) {
      error += std::pow(columns.mean[j] - columns.truth[j], 2);
      variance += columns.deviation[j] * columns.deviation[j];
      crps += gaussian_crps(columns.mean[j], columns.deviation[j], columns.truth[j]);
    }
    const auto n = static_cast<Real>(count);
    const Range mine =
        deal(count, test_support::world_size(), test_support::world_rank(), dof_block);
    GaussianScores scores(test_support::world(), mine, count);
    const test_support::AllocationCounter counter;
    const Scores ours =
        scores.evaluate(columns.mean.data() + mine.begin, columns.deviation.data() + mine.begin,
                        columns.truth.data() + mine.begin);
    if (test_support::world_size() == 1) EXPECT_EQ(counter.count(), 0U);
    EXPECT_NEAR(ours.rmse, std::sqrt(error / n), 1e-14 * std::sqrt(error / n));
    EXPECT_NEAR(ours.spread, std::sqrt(variance / n), 1e-14 * std::sqrt(variance / n));
    EXPECT_NEAR(ours.crps, crps / n, 1e-14 * crps / n);
    const Scores alone =
        GaussianScores(MPI_COMM_SELF, {0, count}, count)
            .evaluate(columns.mean.data(), columns.deviation.data(), columns.truth.data());
    EXPECT_EQ(ours.rmse, alone.rmse);
    EXPECT_EQ(ours.spread, alone.spread);
    EXPECT_EQ(ours.crps, alone.crps);
  }
}

// A truth drawn from the very distribution has a flat histogram, one from a wider one has not.
TEST(GaussianScores, RanksOfThePredictedDistributionAreFlat) {
  const Index count = 4000;
  const Range mine = deal(count, test_support::world_size(), test_support::world_rank(), dof_block);
  Columns columns(count);
  std::vector<Real> draw(columns.mean.size());
  Stream(3, Purpose::initial_perturbation, 3, 0).normals(draw.data(), count);
  for (const Real factor : {1.0, 1.5}) {
    for (std::size_t j = 0; j < draw.size(); ++j)
      columns.truth[j] = columns.mean[j] + factor * columns.deviation[j] * draw[j];
    RankHistogram ranks(test_support::world(), 19, mine, 1, {});
    ranks.add(columns.mean.data() + mine.begin, columns.deviation.data() + mine.begin,
              columns.truth.data() + mine.begin, 0);
    const Real p = test_flatness(ranks.counts()).p_value;
    if (factor == 1) {
      EXPECT_GT(p, 0.001);
    } else {
      EXPECT_LT(p, 1e-10);
    }
  }
}

}  // namespace
}  // namespace starling::diagnostics
