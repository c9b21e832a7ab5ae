// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/member_failures.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "ensemble/transpose.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace {

using namespace starling;
using campaigns::MemberFailures;
using campaigns::OnMemberFailure;

constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
constexpr Real infinity = std::numeric_limits<Real>::infinity();

// Members x dofs, the same on every rank; those in `bad` hold a number that fails.
struct Ensemble {
  explicit Ensemble(MPI_Comm comm, Index members, Index dofs)
      : processes(comm),
        all("all", static_cast<std::size_t>(members), static_cast<std::size_t>(dofs)) {
    for (Index m = 0; m < members; ++m)
      Stream(1, Purpose::initial_perturbation, static_cast<std::uint64_t>(m), 0)
          .normals(all.data() + m * dofs, dofs);
  }
  Real& operator()(Index m, Index j) {
    return all(static_cast<std::size_t>(m), static_cast<std::size_t>(j));
  }
  Rows mine() {
    const Range owned = processes.members_of(rows_of(all), processes.group());
    return row_range(Rows(all), owned.begin, owned.size());
  }
  ProcessGrid processes;
  Array<Real**> all;
};

TEST(MemberFailures, AreFoundOnEveryRank) {
  Ensemble x(test_support::world(), 12, 5);
  MemberFailures failures(x.processes, 12, 1, OnMemberFailure::resample, 1);
  failures.find(x.mine(), 0, 0.5);
  EXPECT_TRUE(failures.failed().empty());
  EXPECT_EQ(failures.healthy().size(), 12u);
  x(11, 4) = nan;
  x(2, 0) = -infinity;
  x(7, 3) = 1e200;  // its square is not finite
  x(8, 3) = 1e100;
  failures.find(x.mine(), 1, 1.0);
  EXPECT_EQ(failures.failed(), (std::vector<Index>{2, 7, 11}));
  EXPECT_EQ(failures.healthy(), (std::vector<Index>{0, 1, 3, 4, 5, 6, 8, 9, 10}));
  // Replaced members are looked at again.
  x(11, 4) = x(2, 0) = 0;
  failures.find(x.mine(), 2, 1.5);
  EXPECT_EQ(failures.failed(), (std::vector<Index>{7}));
  EXPECT_EQ(failures.healthy().size(), 11u);
}

TEST(MemberFailures, OfDroppedMembersAreOver) {
  Ensemble x(test_support::world(), 9, 5);
  MemberFailures failures(x.processes, 9, 1, OnMemberFailure::drop, 1);
  EXPECT_TRUE(failures.complete());
  x(3, 1) = nan;
  failures.find(x.mine(), 0, 0.5);
  x(8, 1) = nan;
  failures.find(x.mine(), 1, 1.0);
  EXPECT_EQ(failures.failed(), (std::vector<Index>{8}));
  EXPECT_EQ(failures.healthy(), (std::vector<Index>{0, 1, 2, 4, 5, 6, 7}));
  EXPECT_FALSE(failures.complete());
}

TEST(MemberFailures, OfTooManyThrowEverywhere) {
  for (const auto policy : {OnMemberFailure::resample, OnMemberFailure::drop}) {
    Ensemble x(test_support::world(), 6, 3);
    x(0, 0) = x(2, 0) = x(5, 0) = nan;
    MemberFailures half(x.processes, 6, 1, policy, 1);
    EXPECT_NO_THROW(half.find(x.mine(), 0, 0.5));
    x(4, 0) = nan;
    MemberFailures more(x.processes, 6, 1, policy, 1);
    EXPECT_THROW(more.find(x.mine(), 0, 0.5), NumericalError);
    Ensemble two(test_support::world(), 2, 3);
    two(1, 0) = nan;
    MemberFailures last(two.processes, 2, 1, policy, 1);
    EXPECT_THROW(last.find(two.mine(), 0, 0.5), NumericalError);
  }
}

TEST(MemberFailures, StopMeansThatNobodyLooks) {
  Ensemble x(test_support::world(), 6, 3);
  for (Index m = 0; m < 6; ++m) x(m, 0) = nan;
  MemberFailures failures(x.processes, 6, 1, OnMemberFailure::stop, 1);
  EXPECT_NO_THROW(failures.find(x.mine(), 0, 0.5));
  EXPECT_TRUE(failures.failed().empty());
}

