// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/leapfrog.hpp"

namespace starling::steppers {

using C = std::complex<Real>;

template <class T>
Leapfrog<T>::Leapfrog(Semilinear& system, Real dt, Real robert_coefficient, bool trapezoidal)
    : Stepper(dt, tile_rows(system.width())),
      system_(system),
      tile_(tile(), system.width(), 1),
      filter_(system),
      robert_coefficient_(robert_coefficient),
      order_(robert_coefficient == 0 && (trapezoidal || is_zero(symbol_of(system))) ? 2 : 1),
      first_(tables(dt, trapezoidal)),
      later_(tables(2 * dt, trapezoidal)) {}

template <class T>
typename Leapfrog<T>::Tables Leapfrog<T>::tables(Real interval, bool trapezoidal) const {
  const Symbol symbol = symbol_of(system_);
  const Real implicit = trapezoidal ? interval / 2 : interval, rest = interval - implicit;
  return {coefficients<T>(symbol, system_.width(),
                          [=](C l) { return (1.0 + rest * l) / (1.0 - implicit * l); }),
          coefficients<T>(symbol, system_.width(),
                          [=](C l) { return interval / (1.0 - implicit * l); })};
}

template <class T>
void Leapfrog<T>::step(Rows u, Rows history, Index age, Real t) {
  const Rows n0 = tile_.rows(0, rows_of(u));
  system_.nonlinear(n0, u, t);
  if (age == 0) return start(u, history, n0);

  const T *e = later_.from.data(), *i = later_.by.data();
  const Real c = robert_coefficient_;
  filter_.apply([=](auto filtered) {
    for_each_row<T>("leapfrog::u", u, [=](Index r) {
      T *v = row<T>(u, r), *w = row<T>(history, r);
      const T* n = row<T>(n0, r);
      return [=](Index j) {
        const T now = v[j], before = w[j];
        const T next = filtered(e[j] * before + i[j] * n[j], j);
        w[j] = now + c * (before - 2 * now + next);
        v[j] = next;
      };
    });
  });
}

template <class T>
void Leapfrog<T>::start(Rows u, Rows history, Rows n0) const {
  const T *e = first_.from.data(), *i = first_.by.data();
  filter_.apply([=](auto filtered) {
    for_each_row<T>("leapfrog::start", u, [=](Index r) {
      T *v = row<T>(u, r), *w = row<T>(history, r);
      const T* n = row<T>(n0, r);
      return [=](Index j) {
        w[j] = v[j];
        v[j] = filtered(e[j] * v[j] + i[j] * n[j], j);
      };
    });
  });
}

template class Leapfrog<Real>;
template class Leapfrog<Complex>;

}  // namespace starling::steppers
