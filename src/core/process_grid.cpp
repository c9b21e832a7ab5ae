// SPDX-License-Identifier: BSD-3-Clause
#include "core/process_grid.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <utility>

namespace starling {
namespace {

MPI_Comm duplicate(MPI_Comm comm) {
  MPI_Comm copy = MPI_COMM_NULL;
  STARLING_MPI(MPI_Comm_dup(comm, &copy));
  return copy;
}

MPI_Comm split(MPI_Comm comm, int colour, int key) {
  MPI_Comm part = MPI_COMM_NULL;
  STARLING_MPI(MPI_Comm_split(comm, colour, key, &part));
  return part;
}

}  // namespace

Communicator& Communicator::operator=(Communicator&& other) noexcept {
  std::swap(comm_, other.comm_);
  return *this;
}

Communicator::~Communicator() {
  if (comm_ == MPI_COMM_NULL) return;
  int finalized = 0;
  MPI_Finalized(&finalized);
  if (finalized == 0) MPI_Comm_free(&comm_);
}

int rank_of(MPI_Comm comm) {
  int rank = 0;
  STARLING_MPI(MPI_Comm_rank(comm, &rank));
  return rank;
}

int size_of(MPI_Comm comm) {
  int size = 0;
  STARLING_MPI(MPI_Comm_size(comm, &size));
  return size;
}

Range deal(Index count, int parts, int part, Index block) {
  STARLING_ASSERT(parts > 0 && 0 <= part && part < parts && block > 0 && count >= 0);
  const Index blocks = (count + block - 1) / block;
  const Index each = blocks / parts, left = blocks % parts;
  const Index first = part * each + std::min<Index>(part, left);
  const Index last = first + each + (part < left ? 1 : 0);
  return {std::min(first * block, count), std::min(last * block, count)};
}

Range blocks_of(Range dealt, Index block) {
  STARLING_ASSERT(dealt.size() == 0 || dealt.begin % block == 0);
  return {(dealt.begin + block - 1) / block, (dealt.end + block - 1) / block};
}

ProcessGrid::ProcessGrid(MPI_Comm world, int ranks_per_member) : world_(duplicate(world)) {
  const int ranks = size_of(world_);
  require(ranks_per_member > 0 && ranks % ranks_per_member == 0,
          "{} ranks cannot be split into groups of {} ranks a member; allowed: a divisor of {}",
          ranks, ranks_per_member, ranks);
  const int rank = rank_of(world_);
  space_ = Communicator(split(world_, rank / ranks_per_member, rank));
  members_ = Communicator(split(world_, rank % ranks_per_member, rank));
}

Range ProcessGrid::members_of(Index members, int group) const {
  return deal(members, groups(), group, 2);
}

}  // namespace starling
