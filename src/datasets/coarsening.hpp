// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"
#include "spectral/real_transform.hpp"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace starling::datasets {

/// How a field on a fine grid becomes one on a coarse grid (ross2023, section 2.3; r is the ratio
/// of the grid lengths, D that of the coarse grid):
///   sharp     "op1": the modes that the coarse model resolves, with its own cut-off filter;
///   gaussian  "op2": modes below the coarse Nyquist mode times exp(-k^2 (2 D)^2 / 24);
///   box       "op3": the Gaussian of scale r of the discrete Laplacian (loose2022),
///             exp(-r^2/24 sum_d 2 (1 - cos k_d D/r)), then the mean over blocks of r points a
///             direction. The centres of blocks of an even number of points are between grid
///             points: the field is shifted by half of that, so that coarse values belong to coarse
///             grid points.
enum class CoarseOperator { sharp, gaussian, box };

/// "op1", "op2", "op3".
const std::vector<std::string>& coarse_operators();
std::string name_of(CoarseOperator kind);
CoarseOperator coarse_operator(const std::string& name);

/// The periodic grid on which fields on `grid` are odd: between walls where fields are zero, one
/// spacing beyond the first and the last point, they are continued as sines are, to 2 (n + 1)
/// points of n. A periodic grid is its own.
Domain odd_extension(const Domain& grid);

/// Values on odd_extension(grid) of values on `grid`.
void extend_oddly(Real* out, const Real* values, const Domain& grid);

/// One coarse-graining operator between two grids of one box, on one rank. Linear, and the same for
/// every field. Between walls it acts on the odd extension, so that fields stay zero there.
/// Allocates nothing after construction but in apply_divergence().
class Coarsening {
 public:
  /// How much of a mode the coarse model keeps (models::Model::response).
  using Response = std::function<Real(const std::array<Index, 3>& mode)>;

  /// Throws InputError unless the coarse grid is one of the same box with as many or fewer points;
  /// for `box` the ratio must be a whole number.
  Coarsening(const Domain& fine, const Domain& coarse, CoarseOperator kind,
             const Response& response);

  Index fine_points() const { return fine_size_[0] * fine_size_[1] * fine_size_[2]; }
  /// Whether it commutes with derivatives.
  bool commutes() const { return kind_ != CoarseOperator::box; }
  Index coarse_points() const { return coarse_size_[0] * coarse_size_[1] * coarse_size_[2]; }

  void apply(Real* coarse, const Real* fine);
  /// The same from Fourier coefficients on the fine grid, extended oddly between walls.
  void apply(Real* coarse, const Complex* fine);
  /// Of the divergence of a flux, one field a direction; derivatives are those of the Fourier
  /// series. Of periodic boxes.
  void apply_divergence(Real* coarse, const std::vector<const Real*>& flux);
  /// The divergence of a flux on the coarse grid itself.
  void coarse_divergence(Real* out, const std::vector<const Real*>& flux);
  /// The same less `factor` times the operator of a divergence on the fine grid, by its Fourier
  /// coefficients there.
  void divergence_difference(Real* out, const std::vector<const Real*>& flux, Real factor,
                             const Complex* fine);

 private:
  void find_factors(const Response& response);
  void find_axis_factors();
  void coarsen(const Complex* fine);
  void fold(const Complex* fine);
  void add_divergence(const std::vector<const Real*>& flux);
  void restrict_to_grid(Real* out, const std::vector<Real>& extended_values) const;

  CoarseOperator kind_;
  int dimensions_;
  bool walls_;
  Domain fine_grid_;
  std::array<Index, 3> fine_size_ = {1, 1, 1}, coarse_size_ = {1, 1, 1};  // without extension
  std::array<Index, 3> points_ = {1, 1, 1}, ratio_ = {1, 1, 1};
  spectral::RealTransform fine_, coarse_;
  // For the operators of modes: where each coarse coefficient comes from, and its factor.
  std::vector<Index> source_;
  std::vector<Real> factor_;
  // For `box`, by the mode of each direction on the fine grid.
  std::array<std::vector<Real>, 3> axis_factors_;
  std::vector<Complex> spectrum_, result_;
  std::vector<Real> extended_, coarse_values_;
};

}  // namespace starling::datasets
