// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"

#include <array>
#include <memory>

namespace starling::spectral {

/// Coefficients <=> values of one real field on a periodic grid of one, two or three directions, on
/// one rank, every mode that the grid has:
///
///     u^_m = 1/N sum_j u_j exp(-2 pi i m.j / n),   N all grid points.
///
/// Values are [z][y][x], x contiguous, coefficients [z][y][kx] with kx = 0 ... nx/2: for the others
/// stands u^_-m = conj(u^_m). Estimated plans: the same bits in every run. A transform allocates
/// nothing, and has one workspace: one call at a time. Values that don't begin at a multiple of 16
/// bytes are copied.
class RealTransform {
 public:
  /// Throws InputError unless the grid is periodic and its points are even.
  explicit RealTransform(const Domain& grid);
  ~RealTransform();
  RealTransform(RealTransform&&) noexcept;
  RealTransform& operator=(RealTransform&&) noexcept;

  Index points() const;
  Index coefficients() const;
  /// Signed mode numbers of coefficient i, of x, y and z: -n/2 < m <= n/2.
  std::array<Index, 3> mode(Index i) const;
  /// Where the coefficient of a mode with mx >= 0 is.
  Index place(const std::array<Index, 3>& mode) const;
  /// i k of an axis for every coefficient, its imaginary part [radians per unit length]; zero at
  /// the mode n/2, whose derivative is not resolved.
  const Real* wavenumber(int axis) const;

  /// out += i k c of an axis.
  void add_derivative(Complex* out, const Complex* c, int axis) const;

  void to_coefficients(Complex* coefficients, const Real* values) const;
  void to_values(Real* values, const Complex* coefficients) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::spectral
