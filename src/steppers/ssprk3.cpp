// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/ssprk3.hpp"

namespace starling::steppers {

using C = std::complex<Real>;

template <class T>
Ssprk3<T>::Ssprk3(Semilinear& system, Real dt)
    : Stepper(dt, tile_rows(system.width())),
      system_(system),
      tile_(tile(), system.width(), system.linear().empty() ? 2 : 3),
      filter_(system) {
  // Not by values: ranks that share a state take the same stages, whatever their part of L is.
  if (system.linear().empty()) return;
  const Symbol symbol = symbol_of(system);
  const auto exponential = [&](Real interval) {
    return coefficients<T>(symbol, system.width(),
                           [interval](C l) { return std::exp(interval * l); });
  };
  full_ = exponential(dt);
  long_ = exponential(2 * dt / 3);
  short_ = exponential(dt / 3);
}

template <class T>
void Ssprk3<T>::step(Rows u, Rows, Index, Real t) {
  if (full_.data() == nullptr) {
    plain_step(u, t);
  } else {
    factored_step(u, t);
  }
}

// Increments rather than weighted means: what doesn't change keeps its bits.
template <class T>
void Ssprk3<T>::plain_step(Rows u, Real t) {
  const Rows a = tile_.rows(0, rows_of(u)), k = tile_.rows(1, rows_of(u));
  const Real dt = this->dt();

  system_.nonlinear(k, u, t);
  for_each_row<T>("ssprk3::k1", u, [=](Index r) {
    T* out = row<T>(a, r);
    const T *v = row<T>(u, r), *n = row<T>(k, r);
    return [=](Index j) { out[j] = v[j] + dt * n[j]; };
  });
  system_.nonlinear(k, a, t + dt);
  for_each_row<T>("ssprk3::k2", u, [=](Index r) {
    T* out = row<T>(a, r);
    const T *v = row<T>(u, r), *n = row<T>(k, r);
    return [=](Index j) { out[j] = v[j] + 0.25 * (out[j] - v[j] + dt * n[j]); };
  });
  system_.nonlinear(k, a, t + dt / 2);
  filter_.apply([=](auto filtered) {
    for_each_row<T>("ssprk3::u", u, [=](Index r) {
      T* v = row<T>(u, r);
      const T *stage = row<T>(a, r), *n = row<T>(k, r);
      constexpr Real two_thirds = 2.0 / 3;
      return
          [=](Index j) { v[j] = filtered(v[j] + two_thirds * (stage[j] - v[j] + dt * n[j]), j); };
    });
  });
}

template <class T>
void Ssprk3<T>::factored_step(Rows u, Real t) {
  const Rows a = tile_.rows(0, rows_of(u)), k = tile_.rows(1, rows_of(u)),
             first = tile_.rows(2, rows_of(u));
  const T *e = full_.data(), *l = long_.data(), *s = short_.data();
  const Real dt = this->dt();

  system_.nonlinear(first, u, t);
  for_each_row<T>("ssprk3::k1", u, [=](Index r) {
    T* out = row<T>(a, r);
    const T *v = row<T>(u, r), *n = row<T>(first, r);
    return [=](Index j) { out[j] = l[j] * (v[j] + 2 * dt / 3 * n[j]); };
  });
  system_.nonlinear(k, a, t + 2 * dt / 3);
  for_each_row<T>("ssprk3::k2", u, [=](Index r) {
    T* out = row<T>(a, r);
    const T *v = row<T>(u, r), *n = row<T>(k, r);
    constexpr Real third = 1.0 / 3;
    return [=](Index j) {
      const T from = l[j] * v[j];
      out[j] = from + third * (out[j] - from + 4 * dt / 3 * n[j]);
    };
  });
  system_.nonlinear(k, a, t + 2 * dt / 3);
  filter_.apply([=](auto filtered) {
    for_each_row<T>("ssprk3::u", u, [=](Index r) {
      T* v = row<T>(u, r);
      const T *stage = row<T>(a, r), *n0 = row<T>(first, r), *n = row<T>(k, r);
      return [=](Index j) {
        const T from = e[j] * v[j];
        v[j] = filtered(from + 5 * dt / 32 * (e[j] * n0[j]) +
                            27.0 / 64 * (s[j] * (stage[j] + 4 * dt / 3 * n[j]) - from),
                        j);
      };
    });
  });
}

template class Ssprk3<Real>;
template class Ssprk3<Complex>;

}  // namespace starling::steppers
