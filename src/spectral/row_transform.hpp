// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "spectral/plan.hpp"

namespace starling::spectral {

/// Coefficients A(k), 0 <= k < cut, of real rows along x <=> their values, two rows as the real and
/// imaginary part of one complex row: Z(k) = A(k) + i B(k), Z(-k) = conj A(k) + i conj B(k), which
/// takes one complex transform of the length of a row. Values are (row 2b, row 2b + 1) at x = 0, 1,
/// ..., side by side. Imaginary parts of A(0) and B(0) are taken as zero.
class RowTransform {
 public:
  /// `most_pairs` of rows at a time.
  RowTransform(Index points, Index cut, Index most_pairs, Planning planning);

  Index points() const { return points_; }
  Index most_pairs() const { return most_pairs_; }

  /// Coefficients of modes k of `rows` (row r of mode k at first[k.begin + ...]): modes of `k`
  /// begin at `first` and are `stride` apart, the 2 `pairs` rows side by side. Called for ranges k
  /// that cover [0, cut).
  void load(const Complex* first, Range k, Index stride, Index pairs) const;
  /// Then the values: 2 points() Reals a pair, pairs one after the other.
  void inverse(Real* values, Index pairs) const;

  void forward(const Real* values, Index pairs) const;
  /// `scale` times the coefficients of forward().
  void store(Complex* first, Range k, Index stride, Index pairs, Real scale) const;

 private:
  Index points_, cut_, most_pairs_, distance_;
  Plan inverse_, forward_;
  Array<Complex*> padded_;  // zero between the kept modes, always
  Array<Complex*> spectra_;
};

}  // namespace starling::spectral
