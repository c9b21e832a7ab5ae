// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mpi.h>

#include <vector>

#include "core/types.hpp"

namespace starling {

/// The dofs of a member are dealt to ranks, and summed, in whole blocks of this many.
inline constexpr Index dof_block = 8;

/// Sums whose bits do not depend on how many ranks hold the terms: each rank brings one partial sum
/// (of `width` quantities) for each of its blocks, blocks being the same for any number of ranks; all
/// partial sums are gathered and added in block order on every rank.
class OrderedSum {
 public:
  /// Collective on `comm`. `my_blocks` blocks of this rank, blocks in rank order.
  OrderedSum(MPI_Comm comm, Index my_blocks, Index width);

  /// Partial sums of this rank, my_blocks x width: fill before reduce.
  Real* partial(Index block) { return mine_.data() + block * width_; }
  Index my_blocks() const { return my_blocks_; }

  /// out[0..width) = the sum over all blocks. Collective; allocates nothing.
  void reduce(Real* out);

 private:
  MPI_Comm comm_;
  Index my_blocks_, width_;
  std::vector<int> counts_, displacements_;
  std::vector<Real> mine_, all_;
};

}  // namespace starling
