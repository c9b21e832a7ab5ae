// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "steppers/state_filter.hpp"
#include "steppers/stepper.hpp"
#include "steppers/tile.hpp"

#include <memory>
#include <vector>

namespace starling::steppers {

/// Coefficients of an implicit-explicit Runge-Kutta scheme whose last stage is the result. Stage i
/// of 1, ..., s: u_i = u + dt sum_{j < i} a_ij N(u_j) + dt sum_{0 < j <= i} b_ij L u_j, u_0 = u,
/// and b_ii = gamma.
struct ImexTableau {
  int order;
  Real gamma;
  std::vector<std::vector<Real>> explicit_part;  ///< a_i0, ..., a_i,i-1 of stage i at [i - 1]
  std::vector<std::vector<Real>> implicit_part;  ///< b_i1, ..., b_i,i-1
};

/// ARS(2,2,2) and ARS(4,4,3) of ascher1997, sections 2.6 and 2.8.
const ImexTableau& ars222();
const ImexTableau& ars443();

/// L implicit: a diagonal, or what system.implicit() solves with.
class Imex final : public Stepper {
 public:
  /// Throws InputError where dt is too long for an L that grows.
  Imex(Semilinear& system, Real dt, const ImexTableau& tableau);
  ~Imex() override;
  int order() const override { return tableau_.order; }
  int evaluations() const override { return stages_; }
  void step(Rows u, Rows history, Index age, Real t) override;

  /// N(u, t), and u = (1 - gamma dt L)^-1 u.
  class Parts;

 private:
  const ImexTableau& tableau_;
  int stages_;
  std::vector<Real> times_;  // of each stage, from that of the step, in units of dt
  std::unique_ptr<Parts> parts_;
  Tile<Real> tile_;
  StateFilter<Real> filter_;
};

}  // namespace starling::steppers
