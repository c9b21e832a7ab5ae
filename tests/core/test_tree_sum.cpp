// SPDX-License-Identifier: BSD-3-Clause
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "core/tree_sum.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace starling {
namespace {

using test_support::world;
using test_support::world_rank;
using test_support::world_size;

// Magnitudes from 1e-8 to 1e8: any other order of adding gives other bits.
Real term(Index block, Index i) {
  const Stream stream(5, Purpose::initial_perturbation, static_cast<std::uint64_t>(i), 0);
  const auto index = static_cast<std::uint64_t>(2 * block);
  return stream.normal(index) * std::pow(10, 16 * stream.uniform(index + 1) - 8);
}

constexpr Index width = 5;

std::vector<Real> sum(MPI_Comm comm, Range mine) {
  TreeSum tree(comm, mine, width);
  for (Index block = mine.begin; block < mine.end; ++block) {
    for (Index i = 0; i < width; ++i) tree.next()[i] = term(block, i);
    tree.add();
  }
  std::vector<Real> out(width);
  tree.finish(out.data());
  return out;
}

TEST(TreeSum, HasTheSameBitsForAnyNumberOfRanks) {
  for (const Index blocks : {0, 1, 2, 3, 5, 7, 8, 13, 16, 31, 64, 100, 257}) {
    const auto alone = sum(MPI_COMM_SELF, {0, blocks});
    EXPECT_EQ(sum(world(), deal(blocks, world_size(), world_rank())), alone) << blocks;
  }
}

TEST(TreeSum, HasTheSameBitsForAnyDealing) {
  for (const Index blocks : {6, 37, 64}) {
    const auto alone = sum(MPI_COMM_SELF, {0, blocks});
    for (std::uint64_t draw = 0; draw < 30; ++draw) {
      // Random boundaries in order, the first ranks and the last may own nothing.
      std::vector<Index> ends{0};
      const Stream stream(draw, Purpose::observation_network, 0, 0);
      for (int r = 1; r < world_size(); ++r)
        ends.push_back(static_cast<Index>(stream.uniform(static_cast<std::uint64_t>(r)) *
                                          static_cast<Real>(blocks + 1)));
      ends.push_back(blocks);
      std::sort(ends.begin(), ends.end());
      const auto r = static_cast<std::size_t>(world_rank());
      EXPECT_EQ(sum(world(), {ends[r], ends[r + 1]}), alone) << blocks << ' ' << draw;
    }
  }
}

TEST(TreeSum, IsTheSumByPairs) {
  const auto total = sum(MPI_COMM_SELF, {0, 7});
  for (Index i = 0; i < width; ++i) {
    const auto t = [&](Index block) { return term(block, i); };
    EXPECT_EQ(total[static_cast<std::size_t>(i)],
              ((t(0) + t(1)) + (t(2) + t(3))) + ((t(4) + t(5)) + t(6)));
  }
}

TEST(TreeSum, AddsAgainOverTheSameBlocksAndAllocatesNothing) {
  const Range mine = deal(21, world_size(), world_rank());
  TreeSum tree(world(), mine, 1);
  const test_support::AllocationCounter counter;
  for (const Real scale : {1.0, 3.0}) {
    for (Index block = mine.begin; block < mine.end; ++block) {
      *tree.next() = scale * static_cast<Real>(block);
      tree.add();
    }
    Real out = -1;
    tree.finish(&out);
    EXPECT_EQ(out, scale * 210);
  }
  if (world_size() == 1) {  // MPI may allocate for its messages
    EXPECT_EQ(counter.count(), 0U);
  }
}

TEST(TreeSum, AddsAgainOverOtherBlocksAndAllocatesNothing) {
  TreeSum tree(world(), 20, 1);
  const test_support::AllocationCounter counter;
  for (const Index blocks : {20, 0, 11}) {
    const Range mine = deal(blocks, world_size(), world_rank());
    tree.deal(mine);
    for (Index block = mine.begin; block < mine.end; ++block) {
      *tree.next() = static_cast<Real>(block);
      tree.add();
    }
    Real out = -1;
    tree.finish(&out);
    EXPECT_EQ(2 * out, static_cast<Real>(blocks * (blocks - 1)));
  }
  if (world_size() == 1) {
    EXPECT_EQ(counter.count(), 0U);
  }
}

// A sum that stopped half way, because something threw, leaves nothing behind.
TEST(TreeSum, ForgetsWhatWasAddedWhenDealtAgain) {
  TreeSum tree(MPI_COMM_SELF, {0, 2}, 1);
  *tree.next() = 100;
  tree.add();
  tree.deal({0, 2});
  for (const Real x : {1.0, 2.0}) {
    *tree.next() = x;
    tree.add();
  }
  Real out = -1;
  tree.finish(&out);
  EXPECT_EQ(out, 3);
}

}  // namespace
}  // namespace starling
