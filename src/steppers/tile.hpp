// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/error.hpp"
#include "core/kernel.hpp"
#include "core/types.hpp"
#include "steppers/phi.hpp"

namespace starling::steppers {

/// The workspace of one tile of states: blocks that a scheme borrows as Rows for the system and
/// walks as Ts in its kernels.
template <class T>
class Tile {
 public:
  Tile(Index rows, Index width, int blocks)
      : rows_(rows),
        width_(width),
        data_("steppers::tile", static_cast<std::size_t>(blocks * rows * width)) {}

  /// Block number `b` as `rows` states.
  Rows rows(int b, Index rows) const {
    STARLING_ASSERT(rows <= rows_);
    return make_rows(data_.data() + b * rows_ * width_, rows, width_);
  }

 private:
  Index rows_, width_;
  Array<Real*> data_;
};

/// Row r of a block as Ts.
template <class T>
inline T* row(Rows block, Index r) {
  return reinterpret_cast<T*>(block.data() + r * width_of(block));
}

/// f(r, j) would index twice: kernel(r) returns the element-wise function of row r.
template <class T, class Kernel>
inline void for_each_row(const char* label, Rows u, const Kernel& kernel) {
  const Index count =
      width_of(u) * static_cast<Index>(sizeof(Real)) / static_cast<Index>(sizeof(T));
  for (Index r = 0; r < rows_of(u); ++r) for_each(label, count, kernel(r));
}

/// kernel(multiplied) with multiplied(value, j) = factors[j] * value, or value itself where factors
/// is null: what the kernel does is compiled for both, so that no factors cost nothing.
template <class T, class S, class Kernel>
inline void with_factors(const S* factors, const Kernel& kernel) {
  if (factors == nullptr) {
    kernel([](const T& value, Index) { return value; });
  } else {
    kernel([factors](const T& value, Index j) -> T { return factors[j] * value; });
  }
}

}  // namespace starling::steppers
