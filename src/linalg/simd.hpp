// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <cstring>

#if defined(__FMA__)
#include <immintrin.h>
#endif

/// The widest vector of reals of this processor, for the few kernels that the compiler does not
/// vectorise well by itself. Lanes never mix, so that results do not depend on the width.
namespace starling::linalg {

#if defined(__AVX512F__)
inline constexpr Index vector_width = 8;
inline constexpr Index vector_registers = 32;
#elif defined(__AVX__)
inline constexpr Index vector_width = 4;
inline constexpr Index vector_registers = 16;
#else
inline constexpr Index vector_width = 2;
inline constexpr Index vector_registers = 16;
#endif

using Vector __attribute__((vector_size(vector_width * sizeof(Real)))) = Real;

/// Unaligned.
inline Vector load(const Real* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
inline void store(Real* to, Vector v) { std::memcpy(to, &v, sizeof v); }

/// a b + c, rounded once where the processor can. Left to the compiler, the choice would depend on
/// the loop around it, and bits with it.
inline Vector multiply_add(Real a, Vector b, Vector c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(_mm512_set1_pd(a), b, c);
#elif defined(__FMA__) && defined(__AVX__)
  return _mm256_fmadd_pd(_mm256_set1_pd(a), b, c);
#else
  return a * b + c;
#endif
}

/// The lanes added in order.
inline Real sum(Vector v) {
  Real s = v[0];
  for (Index lane = 1; lane < vector_width; ++lane) s += v[lane];
  return s;
}

/// The least multiple of `unit` that is not below `count`.
inline constexpr Index round_up(Index count, Index unit = vector_width) {
  return (count + unit - 1) / unit * unit;
}

}  // namespace starling::linalg
