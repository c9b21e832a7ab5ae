// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::spectral {

/// Memory that the ranks of a node read and write directly: a segment a rank, zero at first.
class SharedMemory {
 public:
  SharedMemory() = default;
  /// `numbers` of this rank; collective on `node`, all ranks of which share a memory and which is
  /// not owned. Throws IoError where the system has no room for it.
  SharedMemory(MPI_Comm node, Index numbers);
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  /// Collective, but not while an exception passes: the others may never come here.
  ~SharedMemory();

  Complex* of(int rank) const { return segments_[static_cast<std::size_t>(rank)]; }
  /// What any rank of the node wrote before is seen by all after it. Collective on the node.
  void synchronise() const;

 private:
  MPI_Comm node_ = MPI_COMM_NULL;
  MPI_Win window_ = MPI_WIN_NULL;
  std::vector<Complex*> segments_;
};

}  // namespace starling::spectral
