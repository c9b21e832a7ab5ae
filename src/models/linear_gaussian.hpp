// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/model.hpp"

#include <vector>

namespace starling::models {

/// du/dt = A u with a small dense A, for which Gaussian filters are exact (kalman1960): with
/// [model_error] the states are x_{k+1} = F x_k + eta. A scheme of Runge and Kutta with s <= 4
/// stages of order s has the exact discrete map F = P(A dt)^steps, P(z) = sum over j <= s of
/// z^j / j!, up to rounding. A is given by its rows or as a member of a family:
///     ar1          du_i/dt = -rate u_i
///     oscillator   dq/dt = p, dp/dt = -frequency^2 q - rate p
///     advection    du_i/dt = -speed (u_{i+1} - u_{i-1}) / 2 - rate u_i, periodic
class LinearGaussian final : public Model {
 public:
  /// `matrix` holds the rows of A; `periodic` says whether the variables are on a circle.
  LinearGaussian(std::vector<Real> matrix, bool periodic, Real mean);

  Index width() const override { return size_; }
  void nonlinear(Rows out, ConstRows u, Real t) override;
  Domain domain() const override { return {size_, 0, 1, periodic_}; }
  Real flops() const override { return 2 * static_cast<Real>(size_ * size_); }
  /// All variables are the mean.
  void reference(Real* member) const override;

  /// The rows of A.
  const std::vector<Real>& matrix() const { return matrix_; }

  static ModelEntry entry();

 private:
  std::vector<Real> matrix_;
  Index size_;
  bool periodic_;
  Real mean_;
};

}  // namespace starling::models
