// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/transpose.hpp"

#include <gtest/gtest.h>

namespace {

using namespace starling;
using ensemble::MembersTranspose;

Real value(Index member, Index column) { return static_cast<Real>(1000 * member + column); }

class Shapes : public testing::TestWithParam<std::tuple<Index, Index, Index, Index>> {};

TEST_P(Shapes, EveryNumberGoesToItsPlaceAndBack) {
  const auto [members, capacity, block, at_once] = GetParam();
  const ProcessGrid processes(MPI_COMM_WORLD);
  MembersTranspose transpose(processes, members, capacity, block, at_once);
  const Range owned = processes.members_of(members, processes.group());
  // Fewer columns than there is room for, as with observations that vary in number.
  for (const Index columns : {capacity, capacity - capacity / 3, Index{1}, Index{0}, capacity}) {
    transpose.resize(columns);
    Array<Real**> mine("mine", static_cast<std::size_t>(owned.size()),
                       static_cast<std::size_t>(columns));
    for (Index m = 0; m < owned.size(); ++m)
      for (Index j = 0; j < columns; ++j) mine(m, j) = value(owned.begin + m, j);

    const Rows shared = transpose.forward(mine);
    const Range share = transpose.share();
    EXPECT_EQ(rows_of(shared), members);
    EXPECT_EQ(width_of(shared), share.size());
    EXPECT_TRUE(share.begin % block == 0 || share.size() == 0);
    EXPECT_LE(share.size(), MembersTranspose::widest_share(processes, capacity, block));
    for (Index m = 0; m < members; ++m)
      for (Index j = 0; j < share.size(); ++j) {
        EXPECT_EQ(shared(m, j), value(m, share.begin + j));
        shared(m, j) += 0.5;
      }
    transpose.backward(mine);
    for (Index m = 0; m < owned.size(); ++m)
      for (Index j = 0; j < columns; ++j) EXPECT_EQ(mine(m, j), value(owned.begin + m, j) + 0.5);
  }
}

// The fourth number lets rows travel all at once, or in many rounds.
INSTANTIATE_TEST_SUITE_P(All, Shapes,
                         testing::Values(std::tuple{20, 128, 8, 1 << 16}, std::tuple{5, 40, 8, 40},
                                         std::tuple{1, 3, 8, 1}, std::tuple{7, 600, 256, 1300},
                                         std::tuple{67, 24, 8, 1}));

TEST(MembersTranspose, NeedsLittleMoreThanItsResult) {
  const ProcessGrid processes(MPI_COMM_WORLD);
  const Index members = 256, columns = 2048;
  const MembersTranspose transpose(processes, members, columns);
  const Real share = 8 * static_cast<Real>(members * columns) / processes.groups();
  if (processes.groups() == 1)
    EXPECT_EQ(transpose.bytes(), 0);
  else
    EXPECT_LE(transpose.bytes(),
              1.02 * share + std::max(share / 32, 8.0 * MembersTranspose::chunk));
}

}  // namespace
