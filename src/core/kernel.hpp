// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

namespace starling {

/// f(i) for i in [0, count): the one form of element-wise kernel in a hot loop. Indices must be
/// independent of each other.
///
/// A flat Kokkos::parallel_for is not vectorised by gcc on the Serial backend (5-10 x slower in
/// cache), so a host runs chunks with a vectorised inner loop, without dispatch when it is serial.
/// f must capture raw pointers by value.
template <class F>
inline void for_each(const char* label, Index count, const F& f) {
  if constexpr (!Kokkos::SpaceAccessibility<Kokkos::HostSpace, Memory>::accessible) {
    Kokkos::parallel_for(label, Kokkos::RangePolicy<Exec>(0, count), f);
  } else if constexpr (std::is_same_v<Exec, Kokkos::Serial>) {
#pragma GCC ivdep
    for (Index i = 0; i < count; ++i) f(i);
  } else {
    constexpr Index chunk = 1024;
    Kokkos::parallel_for(label, Kokkos::RangePolicy<Exec>(0, (count + chunk - 1) / chunk),
                         [=](Index c) {
                           const Index end = (c + 1) * chunk < count ? (c + 1) * chunk : count;
#pragma GCC ivdep
                           for (Index i = c * chunk; i < end; ++i) f(i);
                         });
  }
}

}  // namespace starling
