// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "steppers/state_filter.hpp"
#include "steppers/stepper.hpp"
#include "steppers/tile.hpp"

namespace starling::steppers {

/// Leapfrog with the filter in time of robert1966 and asselin1972; L is implicit over the two
/// steps,
///
///     (1 - 2 dt L) u' = w_-1 + 2 dt N(u)              backward,
///     (1 - dt L) u' = (1 + dt L) w_-1 + 2 dt N(u)     trapezoidal,
///     w = u + c (w_-1 - 2 u + u'),
///
/// w the filtered state and c the coefficient. Backward damps what is stiff; trapezoidal keeps the
/// order 2 that the scheme has for c = 0. The first step is Euler's, L taken as later but over dt.
/// Without a filter the scheme amplifies whatever N damps.
///
/// History: w of the previous step.
template <class T>
class Leapfrog final : public Stepper {
 public:
  Leapfrog(Semilinear& system, Real dt, Real robert_coefficient, bool trapezoidal);
  int order() const override { return order_; }
  int evaluations() const override { return 1; }
  Index history() const override { return 1; }
  void step(Rows u, Rows history, Index age, Real t) override;

 private:
  // u' = from w_-1 + by N.
  struct Tables {
    Array<T*> from, by;
  };
  Tables tables(Real interval, bool trapezoidal) const;
  void start(Rows u, Rows history, Rows n0) const;

  Semilinear& system_;
  Tile<T> tile_;
  StateFilter<T> filter_;
  Real robert_coefficient_;
  int order_;
  Tables first_, later_;
};

}  // namespace starling::steppers
