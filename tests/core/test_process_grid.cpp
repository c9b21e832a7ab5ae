// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <gtest/gtest.h>

namespace {

using namespace starling;

TEST(Deal, CoversEverythingOnceInOrderInWholeBlocks) {
  for (const Index count : {0, 1, 7, 8, 40, 129})
    for (const int parts : {1, 2, 3, 4, 7})
      for (const Index block : {1, 2, 8}) {
        Index next = 0;
        for (int part = 0; part < parts; ++part) {
          const Range range = deal(count, parts, part, block);
          EXPECT_EQ(range.begin, next);
          EXPECT_TRUE(range.begin % block == 0 || range.begin == count);
          next = range.end;
        }
        EXPECT_EQ(next, count);
      }
}

// Blocks are dealt as things are.
TEST(Deal, BlocksOfAPartAreThoseDealtToIt) {
  for (const Index count : {0, 1, 7, 8, 40, 129})
    for (const int parts : {1, 2, 3, 4, 7})
      for (int part = 0; part < parts; ++part)
        EXPECT_EQ(blocks_of(deal(count, parts, part, 8), 8), deal((count + 7) / 8, parts, part));
}

TEST(Deal, PartsDifferByAtMostOneBlock) {
  Index least = 1000, most = 0;
  for (int part = 0; part < 7; ++part) {
    least = std::min(least, deal(100, 7, part).size());
    most = std::max(most, deal(100, 7, part).size());
  }
  EXPECT_LE(most - least, 1);
}

TEST(ProcessGrid, OneRankAMember) {
  const ProcessGrid grid(MPI_COMM_WORLD);
  EXPECT_EQ(size_of(grid.space()), 1);
  EXPECT_EQ(grid.groups(), size_of(MPI_COMM_WORLD));
  EXPECT_EQ(grid.group(), rank_of(MPI_COMM_WORLD));
}

TEST(ProcessGrid, DealsWholePairs) {
  const ProcessGrid grid(MPI_COMM_WORLD);
  for (const Index members : {1, 2, 3, 5, 20}) {
    Index next = 0;
    for (int g = 0; g < grid.groups(); ++g) {
      const Range owned = grid.members_of(members, g);
      EXPECT_EQ(owned.begin, next);
      EXPECT_TRUE(owned.begin % 2 == 0 || owned.size() == 0);
      next = owned.end;
    }
    EXPECT_EQ(next, members);
  }
}

TEST(ProcessGrid, SpaceTimesMembersIsTheWorld) {
  const int ranks = size_of(MPI_COMM_WORLD);
  const ProcessGrid grid(MPI_COMM_WORLD, ranks);
  EXPECT_EQ(size_of(grid.space()), ranks);
  EXPECT_EQ(grid.groups(), 1);
  EXPECT_THROW(ProcessGrid(MPI_COMM_WORLD, ranks + 1), InputError);
}

}  // namespace
