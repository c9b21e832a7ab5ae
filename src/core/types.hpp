// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <Kokkos_Core.hpp>

#include <cstddef>

/// The numbers and arrays every layer speaks of.
namespace starling {

using Real = double;
using Complex = Kokkos::complex<Real>;
using Index = std::ptrdiff_t;

using Exec = Kokkos::DefaultExecutionSpace;
using Memory = Exec::memory_space;

/// An owned array, last index contiguous: Array<Real**>("name", rows, width).
template <class T>
using Array = Kokkos::View<T, Kokkos::LayoutRight, Memory>;

/// A borrowed block of rows, (row, column), column contiguous. An ensemble is such a block: members
/// (or states) are rows. Costs a pointer and two extents to copy.
using Rows = Kokkos::View<Real**, Kokkos::LayoutRight, Memory, Kokkos::MemoryUnmanaged>;
using ConstRows = Kokkos::View<const Real**, Kokkos::LayoutRight, Memory, Kokkos::MemoryUnmanaged>;

/// The memory at `data` as a block of rows.
inline Rows make_rows(Real* data, Index rows, Index width) {
  return Rows(data, static_cast<std::size_t>(rows), static_cast<std::size_t>(width));
}
inline ConstRows make_rows(const Real* data, Index rows, Index width) {
  return ConstRows(data, static_cast<std::size_t>(rows), static_cast<std::size_t>(width));
}

inline Index rows_of(ConstRows block) { return static_cast<Index>(block.extent(0)); }
inline Index width_of(ConstRows block) { return static_cast<Index>(block.extent(1)); }

/// Rows [first, first + count) of a block.
inline Rows row_range(Rows block, Index first, Index count) {
  return make_rows(block.data() + first * width_of(block), count, width_of(block));
}
inline ConstRows row_range(ConstRows block, Index first, Index count) {
  return make_rows(block.data() + first * width_of(block), count, width_of(block));
}

/// Half-open range of indices [begin, end).
struct Range {
  Index begin = 0;
  Index end = 0;
  Index size() const { return end - begin; }
  bool contains(Index i) const { return begin <= i && i < end; }
  friend bool operator==(Range, Range) = default;
};

}  // namespace starling
