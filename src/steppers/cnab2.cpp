// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/cnab2.hpp"

namespace starling::steppers {

using C = std::complex<Real>;

template <class T>
Cnab2<T>::Cnab2(Semilinear& system, Real dt)
    : Stepper(dt, tile_rows(system.width())), system_(system), tile_(tile(), system.width(), 1) {
  const Symbol symbol = symbol_of(system);
  explicit_ = coefficients<T>(symbol, system.width(),
                              [dt](C l) { return (1.0 + dt * l / 2.0) / (1.0 - dt * l / 2.0); });
  implicit_ =
      coefficients<T>(symbol, system.width(), [dt](C l) { return dt / (1.0 - dt * l / 2.0); });
}

template <class T>
void Cnab2<T>::step(Rows u, Rows history, Index age, Real t) {
  const Rows n0 = tile_.rows(0, rows_of(u));
  const T *e = explicit_.data(), *i = implicit_.data();
  const Real now = age > 0 ? 1.5 : 1, before = age > 0 ? -0.5 : 0;

  system_.nonlinear(n0, u, t);
  for_each_row<T>("cnab2::u", u, [=](Index r) {
    T *v = row<T>(u, r), *previous = row<T>(history, r);
    const T* n = row<T>(n0, r);
    return [=](Index j) {
      v[j] = e[j] * v[j] + i[j] * (now * n[j] + before * previous[j]);
      previous[j] = n[j];
    };
  });
}

template class Cnab2<Real>;
template class Cnab2<Complex>;

}  // namespace starling::steppers
