// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"
#include "spectral/shared_memory.hpp"

#include <mpi.h>

#include <vector>

namespace starling::spectral {

/// Fields that are spread over the ranks of a communicator in one way in front of an exchange and
/// in another behind it. Either side has one block a rank q, contiguous: what I send to q or have
/// from it, fields one after the other. Whoever computes reads and writes the blocks where they
/// are, so that nothing is packed or unpacked. For ranks of one node the block is the same memory
/// on both sides, and nothing is sent: an exchange is a barrier. Other blocks travel in one
/// MPI_Alltoallv.
///
/// A side may be written only between an exchange that brought it here and the one that takes it
/// away.
class Exchange {
 public:
  /// Numbers that one field has in each block. Throws InputError if they are too many for MPI to
  /// count. Collective on `comm`, which is not owned, and so is the destructor. Without
  /// `share_memory` only the block that stays with its rank does not travel.
  Exchange(MPI_Comm comm, const std::vector<Index>& front, const std::vector<Index>& back,
           Index most_fields, bool share_memory = true);

  Complex* front(int q, Index field) const { return front_.block(q, field); }
  Complex* back(int q, Index field) const { return back_.block(q, field); }

  /// The first `fields` fields. Collective on the communicator.
  void to_back(Index fields) const { send(back_, front_, fields); }
  void to_front(Index fields) const { send(front_, back_, fields); }

 private:
  struct Side {
    Complex* block(int q, Index field) const {
      return begin[static_cast<std::size_t>(q)] + field * size[static_cast<std::size_t>(q)];
    }
    std::vector<Index> size;
    std::vector<Complex*> begin;
    Array<Complex*> memory;  // of the blocks that travel
    std::vector<int> displacement;
    mutable std::vector<int> count;  // set by every call
  };
  void lay_out(Side& side, const std::vector<Index>& size, Index most_fields) const;
  void share(Index most_fields);
  void send(const Side& to, const Side& from, Index fields) const;

  MPI_Comm comm_;
  int ranks_, rank_;
  Communicator node_;
  std::vector<int> on_node_;  // rank on my node, or -1
  bool all_on_node_;
  Side front_, back_;
  SharedMemory shared_;  // blocks in front that ranks of my node have at the back
  Array<Complex*> alone_;
};

}  // namespace starling::spectral
