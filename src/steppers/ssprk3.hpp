// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "steppers/state_filter.hpp"
#include "steppers/stepper.hpp"
#include "steppers/tile.hpp"

namespace starling::steppers {

/// A strong-stability-preserving Runge-Kutta scheme of order 3: a convex combination of Euler
/// steps.
///
/// Where the system has no L, the one of shu1988 (eq. 2.18), stages at t, t + dt, t + dt/2,
/// coefficient 1.
///
/// Otherwise on v = exp(-L t) u, for which its times, which go back, would need the growing
/// exp(-L dt/2). Then it is the eSSPRK+(3, 3) of isherwood2018, stages at t, t + 2/3 dt, t + 2/3
/// dt, coefficient 3/4.
template <class T>
class Ssprk3 final : public Stepper {
 public:
  Ssprk3(Semilinear& system, Real dt);
  int order() const override { return 3; }
  int evaluations() const override { return 3; }
  void step(Rows u, Rows history, Index age, Real t) override;

 private:
  void plain_step(Rows u, Real t);
  void factored_step(Rows u, Real t);

  Semilinear& system_;
  Tile<T> tile_;
  StateFilter<T> filter_;
  Array<T*> full_, long_, short_;  // over dt, 2/3 dt, dt/3; nothing without L
};

}  // namespace starling::steppers
