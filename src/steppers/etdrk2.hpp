// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "steppers/state_filter.hpp"
#include "steppers/stepper.hpp"
#include "steppers/tile.hpp"

namespace starling::steppers {

/// Exponential time differencing, Runge-Kutta of order 2 (cox2002, eqs. 20-22).
template <class T>
class Etdrk2 final : public Stepper {
 public:
  Etdrk2(Semilinear& system, Real dt);
  int order() const override { return 2; }
  int evaluations() const override { return 2; }
  void step(Rows u, Rows history, Index age, Real t) override;

 private:
  Semilinear& system_;
  Tile<T> tile_;
  StateFilter<T> filter_;
  Array<T*> full_, phi1_, phi2_;
};

}  // namespace starling::steppers
