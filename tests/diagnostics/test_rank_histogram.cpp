// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "diagnostics/rank_histogram.hpp"
#include "diagnostics/samples.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace starling::diagnostics {
namespace {

using Counts = std::vector<std::int64_t>;

// With 2 degrees of freedom P(chi^2 >= x) = exp(-x / 2).
TEST(Flatness, HasTheStatisticAndProbabilityOfPearson) {
  const FlatnessTest test = test_flatness({10, 20, 30});
  EXPECT_EQ(test.degrees, 2);
  EXPECT_DOUBLE_EQ(test.expected, 20);
  EXPECT_DOUBLE_EQ(test.statistic, 10);
  EXPECT_NEAR(test.p_value, std::exp(-5.0), 1e-14);
  EXPECT_EQ(test_flatness({7, 7, 7, 7}).p_value, 1);
  EXPECT_EQ(test_flatness({0, 0, 0}).p_value, 1);
  // 4 degrees: exp(-x/2) (1 + x/2), with x = 4 (5^2 / 5) + 20^2 / 5 = 100.
  EXPECT_NEAR(test_flatness({0, 0, 0, 0, 25}).p_value / (std::exp(-50.0) * 51), 1, 1e-10);
}

TEST(RankHistogram, CountsTheMembersBelowTheTruth) {
  const std::vector<Real> x = {1, 5, 2,   //
                               3, 4, 2,   //
                               2, 6, 2};  // members x dofs
  const std::vector<Real> truth = {2.5, 0, 9};
  RankHistogram histogram(MPI_COMM_SELF, 3, {0, 3}, 1, {});
  histogram.add(make_rows(x.data(), 3, 3), truth.data(), 0);
  EXPECT_EQ(histogram.counts(), (Counts{1, 0, 1, 1}));
  histogram.add(make_rows(x.data(), 3, 3), truth.data(), 1);
  EXPECT_EQ(histogram.counts(), (Counts{2, 0, 2, 2}));
}

TEST(RankHistogram, BreaksTiesEvenly) {
  // Truth equals two of four members, one is below it: ranks 1, 2 and 3 are equally likely.
  const std::vector<Real> column = {0, 1, 1, 2};
  constexpr Index columns = 3000;
  std::vector<Real> x;
  for (const Real each : column) x.insert(x.end(), columns, each);
  const std::vector<Real> truth(columns, 1.0);
  RankHistogram histogram(MPI_COMM_SELF, 4, {0, columns}, 1, {});
  histogram.add(make_rows(x.data(), 4, columns), truth.data(), 0);
  const Counts counts = histogram.counts();
  EXPECT_EQ(counts[0], 0);
  EXPECT_EQ(counts[4], 0);
  EXPECT_GT(test_flatness({counts[1], counts[2], counts[3]}).p_value, 1e-3);
}

TEST(RankHistogram, IsTheSameForAnyNumberOfRanks) {
  const MPI_Comm world = test_support::world();
  Sample sample(12, 133, 3);
  for (std::size_t c = 0; c < 133; c += 3) sample.truth[c] = sample.x[5 * 133 + c];  // ties
  const Range mine = deal(133, size_of(world), rank_of(world), dof_block);
  const std::vector<Real> share = sample.share(mine);
  RankHistogram together(world, 12, mine, 1, {.columns = 2});
  RankHistogram alone(MPI_COMM_SELF, 12, {0, 133}, 1, {.columns = 2});
  for (Index cycle = 0; cycle < 5; ++cycle) {
    together.add(make_rows(share.data(), 12, mine.size()), sample.truth.data() + mine.begin, cycle);
    alone.add(sample.ensemble(), sample.truth.data(), cycle);
  }
  const Counts counts = together.counts();
  EXPECT_EQ(counts, alone.counts());
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), 5 * 67);

  RankHistogram later(world, 12, mine, 1, {.columns = 2});
  later.restore(counts);
  EXPECT_EQ(later.counts(), counts);
  EXPECT_THROW(later.restore({1, 2}), InputError);
}

