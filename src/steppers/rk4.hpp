// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "steppers/state_filter.hpp"
#include "steppers/stepper.hpp"
#include "steppers/tile.hpp"

namespace starling::steppers {

/// The classical Runge-Kutta scheme of order 4 on v = exp(-L t) u (integrating factor; canuto2006,
/// appendix D): the plain scheme where L = 0.
template <class T>
class Rk4 final : public Stepper {
 public:
  Rk4(Semilinear& system, Real dt);
  int order() const override { return 4; }
  int evaluations() const override { return 4; }
  void step(Rows u, Rows history, Index age, Real t) override;

 private:
  Semilinear& system_;
  Tile<T> tile_;
  StateFilter<T> filter_;
  Array<T*> full_, half_;
};

}  // namespace starling::steppers
