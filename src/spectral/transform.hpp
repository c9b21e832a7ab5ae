// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "spectral/grid.hpp"
#include "spectral/plan.hpp"

#include <vector>

namespace starling::spectral {

/// How products of up to `degree` fields are kept free of aliases (orszag1971): by keeping modes
/// |k| < N / (degree + 1) only ("2/3 rule" for quadratic terms), or by evaluating them on a grid of
/// (degree + 1) / 2 times as many points ("3/2 rule"), or not at all.
enum class Dealiasing { truncation, padding, none };

/// Points of the grid on which products are evaluated: even, with factors 2, 3, 5, 7 only if it is
/// not `points` itself.
Index product_size(Index points, Dealiasing dealiasing, int degree);
/// Modes |mode| < cut are kept, at most those below Nyquist.
Index cut_mode(Index points, Dealiasing dealiasing, int degree);

/// Coefficients <=> values of packed pairs: two real fields u1, u2 as one complex field u1 + i u2,
/// whose coefficients are u1^ + i u2^. Every operator with real coefficients in physical space acts
/// on both at once, so nothing is unpacked until output (docs/conventions.md).
///
/// u^_k = 1/N sum_j u_j exp(-i k x_j). The Nyquist coefficient of a state is zero.
class Transform {
 public:
  Transform(const Grid& grid, Dealiasing dealiasing, int degree,
            Planning planning = Planning::estimate);

  const Grid& grid() const { return grid_; }
  /// Points of the grid on which products are evaluated.
  Index product_points() const { return product_points_; }
  /// 1 for coefficients that the discretisation keeps, else 0.
  Real kept(Index j) const;

  /// values (product_points each row) of coefficients (grid().points() each row), for products.
  void to_product_grid(Complex* values, const Complex* coefficients, Index rows) const;
  /// The inverse up to a factor 1 / product_points() and the truncation kept(), which the caller
  /// folds into its own table.
  void from_product_grid(Complex* coefficients, const Complex* values, Index rows) const;

  /// Grid-point values of two members (2 x N reals) from one packed row, and back (normalised,
  /// truncated).
  void unpack(Real* first, Real* second, const Complex* coefficients) const;
  void pack(Complex* coefficients, const Real* first, const Real* second) const;

 private:
  Grid grid_;
  Index product_points_, cut_;
  bool padded_;
  Plan inverse_, forward_, product_inverse_, product_forward_;
  mutable Array<Complex*> work_;
};

}  // namespace starling::spectral
