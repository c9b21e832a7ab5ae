// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/exchange.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace starling::spectral {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// The ranks that share memory with this one, or this one alone.
Communicator node_of(MPI_Comm comm, bool share_memory) {
  MPI_Comm node = MPI_COMM_NULL;
  const int rank = rank_of(comm);
  if (share_memory)
    STARLING_MPI(MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &node));
  else
    STARLING_MPI(MPI_Comm_split(comm, rank, rank, &node));
  return Communicator(node);
}

// Of each rank of `comm` its rank on `node`, or -1.
std::vector<int> ranks_on(MPI_Comm node, MPI_Comm comm) {
  MPI_Group all = MPI_GROUP_NULL, few = MPI_GROUP_NULL;
  STARLING_MPI(MPI_Comm_group(comm, &all));
  STARLING_MPI(MPI_Comm_group(node, &few));
  std::vector<int> here(at(size_of(comm))), there(here.size());
  std::iota(here.begin(), here.end(), 0);
  STARLING_MPI(MPI_Group_translate_ranks(all, size_of(comm), here.data(), few, there.data()));
  STARLING_MPI(MPI_Group_free(&all));
  STARLING_MPI(MPI_Group_free(&few));
  std::replace(there.begin(), there.end(), MPI_UNDEFINED, -1);
  return there;
}

}  // namespace

Exchange::Exchange(MPI_Comm comm, const std::vector<Index>& front, const std::vector<Index>& back,
                   Index most_fields, bool share_memory)
    : comm_(comm),
      ranks_(size_of(comm)),
      rank_(rank_of(comm)),
      node_(node_of(comm, share_memory)),
      on_node_(ranks_on(node_, comm)),
      all_on_node_(size_of(node_) == ranks_) {
  STARLING_ASSERT(front.size() == at(ranks_) && back.size() == at(ranks_) &&
                  front[at(rank_)] == back[at(rank_)]);
  lay_out(front_, front, most_fields);
  lay_out(back_, back, most_fields);
  share(most_fields);
}

// What travels between nodes.
void Exchange::lay_out(Side& side, const std::vector<Index>& size, Index most_fields) const {
  side.size = size;
  Index all = 0;
  std::vector<Index> begin;
  for (int q = 0; q < ranks_; ++q) {
    begin.push_back(all);
    if (on_node_[at(q)] < 0) all += most_fields * size[at(q)];
  }
  require(all <= std::numeric_limits<int>::max(),
          "{} coefficients are too many for a rank to send; allowed: {}; take more ranks", all,
          std::numeric_limits<int>::max());
  side.memory = Array<Complex*>("spectral::exchange", at(all));
  side.count.resize(at(ranks_));
  for (const Index b : begin) {
    side.begin.push_back(side.memory.data() + b);
    side.displacement.push_back(static_cast<int>(b));
  }
}

// What stays on the node: a rank's segment has its blocks in front, of which its peers are told
// where theirs begins.
void Exchange::share(Index most_fields) {
  const auto peers = at(size_of(node_));
  std::vector<Index> begin(peers), theirs(peers);
  Index all = 0;
  for (int q = 0; q < ranks_; ++q) {
    if (on_node_[at(q)] < 0) continue;
    begin[at(on_node_[at(q)])] = all;
    all += most_fields * front_.size[at(q)];
  }
  if (peers == 1)
    alone_ = Array<Complex*>("spectral::exchange", at(all));
  else
    shared_ = SharedMemory(node_, all);
  static_assert(sizeof(Index) == sizeof(std::int64_t));
  STARLING_MPI(MPI_Alltoall(begin.data(), 1, MPI_INT64_T, theirs.data(), 1, MPI_INT64_T, node_));
  for (int q = 0; q < ranks_; ++q) {
    const int peer = on_node_[at(q)];
    if (peer < 0) continue;
    Complex* own = peers == 1 ? alone_.data() : shared_.of(rank_of(node_));
    front_.begin[at(q)] = own + begin[at(peer)];
    back_.begin[at(q)] = (peers == 1 ? own : shared_.of(peer)) + theirs[at(peer)];
  }
}

void Exchange::send(const Side& to, const Side& from, Index fields) const {
  if (size_of(node_) > 1) shared_.synchronise();
  if (all_on_node_) return;
  for (int q = 0; q < ranks_; ++q) {
    const bool travels = on_node_[at(q)] < 0;
    to.count[at(q)] = travels ? static_cast<int>(fields * to.size[at(q)]) : 0;
    from.count[at(q)] = travels ? static_cast<int>(fields * from.size[at(q)]) : 0;
  }
  STARLING_MPI(MPI_Alltoallv(from.memory.data(), from.count.data(), from.displacement.data(),
                             MPI_C_DOUBLE_COMPLEX, to.memory.data(), to.count.data(),
                             to.displacement.data(), MPI_C_DOUBLE_COMPLEX, comm_));
}

}  // namespace starling::spectral
