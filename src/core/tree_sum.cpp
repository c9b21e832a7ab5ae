// SPDX-License-Identifier: BSD-3-Clause
#include "core/tree_sum.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace starling {
namespace {

// Whole subtrees that a range of `blocks` blocks can have, and one more that is being filled: their
// levels rise to the largest and fall again.
Index subtrees(Index blocks) {
  return 2 * static_cast<Index>(std::bit_width(static_cast<std::size_t>(blocks))) + 1;
}

}  // namespace

TreeSum::TreeSum(MPI_Comm comm, Range my_blocks, Index width, MPI_Comm space)
    : TreeSum(comm, my_blocks.size(), width) {
  space_ = space;
  is_shared_ = size_of(space) > 1;
  deal(my_blocks);
}

TreeSum::TreeSum(MPI_Comm comm, Index my_blocks_max, Index width)
    : comm_(comm),
      width_(width),
      my_blocks_max_(my_blocks_max),
      mine_(static_cast<std::size_t>(subtrees(my_blocks_max) * width)),
      my_nodes_(static_cast<std::size_t>(subtrees(my_blocks_max))) {
  const auto ranks = static_cast<std::size_t>(size_of(comm));
  if (ranks == 1) return;
  long all = static_cast<long>(my_nodes_.size());
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_LONG, MPI_SUM, comm_));
  require(all * width <= std::numeric_limits<int>::max(),
          "a sum of {} terms on {} ranks is too large for one message", width, ranks);
  all_.resize(static_cast<std::size_t>(all * width));
  sent_.reserve(static_cast<std::size_t>(all));
  nodes_.resize(static_cast<std::size_t>(all));
  ranges_.resize(2 * ranks);
  counts_.resize(ranks);
  displacements_.resize(ranks);
}

void TreeSum::deal(Range my_blocks) {
  STARLING_ASSERT(0 <= my_blocks.size() && my_blocks.size() <= my_blocks_max_);
  my_blocks_ = my_blocks;
  next_block_ = my_blocks.begin;
  depth_ = 0;
  if (counts_.empty()) return;

  const long range[2] = {my_blocks.begin, my_blocks.end};
  STARLING_MPI(MPI_Allgather(range, 2, MPI_LONG, ranges_.data(), 2, MPI_LONG, comm_));
  // A rank's subtrees follow from its range; list them to know how many each sends.
  sent_.clear();
  Index expected = 0;
  for (std::size_t r = 0; r < counts_.size(); ++r) {
    const Index begin = ranges_[2 * r], end = ranges_[2 * r + 1];
    const auto before = static_cast<Index>(sent_.size());
    STARLING_ASSERT(begin == end || begin == expected);
    for (Index block = begin; block < end;) {
      int level = 0;
      while ((block >> level) % 2 == 0 && block + (Index{2} << level) <= end) ++level;
      sent_.push_back({block, level});
      block += Index{1} << level;
    }
    if (begin != end) expected = end;
    counts_[r] = static_cast<int>((static_cast<Index>(sent_.size()) - before) * width_);
    displacements_[r] = static_cast<int>(before * width_);
  }
}

void TreeSum::add() {
  STARLING_ASSERT(next_block_ < my_blocks_.end);
  my_nodes_[static_cast<std::size_t>(depth_++)] = {next_block_++, 0};
  depth_ = merge(mine_.data(), my_nodes_.data(), depth_);
}

// Adds up the last two nodes while they are the children of one.
Index TreeSum::merge(Real* sums, Node* nodes, Index depth) const {
  for (; depth > 1; --depth) {
    Node& left = nodes[depth - 2];
    const Node& right = nodes[depth - 1];
    if (left.level != right.level || (left.first >> left.level) % 2 != 0) break;
    Real* to = sums + (depth - 2) * width_;
    const Real* from = to + width_;
    for (Index i = 0; i < width_; ++i) to[i] += from[i];
    ++left.level;
  }
  return depth;
}

// All ranks' nodes into all_ and nodes_, merged; returns how many are left.
Index TreeSum::gather() {
  STARLING_MPI(MPI_Allgatherv(mine_.data(), static_cast<int>(depth_ * width_), MPI_DOUBLE,
                              all_.data(), counts_.data(), displacements_.data(), MPI_DOUBLE,
                              comm_));
  Index depth = 0, at = 0;
  for (const Node& node : sent_) {
    if (depth != at) std::copy_n(all_.data() + at * width_, width_, all_.data() + depth * width_);
    nodes_[static_cast<std::size_t>(depth)] = node;
    depth = merge(all_.data(), nodes_.data(), depth + 1);
    ++at;
  }
  return depth;
}

void TreeSum::finish(Real* out) {
  STARLING_ASSERT(next_block_ == my_blocks_.end);
  const bool alone = counts_.empty();
  const Index depth = alone ? depth_ : gather();
  Real* sums = alone ? mine_.data() : all_.data();
  next_block_ = my_blocks_.begin;
  depth_ = 0;
  if (depth == 0) std::fill_n(out, width_, 0.0);
  // Where the blocks are no power of two, the subtrees left over are added from the right.
  for (Index node = depth - 1; node > 0; --node) {
    Real* to = sums + (node - 1) * width_;
    const Real* from = to + width_;
    for (Index i = 0; i < width_; ++i) to[i] += from[i];
  }
  if (depth > 0) std::copy_n(sums, width_, out);
  if (is_shared_)
    STARLING_MPI(
        MPI_Allreduce(MPI_IN_PLACE, out, static_cast<int>(width_), MPI_DOUBLE, MPI_SUM, space_));
}

}  // namespace starling
