// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "steppers/state_filter.hpp"
#include "steppers/stepper.hpp"
#include "steppers/tile.hpp"

namespace starling::steppers {

/// Crank-Nicolson for L, Adams-Bashforth of order 2 for N (ascher1995, CNAB):
/// (1 - dt L/2) u' = (1 + dt L/2) u + dt (3/2 N - 1/2 N_previous); the first step uses N alone.
/// History: N of the previous step.
template <class T>
class Cnab2 final : public Stepper {
 public:
  Cnab2(Semilinear& system, Real dt);
  int order() const override { return 2; }
  int evaluations() const override { return 1; }
  Index history() const override { return 1; }
  void step(Rows u, Rows history, Index age, Real t) override;

 private:
  Semilinear& system_;
  Tile<T> tile_;
  StateFilter<T> filter_;
  Array<T*> explicit_, implicit_;
};

}  // namespace starling::steppers
