// SPDX-License-Identifier: BSD-3-Clause
// Tests that fail on one rank, to test that this fails the program. Run by CMakeLists.txt here.
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace starling::test_support {
namespace {

TEST(FailingRank, FailsHereOnly) { EXPECT_NE(world_rank(), world_size() - 1); }

TEST(FailingRank, LeavesTheOthersInACollective) {
  if (world_rank() == world_size() - 1) {
    throw std::runtime_error("the others wait in a barrier");
  }
  MPI_Barrier(world());
}

}  // namespace
}  // namespace starling::test_support
