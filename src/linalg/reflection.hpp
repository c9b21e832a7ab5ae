// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "linalg/simd.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

/// Householder reflections of rows, over whole vectors: kernels for the sources of this folder.
namespace starling::linalg {

/// Sums of squares below this have lost digits to underflow; vectors so small count as zero. Rows
/// of a matrix of low rank get there: each reflection leaves rounding errors of the one before.
inline constexpr Real least_square =
    std::numeric_limits<Real>::min() / std::numeric_limits<Real>::epsilon();

/// f(j, integral constant of the number of vectors, 1 to 4) for each strip of columns from j on: as
/// many as a sum over rows can keep in registers.
template <class F>
void for_each_strip(Index columns, const F& f) {
  constexpr Index strip = 4 * vector_width;
  for (Index j = 0; j < columns; j += strip) {
    switch (std::min(strip, round_up(columns - j)) / vector_width) {
      case 1: f(j, std::integral_constant<Index, 1>{}); break;
      case 2: f(j, std::integral_constant<Index, 2>{}); break;
      case 3: f(j, std::integral_constant<Index, 3>{}); break;
      default: f(j, std::integral_constant<Index, 4>{});
    }
  }
}

/// out = sum over k < rows of x_k (row k of a), `vectors` vectors wide; even and odd k apart, which
/// doubles the sums in flight.
template <Index vectors>
void sum_rows(Vector (&out)[vectors], const Real* a, Index stride, const Real* x, Index rows) {
  Vector odd[vectors];
  for (Index v = 0; v < vectors; ++v) out[v] = odd[v] = Vector{};
  Index k = 0;
  for (; k + 1 < rows; k += 2, a += 2 * stride) {
    for (Index v = 0; v < vectors; ++v) {
      out[v] += x[k] * load(a + v * vector_width);
      odd[v] += x[k + 1] * load(a + stride + v * vector_width);
    }
  }
  if (k < rows)
    for (Index v = 0; v < vectors; ++v) out[v] += x[k] * load(a + v * vector_width);
  for (Index v = 0; v < vectors; ++v) out[v] += odd[v];
}

/// a = (I - factor v v^T) a for a block of rows; columns are rounded up to whole vectors.
inline void reflect_rows(Real* a, Index stride, Index rows, Index columns, const Real* v,
                         Real factor) {
  for_each_strip(columns, [=]<Index vectors>(Index j, std::integral_constant<Index, vectors>) {
    Vector along[vectors];
    sum_rows(along, a + j, stride, v, rows);
    for (Index s = 0; s < vectors; ++s) along[s] *= factor;
    Real* row = a + j;
    for (Index k = 0; k < rows; ++k, row += stride)
      for (Index s = 0; s < vectors; ++s)
        store(row + s * vector_width, load(row + s * vector_width) - v[k] * along[s]);
  });
}

}  // namespace starling::linalg
