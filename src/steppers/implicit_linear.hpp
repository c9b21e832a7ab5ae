// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

namespace starling::steppers {

/// An L that is no diagonal but can be solved with, such as finite differences: what an
/// implicit-explicit scheme takes from a system whose Semilinear::implicit() is this. To schemes
/// that know diagonals only, the linear() of such a system is empty and its nonlinear() the whole
/// rate, L u + N(u, t); they step it explicitly.
class ImplicitLinear {
 public:
  virtual ~ImplicitLinear() = default;
  /// out = N(u, t) without L, for a tile of states; as Semilinear::nonlinear() otherwise.
  virtual void explicit_part(Rows out, ConstRows u, Real t) = 0;
  /// Makes solve() with this shift possible; not called in a step. Throws InputError where the
  /// largest eigenvalue of L is 1 / shift or more: no such step is of use.
  virtual void prepare(Real shift) = 0;
  /// u = (1 - shift L)^-1 u for a tile of states. Allocates nothing.
  virtual void solve(Rows u, Real shift) = 0;
};

}  // namespace starling::steppers
