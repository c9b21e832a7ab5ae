// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace starling::filters {

/// Where the offspring of particles go. A particle with n_i >= 1 stays in its place; its n_i - 1
/// further copies, and those of all others in the order of the particles, take the places of the
/// particles with n_i = 0 in their order. That rule knows no ranks, so the particles, their order
/// and their random numbers are the same for any number of them; and it moves little: across the
/// boundary between two ranks go |sum of (n_i - 1) over all i before it| copies, the least that
/// leaves every rank with as many particles as before. On two ranks no plan moves fewer. Copies of
/// one particle travel to a rank as one state, and only there become many, so that a particle that
/// takes all costs one state a rank.
///
/// States travel from row to row without buffers. Workspace: 49 bytes for each of my particles.
class Relocation {
 public:
  /// Collective on `comm`. `owned` of the particles are this rank's, in rank order.
  Relocation(MPI_Comm comm, Range owned);

  /// Takes the offspring of my particles; over all ranks there are as many as particles.
  /// Collective; allocates nothing.
  void plan(const std::int64_t* counts);
  /// Overwrites the rows of `mine` (my particles x anything) that get a copy. Collective.
  void apply(Rows mine);

  /// parents[i] = number over all ranks of the particle that my row i is a copy of, its own where
  /// it stays. Local.
  void parents(std::int64_t* out) const;
  /// My rows that got a copy, ascending.
  const std::vector<Index>& filled() const { return filled_; }
  /// Of all ranks: rows that got a copy, and states that went to another rank for it.
  Index copies() const { return copies_; }
  Index moves() const { return moves_; }

  Real bytes() const;

 private:
  // Copies of one particle for one rank, in neighbouring places of those that are free.
  struct Piece {
    std::int64_t parent, count;
  };

  void share_out(const std::int64_t* counts);
  void exchange();
  // f(piece, first free place, whether it comes from this rank) for what fills my places in order.
  template <class F>
  void for_my_places(const F& f) const;

  MPI_Comm comm_;
  int ranks_, rank_;
  Range owned_;
  Index copies_ = 0, moves_ = 0;
  std::vector<Index> filled_;
  std::vector<Piece> out_, in_;       // by rank, in order of the places
  std::vector<std::int64_t> totals_;  // of every rank: surplus, free
  std::vector<int> out_counts_, in_counts_, out_first_, in_first_, rows_;
  std::vector<int> out_words_, in_words_, out_at_, in_at_;
  std::vector<MPI_Request> requests_;
};

}  // namespace starling::filters
