// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::filters {

/// Deals blocks of columns (core's dof_block) to ranks by what it costs to analyse them, where they
/// were dealt by number. Blocks in order, and ranks in order, get equal parts of the summed cost:
/// a rank at most its mean and one block. A block that a rank analyses and doesn't own is sent to
/// it, all members, and back. Blocks of cost 0 stay where they are.
///
/// The work is done in rounds, as many as it takes for the blocks on their way at one time to be at
/// most a sixteenth of the largest share and one for each rank: two buffers of that size. Where 64
/// rounds are not enough, blocks stay. Every rank makes the same plan of the same numbers. Nothing
/// is allocated after construction, but by MPI.
class BlockBalance {
 public:
  /// This rank owns `columns` of `dofs`, in whole blocks, in rank order. Collective on `comm`.
  BlockBalance(MPI_Comm comm, Index members, Range columns, Index dofs);

  /// The blocks this rank owns.
  Range own() const { return own_; }

  /// `cost[k]` >= 0, of the k-th block this rank owns. Leaves blocks where they are unless the
  /// busiest rank would then have 1.05 times as much to do. Collective.
  void plan(const Index* cost);

  Index rounds() const { return rounds_; }
  /// Whether any block changes ranks.
  bool moves() const { return moves_; }
  /// The blocks that this rank analyses in a round; of those it doesn't own only those that cost.
  Range mine(Index round) const;
  bool analyses(Index block) const { return own_.contains(block) || costs(block); }

  /// Cost of the busiest rank over the mean: as owned, and as planned.
  Real owned_imbalance() const { return owned_; }
  Real imbalance() const { return planned_; }

  /// Brings the blocks of a round here. Collective.
  void fetch(Index round, Rows ensemble);
  /// Where an own or a fetched block is: member m of column j at data[m * stride + j]. Fetched
  /// blocks are asked for in ascending order.
  struct Block {
    Real* data;
    Index stride;
  };
  Block block(Index number, Rows ensemble);
  /// Brings them back. Collective.
  void give_back(Index round, Rows ensemble);

  Real bytes() const;

 private:
  bool costs(Index block) const { return cost_[static_cast<std::size_t>(block)] > 0; }
  Range planned(int rank, Index round) const;
  void divide(Index rounds);
  Real busiest(bool as_owned) const;
  bool fits();
  template <class Visit>
  void for_each_sent(Index round, const Visit& visit);
  void copy(Index block, Rows ensemble, Real* packed, bool pack) const;

  MPI_Comm comm_;
  int ranks_, rank_;
  Index members_, blocks_;
  Range own_;
  std::vector<Index> first_;  // block of each rank, and the end
  Index capacity_ = 0, rounds_ = 1, fetched_ = 0;
  bool moves_ = false;
  Real owned_ = 1, planned_ = 1;
  std::vector<Index> cost_;
  std::vector<int> piece_;  // rank * rounds + round
  std::vector<int> in_, out_, counts_, displacements_, send_counts_, send_at_, receive_counts_,
      receive_at_;
  std::vector<Real> sent_, received_;
};

}  // namespace starling::filters
