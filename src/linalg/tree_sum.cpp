// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/tree_sum.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace starling::linalg {
namespace {

// Whole subtrees that a range of `blocks` blocks can have, and one more that is being filled: their
// levels rise to the largest and fall again.
Index subtrees(Index blocks) {
  return 2 * static_cast<Index>(std::bit_width(static_cast<std::size_t>(blocks))) + 1;
}

}  // namespace

TreeSum::TreeSum(MPI_Comm comm, Index my_blocks_max, Index width)
    : comm_(comm),
      width_(width),
      capacity_(subtrees(my_blocks_max)),
      mine_(static_cast<std::size_t>(capacity_ * width)),
      my_nodes_(static_cast<std::size_t>(capacity_)) {
  const auto ranks = static_cast<std::size_t>(size_of(comm));
  if (ranks == 1) return;
  long all = static_cast<long>(capacity_);
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_LONG, MPI_SUM, comm_));
  require(all * width <= std::numeric_limits<int>::max(),
          "a sum of {} terms on {} ranks is too large for one message", width, ranks);
  all_.resize(static_cast<std::size_t>(all * width));
  nodes_.resize(static_cast<std::size_t>(all));
  ranges_.resize(2 * ranks);
  counts_.resize(ranks);
  displacements_.resize(ranks);
}

void TreeSum::begin(Index first_block) {
  next_block_ = first_block;
  depth_ = 0;
}

void TreeSum::add() {
  my_nodes_[depth_++] = {next_block_++, 0};
  depth_ = merge(mine_.data(), my_nodes_.data(), depth_);
  STARLING_ASSERT(depth_ < capacity_);
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

// All ranks' nodes into all_ and nodes_, merged; depth_ becomes their number.
void TreeSum::gather() {
  const auto ranks = static_cast<Index>(counts_.size());
  Index first = next_block_;
  if (depth_ > 0) first = my_nodes_[0].first;
  const long range[2] = {first, next_block_};
  STARLING_MPI(MPI_Allgather(range, 2, MPI_LONG, ranges_.data(), 2, MPI_LONG, comm_));

  // A rank's subtrees follow from its range; list them to know how many each sends.
  Index listed = 0, expected = 0;
  for (Index r = 0; r < ranks; ++r) {
    const Index begin = ranges_[2 * r], end = ranges_[2 * r + 1], before = listed;
    STARLING_ASSERT(begin == end || begin == expected);
    for (Index block = begin; block < end;) {
      int level = 0;
      while ((block >> level) % 2 == 0 && block + (Index{2} << level) <= end) ++level;
      nodes_[listed++] = {block, level};
      block += Index{1} << level;
    }
    if (begin != end) expected = end;
    counts_[r] = static_cast<int>((listed - before) * width_);
    displacements_[r] = static_cast<int>(before * width_);
  }
  STARLING_MPI(MPI_Allgatherv(mine_.data(), static_cast<int>(depth_ * width_), MPI_DOUBLE,
                              all_.data(), counts_.data(), displacements_.data(), MPI_DOUBLE,
                              comm_));
  depth_ = 0;
  for (Index i = 0; i < listed; ++i) {
    if (depth_ != i) {
      nodes_[depth_] = nodes_[i];
      std::copy_n(all_.data() + i * width_, width_, all_.data() + depth_ * width_);
    }
    depth_ = merge(all_.data(), nodes_.data(), depth_ + 1);
  }
}

void TreeSum::finish(Real* out) {
  Real* sums = mine_.data();
  if (!counts_.empty()) {
    gather();
    sums = all_.data();
  }
  if (depth_ == 0) {
    std::fill_n(out, width_, 0.0);
    return;
  }
  // Where the blocks are no power of two, the subtrees left over are added from the right.
  for (Index node = depth_ - 1; node > 0; --node) {
    Real* to = sums + (node - 1) * width_;
    const Real* from = to + width_;
    for (Index i = 0; i < width_; ++i) to[i] += from[i];
  }
  std::copy_n(sums, width_, out);
}

}  // namespace starling::linalg
