// SPDX-License-Identifier: BSD-3-Clause
#include "core/ordered_sum.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/process_grid.hpp"

namespace {

using namespace starling;

// 1 / (i + 1): sums of these depend on the order of the additions.
TEST(OrderedSum, HasTheBitsOfTheSerialSumOnAnyNumberOfRanks) {
  constexpr Index blocks = 1000, width = 2;
  const Range mine = deal(blocks, size_of(MPI_COMM_WORLD), rank_of(MPI_COMM_WORLD));
  OrderedSum sum(MPI_COMM_WORLD, mine.size(), width);
  for (Index b = 0; b < mine.size(); ++b) {
    sum.partial(b)[0] = 1.0 / static_cast<Real>(mine.begin + b + 1);
    sum.partial(b)[1] = std::sin(static_cast<Real>(mine.begin + b));
  }
  Real serial[2] = {0, 0};
  for (Index b = 0; b < blocks; ++b) {
    serial[0] += 1.0 / static_cast<Real>(b + 1);
    serial[1] += std::sin(static_cast<Real>(b));
  }
  Real result[2];
  sum.reduce(result);
  EXPECT_EQ(result[0], serial[0]);
  EXPECT_EQ(result[1], serial[1]);
}

TEST(OrderedSum, RanksWithoutBlocksTakePart) {
  const bool root = rank_of(MPI_COMM_WORLD) == 0;
  OrderedSum sum(MPI_COMM_WORLD, root ? 1 : 0, 1);
  if (root) sum.partial(0)[0] = 7;
  Real result = 0;
  sum.reduce(&result);
  EXPECT_EQ(result, 7);
}

}  // namespace
