// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::spectral {

/// Fields that are spread over the ranks of a communicator in one way in front of an exchange and
/// in another behind it. Either side has one block a rank q, contiguous: what I send to q or have
/// from it, fields one after the other. Whoever computes reads and writes the blocks where they
/// are, so that nothing is packed or unpacked; what stays with its rank is the same memory on both
/// sides.
class Exchange {
 public:
  /// Numbers that one field has in each block. Throws InputError if they are too many for MPI to
  /// count. `comm` is not owned.
  Exchange(MPI_Comm comm, std::vector<Index> front, std::vector<Index> back, Index most_fields);

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
    Array<Complex*> memory;
    std::vector<Complex*> begin;
    std::vector<int> displacement;
    mutable std::vector<int> count;  // set by every call
  };
  void lay_out(Side& side, Index most_fields, bool own) const;
  void send(const Side& to, const Side& from, Index fields) const;

  MPI_Comm comm_;
  int ranks_, rank_;
  Side front_, back_;
};

}  // namespace starling::spectral
