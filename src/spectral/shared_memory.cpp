// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/shared_memory.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace starling::spectral {

SharedMemory::SharedMemory(MPI_Comm node, Index numbers) : node_(node) {
  // Segments on pages of their own: near the rank they belong to.
  MPI_Info info = MPI_INFO_NULL;
  STARLING_MPI(MPI_Info_create(&info));
  STARLING_MPI(MPI_Info_set(info, "alloc_shared_noncontig", "true"));
  Complex* own = nullptr;
  const auto bytes = static_cast<MPI_Aint>(numbers) * static_cast<MPI_Aint>(sizeof(Complex));
  STARLING_MPI(MPI_Win_allocate_shared(bytes, 1, info, node, static_cast<void*>(&own), &window_));
  STARLING_MPI(MPI_Info_free(&info));
  for (int q = 0; q < size_of(node); ++q) {
    MPI_Aint size = 0;
    int unit = 0;
    Complex* segment = nullptr;
    STARLING_MPI(MPI_Win_shared_query(window_, q, &size, &unit, static_cast<void*>(&segment)));
    segments_.push_back(segment);
  }
  STARLING_MPI(MPI_Win_lock_all(MPI_MODE_NOCHECK, window_));
  std::fill_n(own, numbers, Complex(0));
  synchronise();
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept { *this = std::move(other); }

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  std::swap(node_, other.node_);
  std::swap(window_, other.window_);
  std::swap(segments_, other.segments_);
  return *this;
}

SharedMemory::~SharedMemory() {
  int finalized = 0;
  MPI_Finalized(&finalized);
  if (window_ == MPI_WIN_NULL || finalized != 0 || std::uncaught_exceptions() > 0) return;
  MPI_Win_unlock_all(window_);
  MPI_Win_free(&window_);
}

void SharedMemory::synchronise() const {
  STARLING_MPI(MPI_Win_sync(window_));
  STARLING_MPI(MPI_Barrier(node_));
  STARLING_MPI(MPI_Win_sync(window_));
}

}  // namespace starling::spectral
