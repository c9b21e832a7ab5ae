// SPDX-License-Identifier: BSD-3-Clause
#include "core/process_grid.hpp"
#include "diagnostics/innovation.hpp"
#include "diagnostics/samples.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace starling::diagnostics {
namespace {

TEST(Innovation, OfTwoMembersByHand) {
  const std::vector<Real> observed = {1, 0, 2,   //
                                      3, 0, 4};  // means 2, 0, 3; variances 2, 0, 2
  const std::vector<Real> value = {3, 1, 1};     // d = 1, 1, -2
  const std::vector<Real> variance = {1, 4, 2};  // expected 3, 4, 4
  InnovationStatistics statistics(MPI_COMM_SELF, 2, 3, 2);
  const Innovation result =
      statistics.evaluate(make_rows(observed.data(), 2, 3), value.data(), variance.data(), 3);
  EXPECT_NEAR(result.mean, 0, 1e-15);
  EXPECT_DOUBLE_EQ(result.variance, 2);
  EXPECT_DOUBLE_EQ(result.expected, 11.0 / 3);
  EXPECT_DOUBLE_EQ(result.ratio, 6.0 / 11);
  EXPECT_DOUBLE_EQ(result.chi_square, (1.0 / 3 + 1.0 / 4 + 4.0 / 4) / 3);
}

// y = truth + error, truth and members from N(0, 1): d has variance 1 + 1/M + R.
TEST(Innovation, IsConsistentForAPerfectEnsemble) {
  constexpr Index members = 100, count = 20000;
  const Sample sample(members, count, 3);
  std::vector<Real> value = sample.truth, variance(count), noise(count);
  Stream(3, Purpose::observation_noise, 0, 0).normals(noise.data(), count);
  for (std::size_t i = 0; i < value.size(); ++i) {
    variance[i] = i % 2 == 0 ? 0.25 : 4;
    value[i] += std::sqrt(variance[i]) * noise[i];
  }
  InnovationStatistics statistics(MPI_COMM_SELF, members, count, 256);
  const Innovation result =
      statistics.evaluate(sample.ensemble(), value.data(), variance.data(), count);
  EXPECT_NEAR(result.mean, 0, 4 * std::sqrt(3.2 / count));
  EXPECT_NEAR(result.expected, 1 + 2.125, 0.01);
  EXPECT_NEAR(result.variance, 1.01 + 2.125, 0.15);
  EXPECT_NEAR(result.ratio, 1, 0.05);
  EXPECT_NEAR(result.chi_square, 1, 0.05);
}

TEST(Innovation, HasTheSameBitsForAnyNumberOfRanksAndObservations) {
  const MPI_Comm world = test_support::world();
  constexpr Index block = 16;
  InnovationStatistics together(world, 12, 500, block);
  InnovationStatistics alone(MPI_COMM_SELF, 12, 500, block);
  for (const Index count : {500, 1, 16, 100, 3, 499}) {
    const Sample sample(12, count, 5);
    const std::vector<Real> variance(static_cast<std::size_t>(count), 0.3);
    const Range mine = deal(count, size_of(world), rank_of(world), block);
    const std::vector<Real> share = sample.share(mine);
    const Innovation here =
        together.evaluate(make_rows(share.data(), 12, mine.size()),
                          sample.truth.data() + mine.begin, variance.data() + mine.begin, count);
    const Innovation all =
        alone.evaluate(sample.ensemble(), sample.truth.data(), variance.data(), count);
    EXPECT_EQ(here.mean, all.mean) << count;
    EXPECT_EQ(here.variance, all.variance) << count;
    EXPECT_EQ(here.expected, all.expected) << count;
    EXPECT_EQ(here.ratio, all.ratio) << count;
    EXPECT_EQ(here.chi_square, all.chi_square) << count;
  }
}

TEST(Innovation, OfNothingIsNotANumber) {
  InnovationStatistics statistics(MPI_COMM_SELF, 2, 0, 16);
  EXPECT_TRUE(std::isnan(
      statistics.evaluate(make_rows(static_cast<const Real*>(nullptr), 2, 0), nullptr, nullptr, 0)
          .ratio));
}

TEST(Innovation, IsEvaluatedWithoutAllocation) {
  const Sample sample(28, 300, 9);
  const std::vector<Real> variance(300, 1.0);
  InnovationStatistics statistics(MPI_COMM_SELF, 28, 300, 256);
  const test_support::AllocationCounter allocations;
  statistics.evaluate(sample.ensemble(), sample.truth.data(), variance.data(), 300);
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace starling::diagnostics
