// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "steppers/state_filter.hpp"
#include "steppers/stepper.hpp"
#include "steppers/tile.hpp"

namespace starling::steppers {

/// Exponential time differencing, Runge-Kutta of order 4 (cox2002, eqs. 26-29), coefficients by
/// contour integrals (kassam2005).
template <class T>
class Etdrk4 final : public Stepper {
 public:
  Etdrk4(Semilinear& system, Real dt);
  int order() const override { return 4; }
  int evaluations() const override { return 4; }
  void step(Rows u, Rows history, Index age, Real t) override;

 private:
  Semilinear& system_;
  Tile<T> tile_;
  StateFilter<T> filter_;
  Array<T*> full_, half_, q_, f1_, f2_, f3_;
};

}  // namespace starling::steppers