// Truth and members are exchangeable, so p is uniform: about 5 of 100 are below 0.05.
TEST(RankHistogram, OfAPerfectEnsembleIsRejectedAtTheNominalRate) {
  constexpr int repetitions = 600;
  int rejected = 0;
  for (int r = 0; r < repetitions; ++r) {
    const Sample sample(9, 2000, 100 + static_cast<std::uint64_t>(r));
    RankHistogram histogram(MPI_COMM_SELF, 9, {0, 2000}, 1, {});
    histogram.add(sample.ensemble(), sample.truth.data(), 0);
    rejected += test_flatness(histogram.counts()).p_value < 0.05 ? 1 : 0;
  }
  // Binomial(600, 0.05): 30 +- 5.3.
  EXPECT_GT(rejected, 30 - 4 * 5.3);
  EXPECT_LT(rejected, 30 + 4 * 5.3);
}

TEST(RankHistogram, OfAnEnsembleWithTooLittleSpreadIsRejected) {
  Sample sample(9, 2000, 4);
  for (Real& x : sample.x) x *= 0.7;
  RankHistogram histogram(MPI_COMM_SELF, 9, {0, 2000}, 1, {});
  histogram.add(sample.ensemble(), sample.truth.data(), 0);
  const Counts counts = histogram.counts();
  EXPECT_LT(test_flatness(counts).p_value, 1e-6);
  // A U: both ends above the mean count of 200, the middle below.
  EXPECT_GT(std::min(counts.front(), counts.back()), 250);
  EXPECT_LT(std::max(counts[4], counts[5]), 190);
}

// Ten neighbours that are one: a perfect ensemble fails the test unless neighbours are left out.
TEST(RankHistogram, IsTestedOnIndependentRanksWithStrides) {
  constexpr int repetitions = 200;
  int rejected_all = 0, rejected_some = 0;
  for (int r = 0; r < repetitions; ++r) {
    Sample sample(9, 3000, 1000 + static_cast<std::uint64_t>(r));
    for (std::size_t c = 0; c < 3000; ++c) {
      sample.truth[c] = sample.truth[c / 10 * 10];
      for (std::size_t j = 0; j < 9; ++j) sample.x[j * 3000 + c] = sample.x[j * 3000 + c / 10 * 10];
    }
    RankHistogram all(MPI_COMM_SELF, 9, {0, 3000}, 1, {});
    RankHistogram some(MPI_COMM_SELF, 9, {0, 3000}, 1, {.columns = 10, .cycles = 2});
    for (Index cycle = 0; cycle < 2; ++cycle) {
      all.add(sample.ensemble(), sample.truth.data(), cycle);
      some.add(sample.ensemble(), sample.truth.data(), cycle);
    }
    rejected_all += test_flatness(all.counts()).p_value < 0.05 ? 1 : 0;
    rejected_some += test_flatness(some.counts()).p_value < 0.05 ? 1 : 0;
  }
  EXPECT_GT(rejected_all, repetitions * 9 / 10);
  EXPECT_LT(rejected_some, 10 + 4 * 3.1);
}

TEST(RankHistogram, AddsWithoutAllocation) {
  const Sample sample(28, 40, 9);
  RankHistogram histogram(MPI_COMM_SELF, 28, {0, 40}, 1, {});
  const test_support::AllocationCounter allocations;
  histogram.add(sample.ensemble(), sample.truth.data(), 0);
  EXPECT_EQ(allocations.count(), 0U);
}

// Ten bins with 20 counts are taken as four groups of 2, 3, 2 and 3 with 4, 6, 4 and 6 expected:
// (6 - 4)^2 / 4 + (2 - 4)^2 / 4 = 2 with three degrees.
TEST(Flatness, CountsNeighboursTogetherWhereFewAreExpected) {
  const FlatnessTest test = test_flatness({1, 5, 2, 2, 2, 2, 0, 0, 6, 0});
  EXPECT_EQ(test.degrees, 3);
  EXPECT_DOUBLE_EQ(test.statistic, 2);
  EXPECT_NEAR(test.p_value, 0.57240670447, 1e-10);
  EXPECT_EQ(test_flatness({10, 10, 10}).degrees, 2);
}

}  // namespace
}  // namespace starling::diagnostics
