// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

namespace starling::campaigns {

/// Work that groups of ranks take from, one after the other, without a rank that gives it out:
/// counters in the memory of rank 0, changed by one-sided messages. Construction and destruction
/// are collective.
class RowQueue {
 public:
  explicit RowQueue(MPI_Comm world);
  ~RowQueue();
  RowQueue(const RowQueue&) = delete;
  RowQueue& operator=(const RowQueue&) = delete;

  /// The next number, 0 first; each is given to one caller only.
  Index take();
  /// Adds to the work that is done, in units of the caller's.
  void add_done(Index amount);
  Index done();
  /// Nobody is to go on: a signal, a full disk.
  void stop();
  bool stopped();

 private:
  enum Counter : int { next, amount_done, stops, counters };
  Index change(Counter counter, Index amount);

  MPI_Win window_ = MPI_WIN_NULL;
};

}  // namespace starling::campaigns
