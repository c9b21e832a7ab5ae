// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <complex>
#include <vector>

namespace starling::spectral {

/// A periodic domain [0, length) with equidistant points x_j = j length / points. Coefficients are
/// in the order of the discrete Fourier transform: k = 0, 1, ..., N/2, -(N/2 - 1), ..., -1 in units
/// of 2 pi / length (docs/conventions.md).
class Grid {
 public:
  /// Throws InputError unless points is even and >= 4 and length > 0.
  Grid(Index points, Real length);

  Index points() const { return points_; }
  Real length() const { return length_; }
  Real spacing() const { return length_ / static_cast<Real>(points_); }
  Real coordinate(Index j) const { return spacing() * static_cast<Real>(j); }

  /// Signed mode number of coefficient j, in (-N/2, N/2].
  Index mode(Index j) const { return j <= points_ / 2 ? j : j - points_; }
  /// Wavenumber of coefficient j [radians per unit length].
  Real wavenumber(Index j) const;
  /// (i k)^d for every coefficient; zero at the Nyquist mode, whose derivative is not resolved.
  std::vector<std::complex<Real>> derivative(int d) const;

 private:
  Index points_;
  Real length_;
};

}  // namespace starling::spectral
