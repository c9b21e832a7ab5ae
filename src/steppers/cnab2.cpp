// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/cnab2.hpp"

namespace starling::steppers {

using C = std::complex<Real>;

template <class T>
Cnab2<T>::Cnab2(Semilinear& system, Real dt)
    : Stepper(dt, tile_rows(system.width())),
      system_(system),
      tile_(tile(), system.width(), 1),
      filter_(system) {
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

  system_.nonlinear(n0, u, t);
  // A past that is not known may be anything, NaN included, and is not read.
  const auto pass = [&](const auto& combine) {
    filter_.apply([=](auto filtered) {
      for_each_row<T>("cnab2::u", u, [=](Index r) {
        T *v = row<T>(u, r), *previous = row<T>(history, r);
        const T* n = row<T>(n0, r);
        return [=](Index j) {
          v[j] = filtered(e[j] * v[j] + i[j] * combine(n[j], previous, j), j);
          previous[j] = n[j];
        };
      });
    });
  };
  if (age == 0) {
    pass([](T n, const T*, Index) { return n; });
  } else {
    pass([](T n, const T* previous, Index j) { return 1.5 * n - 0.5 * previous[j]; });
  }
}

template class Cnab2<Real>;
template class Cnab2<Complex>;

}  // namespace starling::steppers
