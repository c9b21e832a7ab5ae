// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/etdrk2.hpp"

namespace starling::steppers {

using C = std::complex<Real>;

template <class T>
Etdrk2<T>::Etdrk2(Semilinear& system, Real dt)
    : Stepper(dt, tile_rows(system.width())),
      system_(system),
      tile_(tile(), system.width(), 2),
      filter_(system) {
  const Symbol symbol = symbol_of(system);
  const Index width = system.width();
  full_ = coefficients<T>(symbol, width, [dt](C l) { return std::exp(dt * l); });
  phi1_ = coefficients<T>(symbol, width, [dt](C l) { return dt * phi1(dt * l); });
  phi2_ = coefficients<T>(symbol, width, [dt](C l) { return dt * phi2(dt * l); });
}

template <class T>
void Etdrk2<T>::step(Rows u, Rows, Index, Real t) {
  const Rows n0 = tile_.rows(0, rows_of(u)), na = tile_.rows(1, rows_of(u));
  const T *e = full_.data(), *p1 = phi1_.data(), *p2 = phi2_.data();

  system_.nonlinear(n0, u, t);
  for_each_row<T>("etdrk2::a", u, [=](Index r) {
    T* v = row<T>(u, r);
    const T* n = row<T>(n0, r);
    return [=](Index j) { v[j] = e[j] * v[j] + p1[j] * n[j]; };
  });
  system_.nonlinear(na, u, t + dt());
  filter_.apply([=](auto filtered) {
    for_each_row<T>("etdrk2::u", u, [=](Index r) {
      T* v = row<T>(u, r);
      const T *n = row<T>(n0, r), *m = row<T>(na, r);
      return [=](Index j) { v[j] = filtered(v[j] + p2[j] * (m[j] - n[j]), j); };
    });
  });
}

template class Etdrk2<Real>;
template class Etdrk2<Complex>;

}  // namespace starling::steppers
