// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/grid.hpp"

#include "core/error.hpp"

#include <numbers>

namespace starling::spectral {

Grid::Grid(Index points, Real length) : points_(points), length_(length) {
  require(points >= 4 && points % 2 == 0, "a grid of {} points; allowed: an even number >= 4",
          points);
  require(length > 0, "a domain of length {}; allowed: > 0", length);
}

Real Grid::wavenumber(Index j) const {
  return 2 * std::numbers::pi / length_ * static_cast<Real>(mode(j));
}

std::vector<std::complex<Real>> Grid::derivative(int d) const {
  std::vector<std::complex<Real>> symbol(static_cast<std::size_t>(points_));
  for (Index j = 0; j < points_; ++j) {
    if (j == points_ / 2) continue;
    std::complex<Real> power = 1;
    for (int i = 0; i < d; ++i) power *= std::complex<Real>(0, wavenumber(j));
    symbol[static_cast<std::size_t>(j)] = power;
  }
  return symbol;
}

}  // namespace starling::spectral
