// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/row_transform.hpp"

#include "core/error.hpp"

#include <cstring>

namespace starling::spectral {
namespace {

// Two complex numbers. Lanes are shuffled by hand: the compiler does not see it.
using Two __attribute__((vector_size(4 * sizeof(Real)))) = Real;
using One __attribute__((vector_size(2 * sizeof(Real)))) = Real;
using Lanes __attribute__((vector_size(4 * sizeof(Real)))) = long;

template <class Vector>
Vector load_vector(const Real* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

template <class Vector>
void store_vector(Real* to, Vector v) {
  std::memcpy(to, &v, sizeof v);
}

const Real* reals(const Complex* z) { return reinterpret_cast<const Real*>(z); }
Real* reals(Complex* z) { return reinterpret_cast<Real*>(z); }

// Rows a cache line further apart than a power of two.
Index padded_row(Index points) { return (points + 3) / 4 * 4 + 4; }

}  // namespace

RowTransform::RowTransform(Index points, Index cut, Index most_pairs, Planning planning)
    : points_(points),
      cut_(cut),
      most_pairs_(most_pairs),
      distance_(padded_row(points)),
      inverse_(points, Plan::Direction::inverse, planning),
      forward_(points, Plan::Direction::forward, planning),
      padded_("spectral::padded", static_cast<std::size_t>(most_pairs * distance_)),
      spectra_("spectral::spectra", static_cast<std::size_t>(most_pairs * distance_)) {
  STARLING_ASSERT(cut > 0 && points >= 2 * cut - 1);
}

void RowTransform::load(const Complex* first, Range k, Index stride, Index pairs) const {
  const Two sign = {-1, 1, 1, -1};
  Complex* rows = padded_.data();
  Index mode = k.begin;
  if (mode == 0 && k.size() > 0) {
    for (Index b = 0; b < pairs; ++b)
      rows[b * distance_] = Complex(first[2 * b].real(), first[2 * b + 1].real());
    mode = 1;
  }
  for (; mode < k.end; ++mode) {
    const Real* from = reals(first + (mode - k.begin) * stride);
    Real* plus = reals(rows + mode);
    Real* minus = reals(rows + points_ - mode);
    for (Index b = 0; b < pairs; b += 2) __builtin_prefetch(from + 4 * (pairs + b));
    for (Index b = 0; b < pairs; ++b) {
      // (Ar, Ai, Br, Bi): Z(k) = (Ar - Bi, Ai + Br), Z(-k) = (Ar + Bi, Br - Ai).
      const Two ab = load_vector<Two>(from + 4 * b);
      const Two z = __builtin_shuffle(ab, Lanes{0, 1, 0, 2}) +
                    sign * __builtin_shuffle(ab, Lanes{3, 2, 3, 1});
      store_vector(plus + 2 * b * distance_, One{z[0], z[1]});
      store_vector(minus + 2 * b * distance_, One{z[2], z[3]});
    }
  }
}

void RowTransform::inverse(Real* values, Index pairs) const {
  for (Index b = 0; b < pairs; ++b)
    inverse_.execute(reinterpret_cast<Complex*>(values) + b * points_,
                     padded_.data() + b * distance_);
}

void RowTransform::forward(const Real* values, Index pairs) const {
  for (Index b = 0; b < pairs; ++b)
    forward_.execute(spectra_.data() + b * distance_,
                     reinterpret_cast<const Complex*>(values) + b * points_);
}

void RowTransform::store(Complex* first, Range k, Index stride, Index pairs, Real scale) const {
  const Real h = scale / 2;
  const Two half = {h, h, h, h}, signed_half = {h, -h, h, -h};
  const Complex* rows = spectra_.data();
  Index mode = k.begin;
  if (mode == 0 && k.size() > 0) {
    for (Index b = 0; b < pairs; ++b) {
      first[2 * b] = scale * rows[b * distance_].real();
      first[2 * b + 1] = scale * rows[b * distance_].imag();
    }
    mode = 1;
  }
  for (; mode < k.end; ++mode) {
    Real* to = reals(first + (mode - k.begin) * stride);
    const Real* plus = reals(rows + mode);
    const Real* minus = reals(rows + points_ - mode);
    for (Index b = 0; b < pairs; ++b) {
      // z = Z(k), w = Z(-k): A = (zr + wr, zi - wi) / 2, B = (zi + wi, wr - zr) / 2.
      const One z = load_vector<One>(plus + 2 * b * distance_);
      const One w = load_vector<One>(minus + 2 * b * distance_);
      const Two zw = {z[0], z[1], w[0], w[1]};
      store_vector(to + 4 * b, half * __builtin_shuffle(zw, Lanes{0, 1, 1, 2}) +
                                   signed_half * __builtin_shuffle(zw, Lanes{2, 3, 3, 0}));
    }
  }
}

}  // namespace starling::spectral
