// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::linalg {

/// Sums of many terms per block whose bits do not depend on which rank holds which blocks: the
/// blocks are the leaves of one binary tree, numbered from the left, and every node is its left
/// child plus its right child. A rank adds up the whole subtrees of its blocks, few for any number
/// of blocks, and only these travel. Rounding grows with the depth of the tree, not with the
/// blocks.
///
///     TreeSum sum(comm, my_blocks_max, width);
///     sum.begin(first_block);
///     for (each of my blocks) { fill(sum.next()); sum.add(); }
///     sum.finish(total);                                       // collective
class TreeSum {
 public:
  /// For up to `my_blocks_max` blocks of this rank of `width` terms each. Collective on `comm`.
  TreeSum(MPI_Comm comm, Index my_blocks_max, Index width);

  /// Forgets all blocks; the next one is number `first_block` of all ranks. Ranks hold contiguous
  /// ranges of blocks in rank order; a rank may hold none.
  void begin(Index first_block);
  /// Where the terms of the next block go; it holds anything until filled.
  Real* next() { return mine_.data() + depth_ * width_; }
  /// Takes what was written to next().
  void add();
  /// out[0, width) = the sum over the blocks of all ranks, 0 if there are none. Collective; with
  /// one rank nothing is sent. Allocates nothing.
  void finish(Real* out);

 private:
  // Blocks [first, first + 2^level).
  struct Node {
    Index first;
    int level;
  };

  void gather();
  Index merge(Real* sums, Node* nodes, Index depth) const;

  MPI_Comm comm_;
  Index width_, next_block_ = 0, depth_ = 0, capacity_;
  std::vector<Real> mine_, all_;
  std::vector<Node> my_nodes_, nodes_;
  std::vector<long> ranges_;
  std::vector<int> counts_, displacements_;
};

}  // namespace starling::linalg
