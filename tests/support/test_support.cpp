// SPDX-License-Identifier: BSD-3-Clause
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace starling::test_support {
namespace {

TEST(SharedDirectory, IsOneDirectoryForAllRanksAndGoesAway) {
  std::filesystem::path path;
  {
    const SharedDirectory directory;
    path = directory.path();
    std::ofstream(directory / std::to_string(world_rank())) << "here";
    MPI_Barrier(world());
    for (int rank = 0; rank < world_size(); ++rank) {
      EXPECT_TRUE(std::filesystem::exists(directory / std::to_string(rank))) << rank;
    }
  }
  MPI_Barrier(world());
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(OnAllRanks, IsFalseWhereOneIsFalse) {
  EXPECT_TRUE(on_all_ranks(true));
  EXPECT_FALSE(on_all_ranks(world_rank() != world_size() - 1));
}

}  // namespace
}  // namespace starling::test_support
