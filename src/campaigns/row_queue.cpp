// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/row_queue.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <cstdint>

namespace starling::campaigns {

RowQueue::RowQueue(MPI_Comm world) {
  const bool here = rank_of(world) == 0;
  std::int64_t* memory = nullptr;
  const MPI_Aint bytes = here ? counters * static_cast<MPI_Aint>(sizeof(std::int64_t)) : 0;
  STARLING_MPI(
      MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, world, &memory, &window_));
  STARLING_MPI(MPI_Win_lock_all(0, window_));
  if (here) {
    std::fill_n(memory, static_cast<int>(counters), 0);
    STARLING_MPI(MPI_Win_sync(window_));
  }
  STARLING_MPI(MPI_Barrier(world));
}

RowQueue::~RowQueue() {
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

Index RowQueue::change(Counter counter, Index amount) {
  const auto add = static_cast<std::int64_t>(amount);
  std::int64_t before = 0;
  STARLING_MPI(MPI_Fetch_and_op(&add, &before, MPI_INT64_T, 0, counter, MPI_SUM, window_));
  STARLING_MPI(MPI_Win_flush(0, window_));
  return static_cast<Index>(before);
}

Index RowQueue::take() { return change(next, 1); }
void RowQueue::add_done(Index amount) { change(amount_done, amount); }
Index RowQueue::done() { return change(amount_done, 0); }
void RowQueue::stop() { change(stops, 1); }
bool RowQueue::stopped() { return change(stops, 0) > 0; }

}  // namespace starling::campaigns