// E x = xbar and cov x = P of the healthy members, for two columns. Half of the members are drawn
// anew, independently; 5 standard errors of their sample.
TEST(MemberFailures, AreDrawnWithMeanAndCovarianceOfTheOthers) {
  const Index members = 4000, half = members / 2;
  Ensemble x(test_support::world(), members, 2);
  for (Index m = 0; m < members; ++m) x(m, 1) += 2 + x(m, 0);
  Real mean[2] = {0, 0}, covariance[2][2] = {{0, 0}, {0, 0}};
  for (Index m = 1; m < members; m += 2)
    for (Index i = 0; i < 2; ++i) mean[i] += x(m, i) / static_cast<Real>(half);
  for (Index m = 1; m < members; m += 2)
    for (Index i = 0; i < 2; ++i)
      for (Index j = 0; j < 2; ++j)
        covariance[i][j] += (x(m, i) - mean[i]) * (x(m, j) - mean[j]) / static_cast<Real>(half - 1);
  for (Index m = 0; m < members; m += 2) x(m, 0) = nan;

  MemberFailures failures(x.processes, members, 1, OnMemberFailure::resample, 1);
  failures.find(x.mine(), 0, 0);
  failures.repair(x.all);
  Real sum[2] = {0, 0}, products[2][2] = {{0, 0}, {0, 0}};
  for (Index m = 0; m < members; m += 2)
    for (Index i = 0; i < 2; ++i) {
      sum[i] += x(m, i);
      for (Index j = 0; j < 2; ++j) products[i][j] += (x(m, i) - mean[i]) * (x(m, j) - mean[j]);
    }
  const auto count = static_cast<Real>(half);
  for (Index i = 0; i < 2; ++i) {
    EXPECT_NEAR(sum[i] / count, mean[i], 5 * std::sqrt(covariance[i][i] / count));
    for (Index j = 0; j < 2; ++j) {
      // The variance of a product of normals with mean 0 is C_ii C_jj + C_ij^2.
      const Real variance =
          covariance[i][i] * covariance[j][j] + covariance[i][j] * covariance[i][j];
      EXPECT_NEAR(products[i][j] / count, covariance[i][j], 5 * std::sqrt(variance / count));
    }
  }
}

// Columns dealt to ranks: each number is that of all columns together.
TEST(MemberFailures, AreRepairedColumnByColumn) {
  const Index members = 8, dofs = 40;
  for (const auto policy : {OnMemberFailure::resample, OnMemberFailure::drop}) {
    Ensemble x(test_support::world(), members, dofs);
    x(1, 3) = x(6, 17) = x(7, 0) = nan;
    MemberFailures failures(x.processes, members, 1, policy, 1);
    failures.find(x.mine(), 5, 0);
    ensemble::MembersTranspose transpose(x.processes, members, dofs);
    const Rows mine = x.mine();
    const Range owned = x.processes.members_of(members, x.processes.group());
    Array<Real**> own("own", static_cast<std::size_t>(owned.size()),
                      static_cast<std::size_t>(dofs));
    for (Index i = 0; i < owned.size() * dofs; ++i) own.data()[i] = mine.data()[i];
    failures.repair(transpose.forward(own));
    transpose.backward(own);
    failures.repair(x.all);
    for (Index i = 0; i < owned.size() * dofs; ++i) EXPECT_EQ(own.data()[i], mine.data()[i]);
    // A stand-in is the partner of its pair, or the first where both are gone.
    if (policy != OnMemberFailure::drop) continue;
    for (Index j = 0; j < dofs; ++j) {
      EXPECT_EQ(x(1, j), x(0, j));
      EXPECT_EQ(x(6, j), x(0, j));
      EXPECT_EQ(x(7, j), x(0, j));
    }
  }
}

TEST(MemberFailures, PackAndUnpackMoveTheHealthyThereAndBack) {
  Ensemble x(test_support::world(), 7, 3), before(test_support::world(), 7, 3);
  x(0, 0) = x(4, 0) = nan;
  MemberFailures failures(x.processes, 7, 1, OnMemberFailure::drop, 1);
  failures.find(x.mine(), 0, 0);
  const Rows packed = failures.pack(x.all);
  ASSERT_EQ(rows_of(packed), 5);
  const std::vector<Index> healthy = {1, 2, 3, 5, 6};
  for (Index i = 0; i < 5; ++i)
    for (Index j = 0; j < 3; ++j)
      EXPECT_EQ(packed.data()[i * 3 + j], before(healthy[static_cast<std::size_t>(i)], j));
  failures.unpack(x.all);
  for (const Index m : healthy)
    for (Index j = 0; j < 3; ++j) EXPECT_EQ(x(m, j), before(m, j));
  for (Index j = 0; j < 3; ++j) {
    EXPECT_EQ(x(0, j), before(1, j));
    EXPECT_EQ(x(4, j), before(5, j));
  }
}

}  // namespace
