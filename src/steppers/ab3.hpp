// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "steppers/ssprk3.hpp"
#include "steppers/state_filter.hpp"
#include "steppers/stepper.hpp"
#include "steppers/tile.hpp"

#include <optional>

namespace starling::steppers {

/// Adams-Bashforth of order 3 (durran1991) on v = exp(-L t) u: with E = exp(L dt),
///
///     u' = F (E u + dt (23/12 E N - 16/12 E^2 N_-1 + 5/12 E^3 N_-2)),
///
/// F the filter of the system. The first two steps know less of the past. By Runge-Kutta (Ssprk3)
/// the order is 3; by Euler's scheme and Adams-Bashforth of order 2, as pyqg starts, it is 2, since
/// Euler's one step has an error of dt^2.
///
/// History: N of the last two steps, the later one in row (age - 1) mod 2, so that no step moves
/// any.
template <class T>
class Ab3 final : public Stepper {
 public:
  /// Starts by Runge-Kutta, or by Euler's scheme.
  Ab3(Semilinear& system, Real dt, bool runge_kutta);
  int order() const override { return start_ ? 3 : 2; }
  /// After the start.
  int evaluations() const override { return 1; }
  Index history() const override { return 2; }
  void step(Rows u, Rows history, Index age, Real t) override;

 private:
  Semilinear& system_;
  Tile<T> tile_;
  StateFilter<T> filter_;
  Array<T*> full_;  // nothing where L = 0
  std::optional<Ssprk3<T>> start_;
};

}  // namespace starling::steppers
