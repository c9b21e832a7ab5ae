// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/etdrk4.hpp"

#include <cmath>

namespace starling::steppers {
namespace {

using C = std::complex<Real>;

C phi_half(C z) {
  return contour_mean([](C s) { return (std::exp(s / 2.0) - 1.0) / s; }, z);
}
C weight1(C z) {
  return contour_mean(
      [](C s) { return (-4.0 - s + std::exp(s) * (4.0 - 3.0 * s + s * s)) / (s * s * s); }, z);
}
C weight2(C z) {
  return contour_mean([](C s) { return (2.0 + s + std::exp(s) * (s - 2.0)) / (s * s * s); }, z);
}
C weight3(C z) {
  return contour_mean(
      [](C s) { return (-4.0 - 3.0 * s - s * s + std::exp(s) * (4.0 - s)) / (s * s * s); }, z);
}

}  // namespace

template <class T>
Etdrk4<T>::Etdrk4(Semilinear& system, Real dt)
    : Stepper(dt, tile_rows(system.width())),
      system_(system),
      tile_(tile(), system.width(), 6),
      filter_(system) {
  const Symbol symbol = symbol_of(system);
  const Index width = system.width();
  full_ = coefficients<T>(symbol, width, [dt](C l) { return std::exp(dt * l); });
  half_ = coefficients<T>(symbol, width, [dt](C l) { return std::exp(dt * l / 2.0); });
  q_ = coefficients<T>(symbol, width, [dt](C l) { return dt * phi_half(dt * l); });
  f1_ = coefficients<T>(symbol, width, [dt](C l) { return dt * weight1(dt * l); });
  f2_ = coefficients<T>(symbol, width, [dt](C l) { return 2 * dt * weight2(dt * l); });
  f3_ = coefficients<T>(symbol, width, [dt](C l) { return dt * weight3(dt * l); });
}

template <class T>
void Etdrk4<T>::step(Rows u, Rows, Index, Real t) {
  const Index rows = rows_of(u);
  const Real dt = this->dt();
  const Rows a = tile_.rows(0, rows), b = tile_.rows(1, rows);
  const Rows n0 = tile_.rows(2, rows), na = tile_.rows(3, rows), nb = tile_.rows(4, rows),
             nc = tile_.rows(5, rows);
  const T *e = full_.data(), *h = half_.data(), *q = q_.data();
  const T *f1 = f1_.data(), *f2 = f2_.data(), *f3 = f3_.data();

  system_.nonlinear(n0, u, t);
  for_each_row<T>("etdrk4::a", u, [=](Index r) {
    T* out = row<T>(a, r);
    const T *v = row<T>(u, r), *n = row<T>(n0, r);
    return [=](Index j) { out[j] = h[j] * v[j] + q[j] * n[j]; };
  });
  system_.nonlinear(na, a, t + dt / 2);
  for_each_row<T>("etdrk4::b", u, [=](Index r) {
    T* out = row<T>(b, r);
    const T *v = row<T>(u, r), *n = row<T>(na, r);
    return [=](Index j) { out[j] = h[j] * v[j] + q[j] * n[j]; };
  });
  system_.nonlinear(nb, b, t + dt / 2);
  for_each_row<T>("etdrk4::c", u, [=](Index r) {
    T* out = row<T>(a, r);
    const T *n = row<T>(n0, r), *m = row<T>(nb, r);
    return [=](Index j) { out[j] = h[j] * out[j] + q[j] * (m[j] + m[j] - n[j]); };
  });
  system_.nonlinear(nc, a, t + dt);
  filter_.apply([=](auto filtered) {
    for_each_row<T>("etdrk4::u", u, [=](Index r) {
      T* v = row<T>(u, r);
      const T *k1 = row<T>(n0, r), *k2 = row<T>(na, r), *k3 = row<T>(nb, r), *k4 = row<T>(nc, r);
      return [=](Index j) {
        v[j] = filtered(e[j] * v[j] + f1[j] * k1[j] + f2[j] * (k2[j] + k3[j]) + f3[j] * k4[j], j);
      };
    });
  });
}

template class Etdrk4<Real>;
template class Etdrk4<Complex>;

}  // namespace starling::steppers
