// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

namespace starling {

/// A communicator that is freed with its owner.
class Communicator {
 public:
  Communicator() = default;
  explicit Communicator(MPI_Comm owned) : comm_(owned) {}
  Communicator(Communicator&& other) noexcept : comm_(other.comm_) { other.comm_ = MPI_COMM_NULL; }
  Communicator& operator=(Communicator&& other) noexcept;
  ~Communicator();
  operator MPI_Comm() const { return comm_; }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
};

int rank_of(MPI_Comm comm);
int size_of(MPI_Comm comm);

/// Part `part` of `count` things dealt to `parts` in whole blocks of `block`, contiguous, the first
/// parts one block larger where it does not divide. The parts cover [0, count) without overlap.
Range deal(Index count, int parts, int part, Index block = 1);

/// The blocks that a range dealt in whole blocks of `block` consists of; the last of all may be cut
/// off by the end of what was dealt.
Range blocks_of(Range dealt, Index block);

/// The dofs of a member are dealt to ranks, and summed, in whole blocks of this many: sums over a
/// block are the same for any number of ranks. A whole number of vector registers.
inline constexpr Index dof_block = 8;

/// World = groups x space. The ranks of space() share one member (domain decomposition); the ranks
/// of members() hold the same part of the domain in all groups, in group order. Construction is
/// collective on `world`, which is duplicated: messages never mix with the caller's.
class ProcessGrid {
 public:
  /// Throws InputError unless ranks_per_member divides the ranks of `world`.
  explicit ProcessGrid(MPI_Comm world, int ranks_per_member = 1);

  MPI_Comm world() const { return world_; }
  MPI_Comm space() const { return space_; }
  MPI_Comm members() const { return members_; }
  int groups() const { return size_of(members_); }
  int group() const { return rank_of(members_); }
  bool is_root() const { return rank_of(world_) == 0; }

  /// The members that `group` owns: whole pairs (2k, 2k+1), so that the pair that is packed into
  /// one complex field, and hence its rounding, is the same for any number of groups.
  Range members_of(Index members, int group) const;

 private:
  Communicator world_, space_, members_;
};

}  // namespace starling
