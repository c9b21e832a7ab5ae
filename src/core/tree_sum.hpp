// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling {

/// Sums of `width` terms a block whose bits do not depend on which rank holds which blocks: the
/// blocks are the leaves of one binary tree, numbered from the left, and every node is its left
/// child plus its right child. A rank adds up the whole subtrees of its blocks, few for any number
/// of blocks, and only these travel. Rounding grows with the depth of the tree, not with the
/// blocks.
///
///     TreeSum sum(comm, my_blocks, width);
///     for (each of my blocks) { fill(sum.next()); sum.add(); }
///     sum.finish(total);                                       // and the next sum can begin
///
/// Ranks hold contiguous ranges of blocks in rank order, from 0; a rank may hold none. Where the
/// ranges change from sum to sum, deal() says so.
class TreeSum {
 public:
  /// For `my_blocks` of this rank in every sum (see blocks_of()). Collective on `comm`. Where each
  /// of the ranks of `space` has such a sum with ranks of its own, finish() adds these up, and is
  /// collective on `space` too.
  TreeSum(MPI_Comm comm, Range my_blocks, Index width, MPI_Comm space = MPI_COMM_SELF);
  /// For up to `my_blocks_max` blocks of this rank; deal() is called first. Collective on `comm`.
  TreeSum(MPI_Comm comm, Index my_blocks_max, Index width);

  /// This rank has `my_blocks` from now on, and none is added yet. Collective; with one rank
  /// nothing is sent. Allocates nothing.
  void deal(Range my_blocks);

  /// Where the terms of the next of my blocks go; it holds anything until filled.
  Real* next() { return mine_.data() + depth_ * width_; }
  /// Takes what was written to next().
  void add();
  /// out[0, width) = the sum over the blocks of all ranks, 0 if there are none. All of my blocks
  /// have been added. Collective, one message; with one rank nothing is sent. Allocates nothing.
  void finish(Real* out);

 private:
  // Blocks [first, first + 2^level).
  struct Node {
    Index first;
    int level;
  };

  Index gather();
  Index merge(Real* sums, Node* nodes, Index depth) const;

  MPI_Comm comm_, space_ = MPI_COMM_SELF;
  bool is_shared_ = false;  // space_ has several ranks
  Index width_, my_blocks_max_, next_block_ = 0, depth_ = 0;
  Range my_blocks_;
  std::vector<Real> mine_, all_;
  std::vector<Node> my_nodes_, sent_, nodes_;
  std::vector<long> ranges_;
  std::vector<int> counts_, displacements_;
};

}  // namespace starling
