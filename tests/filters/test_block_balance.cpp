// SPDX-License-Identifier: BSD-3-Clause
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "filters/block_balance.hpp"
#include "filters/letkf.hpp"
#include "filters/problem.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace starling::filters {
namespace {

using test_support::world;
using test_support::world_rank;
using test_support::world_size;

// Costs of all blocks, of which a plan is told its own.
using Costs = std::function<Index(Index)>;

struct Named {
  std::string name;
  Costs cost;
};

class Balance : public testing::TestWithParam<Named> {};

constexpr Index members = 3, dofs = 8 * 601 - 3;

// Every block that costs is analysed once, by a rank that has all its numbers; owners have the
// results in the end; no rank has more than the mean and one block to do, beyond what is not worth
// a move.
TEST_P(Balance, SpreadsTheCostAndBringsAllBack) {
  const Range columns = deal(dofs, world_size(), world_rank(), dof_block);
  BlockBalance balance(world(), members, columns, dofs);
  std::vector<Index> cost;
  for (Index b = balance.own().begin; b < balance.own().end; ++b)
    cost.push_back(GetParam().cost(b));
  Array<Real**> ensemble("ensemble", members, static_cast<std::size_t>(columns.size()));
  const Rows mine = ensemble;
  for (Index m = 0; m < members; ++m)
    for (Index j = 0; j < columns.size(); ++j)
      ensemble(m, j) = static_cast<Real>(m * dofs + columns.begin + j);

  balance.plan(cost.data());
  Index done = 0, wrong = 0;
  for (Index round = 0; round < balance.rounds(); ++round) {
    balance.fetch(round, mine);
    const Range range = balance.mine(round);
    for (Index b = range.begin; b < range.end; ++b) {
      if (!balance.analyses(b)) continue;
      done += GetParam().cost(b);
      const BlockBalance::Block block = balance.block(b, mine);
      for (Index m = 0; m < members; ++m)
        for (Index j = 0; j < std::min(dof_block, dofs - b * dof_block); ++j) {
          Real& x = block.data[m * block.stride + j];
          wrong += x == static_cast<Real>(m * dofs + b * dof_block + j) ? 0 : 1;
          x += 0.5;
        }
    }
    balance.give_back(round, mine);
  }
  EXPECT_EQ(wrong, 0);
  for (Index m = 0; m < members; ++m)
    for (Index j = 0; j < columns.size(); ++j) {
      const Index column = columns.begin + j;
      const Real before = static_cast<Real>(m * dofs + column);
      if (GetParam().cost(column / dof_block) > 0)
        wrong += ensemble(m, j) == before + 0.5 ? 0 : 1;
      else  // nothing to do, whoever looks
        wrong += ensemble(m, j) == before || ensemble(m, j) == before + 0.5 ? 0 : 1;
    }
  EXPECT_EQ(wrong, 0);

  Index most = done, total = done, largest = 0;
  for (Index b = 0; b < (dofs + dof_block - 1) / dof_block; ++b)
    largest = std::max(largest, GetParam().cost(b));
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_INT64_T, MPI_MAX, world());
  MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPI_INT64_T, MPI_SUM, world());
  const Real mean = static_cast<Real>(total) / world_size();
  EXPECT_LE(static_cast<Real>(most), 1.1 * mean + static_cast<Real>(largest));
  if (total > 0) {
    EXPECT_NEAR(balance.imbalance(), static_cast<Real>(most) / mean, 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Costs, Balance,
    testing::Values(Named{"even", [](Index) -> Index { return 7; }},
                    Named{"nothing", [](Index) -> Index { return 0; }},
                    Named{"one_half", [](Index b) -> Index { return b < 300 ? 1000 : 0; }},
                    Named{"the_end", [](Index b) -> Index { return b > 500 ? b * b : 1; }},
                    Named{"gaps", [](Index b) -> Index { return b % 3 == 0 && b < 200 ? b : 0; }},
                    Named{"one_block", [](Index b) -> Index { return b == 17 ? 1000000 : 1; }},
                    Named{"random",
                          [](Index b) -> Index {
                            return static_cast<Index>(
                                std::exp(3 * Stream(1, Purpose::observation_network, 0, 0)
                                                 .normal(static_cast<std::uint64_t>(b))));
                          }}),
    [](const auto& test) { return test.param.name; });

// All observations in one half of the domain: bits of one rank, and a share of the cost each.
TEST(LocalFilter, BalancesAnUnevenNetwork) {
  constexpr Index size = 11, points = 1200, observations = 700;
  Problem problem = random_problem(size, points, observations, 5);
  for (Place& place : problem.places) place.x[0] *= 0.5;
  const Share share = fair_share(problem, world());
  const auto width = static_cast<std::size_t>(share.dofs.size());
  Array<Real**> ensemble("ensemble", size, width),
      observed("observed", size, static_cast<std::size_t>(share.observations.size()));
  for (Index m = 0; m < size; ++m) {
    std::copy_n(problem.ensemble.row(m) + share.dofs.begin, share.dofs.size(),
                ensemble.data() + m * share.dofs.size());
    std::copy_n(problem.observed.row(m) + share.observations.begin, share.observations.size(),
                observed.data() + m * share.observations.size());
  }
  const LocalSettings settings{{Taper(Taper::Shape::gaspari_cohn, 20)}};
  Letkf filter(context_of(problem, world(), share), settings);
  filter.analyse(analysis_of(problem, ensemble, observed, share, 0));
  if (world_size() > 1) {
    EXPECT_GT(filter.balance().owned_imbalance(), 1.5);
  }
  // The mean and one block, of the 75 or so blocks that cost.
  EXPECT_LE(filter.balance().imbalance(), 1 + static_cast<Real>(world_size()) / 70);
  EXPECT_GT(filter.bytes(), filter.balance().bytes());

  const linalg::Matrix alone = analyse(problem, [&](const FilterContext& context) {
    return std::make_unique<Letkf>(context, settings);
  });
  Index different = 0;
  for (Index m = 0; m < size; ++m)
    for (Index j = share.dofs.begin; j < share.dofs.end; ++j)
      different += ensemble(m, j - share.dofs.begin) == alone(m, j) ? 0 : 1;
  EXPECT_EQ(different, 0);
}

}  // namespace
}  // namespace starling::filters
