// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/row_queue.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace {

using namespace starling;

TEST(RowQueue, GivesEachNumberToOneRank) {
  const MPI_Comm world = test_support::world();
  constexpr Index count = 1000;
  std::vector<int> mine(count, 0);
  {
    campaigns::RowQueue queue(world);
    for (Index row = queue.take(); row < count; row = queue.take()) {
      ++mine[static_cast<std::size_t>(row)];
      queue.add_done(3);
    }
    MPI_Barrier(world);
    EXPECT_EQ(queue.done(), 3 * count);
    EXPECT_FALSE(queue.stopped());
    MPI_Barrier(world);
    if (test_support::world_rank() == 0) queue.stop();
    MPI_Barrier(world);
    EXPECT_TRUE(queue.stopped());
  }
  MPI_Allreduce(MPI_IN_PLACE, mine.data(), count, MPI_INT, MPI_SUM, world);
  EXPECT_EQ(mine, std::vector<int>(count, 1));
}

}  // namespace
