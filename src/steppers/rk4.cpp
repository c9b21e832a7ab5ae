// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/rk4.hpp"

namespace starling::steppers {

using C = std::complex<Real>;

template <class T>
Rk4<T>::Rk4(Semilinear& system, Real dt)
    : Stepper(dt, tile_rows(system.width())),
      system_(system),
      tile_(tile(), system.width(), 3),
      filter_(system) {
  const Symbol symbol = symbol_of(system);
  full_ = coefficients<T>(symbol, system.width(), [dt](C l) { return std::exp(dt * l); });
  half_ = coefficients<T>(symbol, system.width(), [dt](C l) { return std::exp(dt * l / 2.0); });
}

template <class T>
void Rk4<T>::step(Rows u, Rows, Index, Real t) {
  const Rows a = tile_.rows(0, rows_of(u)), k = tile_.rows(1, rows_of(u)),
             sum = tile_.rows(2, rows_of(u));
  const T *e = full_.data(), *h = half_.data();
  const Real dt = this->dt();

  system_.nonlinear(k, u, t);
  for_each_row<T>("rk4::k1", u, [=](Index r) {
    T *out = row<T>(a, r), *s = row<T>(sum, r);
    const T *v = row<T>(u, r), *n = row<T>(k, r);
    return [=](Index j) {
      s[j] = e[j] * (v[j] + dt / 6 * n[j]);
      out[j] = h[j] * (v[j] + dt / 2 * n[j]);
    };
  });
  system_.nonlinear(k, a, t + dt / 2);
  for_each_row<T>("rk4::k2", u, [=](Index r) {
    T *out = row<T>(a, r), *s = row<T>(sum, r);
    const T *v = row<T>(u, r), *n = row<T>(k, r);
    return [=](Index j) {
      s[j] += dt / 3 * (h[j] * n[j]);
      out[j] = h[j] * v[j] + dt / 2 * n[j];
    };
  });
  system_.nonlinear(k, a, t + dt / 2);
  for_each_row<T>("rk4::k3", u, [=](Index r) {
    T *out = row<T>(a, r), *s = row<T>(sum, r);
    const T *v = row<T>(u, r), *n = row<T>(k, r);
    return [=](Index j) {
      s[j] += dt / 3 * (h[j] * n[j]);
      out[j] = e[j] * v[j] + dt * (h[j] * n[j]);
    };
  });
  system_.nonlinear(k, a, t + dt);
  filter_.apply([=](auto filtered) {
    for_each_row<T>("rk4::k4", u, [=](Index r) {
      T* v = row<T>(u, r);
      const T *s = row<T>(sum, r), *n = row<T>(k, r);
      return [=](Index j) { v[j] = filtered(s[j] + dt / 6 * n[j], j); };
    });
  });
}

template class Rk4<Real>;
template class Rk4<Complex>;

}  // namespace starling::steppers
