// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "steppers/implicit_linear.hpp"

#include <complex>
#include <vector>

namespace starling::steppers {

/// du/dt = L u + N(u, t) with diagonal L: all a stepper knows of an equation. A state is a row of
/// width() Reals. L has one entry a coefficient: as many entries as Reals for a real state, half as
/// many for a state of complex coefficients; real states have real symbols. Laws: nonlinear() never
/// writes u, is deterministic row by row, and allocates nothing.
class Semilinear {
 public:
  virtual ~Semilinear() = default;
  /// Reals of one state.
  virtual Index width() const = 0;
  /// The diagonal of L; empty means L = 0. Constant.
  virtual std::vector<std::complex<Real>> linear() const = 0;
  /// A factor for each coefficient that multiplies the state at the end of each step, such as an
  /// exponential cut-off filter, laid out as the symbol; empty: none. Constant.
  virtual std::vector<Real> filter() const { return {}; }
  /// out = N(u, t) for a tile of states, rows x width() each.
  virtual void nonlinear(Rows out, ConstRows u, Real t) = 0;
  /// The same system with an L that is no diagonal, for implicit-explicit schemes; null: none.
  virtual ImplicitLinear* implicit() { return nullptr; }
};

}  // namespace starling::steppers
