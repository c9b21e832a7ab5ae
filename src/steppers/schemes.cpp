// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/cnab2.hpp"
#include "steppers/etdrk2.hpp"
#include "steppers/etdrk4.hpp"
#include "steppers/rk4.hpp"
#include "steppers/stepper.hpp"

#include <algorithm>

namespace starling::steppers {
namespace {

// A real symbol needs no complex arithmetic.
template <template <class> class S>
std::unique_ptr<Stepper> make(Semilinear& system, Real dt) {
  if (is_real(symbol_of(system))) return std::make_unique<S<Real>>(system, dt);
  return std::make_unique<S<Complex>>(system, dt);
}

}  // namespace

Index tile_rows(Index width) {
  // All blocks of a tile together should stay in the second-level cache.
  constexpr Index reals = 2048;
  const bool host = Kokkos::SpaceAccessibility<Kokkos::HostSpace, Memory>::accessible;
  if (!host || Exec::concurrency() > 1) return std::max<Index>(1, (Index{1} << 24) / width);
  return std::clamp<Index>(reals / width, 1, 64);
}

const std::vector<Scheme>& builtin() {
  static const std::vector<Scheme> all = {
      {"etdrk4", 4, "exponential time differencing, Runge-Kutta", "kassam2005", make<Etdrk4>},
      {"etdrk2", 2, "exponential time differencing, Runge-Kutta", "cox2002", make<Etdrk2>},
      {"cnab2", 2, "Crank-Nicolson and Adams-Bashforth", "ascher1995", make<Cnab2>},
      {"rk4", 4, "Runge-Kutta with integrating factor", "canuto2006", make<Rk4>},
  };
  return all;
}

}  // namespace starling::steppers
