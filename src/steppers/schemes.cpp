// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/ab3.hpp"
#include "steppers/cnab2.hpp"
#include "steppers/etdrk2.hpp"
#include "steppers/etdrk4.hpp"
#include "steppers/imex.hpp"
#include "steppers/leapfrog.hpp"
#include "steppers/rk4.hpp"
#include "steppers/ssprk3.hpp"
#include "steppers/stepper.hpp"

#include <algorithm>

namespace starling::steppers {
namespace {

// A real symbol needs no complex arithmetic.
template <template <class> class S, class... Arguments>
std::unique_ptr<Stepper> make_with(Semilinear& system, Real dt, Arguments... arguments) {
  if (is_real(symbol_of(system))) return std::make_unique<S<Real>>(system, dt, arguments...);
  return std::make_unique<S<Complex>>(system, dt, arguments...);
}

template <template <class> class S>
std::unique_ptr<Stepper> make(Semilinear& system, Real dt, const Section&) {
  return make_with<S>(system, dt);
}

std::unique_ptr<Stepper> make_ab3(Semilinear& system, Real dt, const Section& keys) {
  return make_with<Ab3>(system, dt, keys.text("start") == "runge_kutta");
}

std::unique_ptr<Stepper> make_leapfrog(Semilinear& system, Real dt, const Section& keys) {
  return make_with<Leapfrog>(system, dt, keys.real("robert_coefficient"),
                             keys.text("implicit") == "trapezoidal");
}

template <const ImexTableau& (*tableau)()>
std::unique_ptr<Stepper> make_imex(Semilinear& system, Real dt, const Section&) {
  return std::make_unique<Imex>(system, dt, tableau());
}

}  // namespace

Index tile_rows(Index width) {
  // A rank may have nothing of a state that it shares.
  width = std::max<Index>(width, 1);
  // All blocks of a tile together should stay in the second-level cache.
  constexpr Index reals = 2048;
  const bool host = Kokkos::SpaceAccessibility<Kokkos::HostSpace, Memory>::accessible;
  if (!host || Exec::concurrency() > 1) return std::max<Index>(1, (Index{1} << 24) / width);
  return std::clamp<Index>(reals / width, 1, 64);
}

std::unique_ptr<Stepper> Scheme::make(Semilinear& system, const Section& stepper) const {
  return maker(system, stepper.real("dt"), stepper);
}

std::unique_ptr<Stepper> Scheme::make(Semilinear& system, Real dt, const std::string& keys) const {
  return maker(system, dt, Config::parse("[stepper]\n" + keys, name).section("stepper", schema));
}

const std::vector<Scheme>& builtin() {
  static const std::vector<Scheme> all = {
      {"etdrk4", 4, "exponential time differencing, Runge-Kutta", "kassam2005", make<Etdrk4>},
      {"etdrk2", 2, "exponential time differencing, Runge-Kutta", "cox2002", make<Etdrk2>},
      {"cnab2", 2, "Crank-Nicolson and Adams-Bashforth", "ascher1995", make<Cnab2>},
      {"rk4", 4, "Runge-Kutta with integrating factor", "canuto2006", make<Rk4>},
      {"ssprk3", 3, "strong-stability-preserving Runge-Kutta, integrating factor where L is not 0",
       "shu1988", make<Ssprk3>},
      {"ab3",
       3,
       "Adams-Bashforth with integrating factor",
       "durran1991",
       make_ab3,
       {Key::text("start", "the first two steps; euler: as pyqg, and then the order is 2")
            .one_of({"runge_kutta", "euler"})
            .otherwise("runge_kutta")}},
      {"leapfrog",
       1,
       "leapfrog with the filter of Robert and Asselin, L implicit",
       "asselin1972",
       make_leapfrog,
       {Key::real("robert_coefficient", "of the filter in time; above 0 the order is 1")
            .at_least(0)
            .below(1)
            .otherwise(0.04),
        Key::text("implicit", "how L is taken over two steps; backward is of order 1")
            .one_of({"backward", "trapezoidal"})
            .otherwise("backward")}},
      {"ars222", 2, "implicit-explicit Runge-Kutta, L implicit, also one that is no diagonal",
       "ascher1997", make_imex<ars222>},
      {"ars443", 3, "implicit-explicit Runge-Kutta, L implicit, also one that is no diagonal",
       "ascher1997", make_imex<ars443>},
  };
  return all;
}

}  // namespace starling::steppers
