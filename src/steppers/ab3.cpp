// SPDX-License-Identifier: BSD-3-Clause
#include "steppers/ab3.hpp"

namespace starling::steppers {

using C = std::complex<Real>;

template <class T>
Ab3<T>::Ab3(Semilinear& system, Real dt, bool runge_kutta)
    : Stepper(dt, tile_rows(system.width())),
      system_(system),
      tile_(tile(), system.width(), 1),
      filter_(system) {
  const Symbol symbol = symbol_of(system);
  if (!is_zero(symbol))
    full_ = coefficients<T>(symbol, system.width(), [dt](C l) { return std::exp(dt * l); });
  if (runge_kutta) start_.emplace(system, dt);
}

template <class T>
void Ab3<T>::step(Rows u, Rows history, Index age, Real t) {
  const Rows n0 = tile_.rows(0, rows_of(u));
  const Index width = width_of(u), now = age % 2 * width, before = width - now;
  system_.nonlinear(n0, u, t);

  if (age < 2 && start_) {
    for_each_row<Real>("ab3::remember", u, [=](Index r) {
      Real* kept = history.data() + r * 2 * width + now;
      const Real* n = row<Real>(n0, r);
      return [=](Index j) { kept[j] = n[j]; };
    });
    start_->step(u, Rows(), 0, t);
    return;
  }

  // u' by combine(multiplied by E, j, u, N, N_-1, N_-2); what is not known yet may be anything, NaN
  // included, and is not read.
  const auto pass = [&](const auto& combine) {
    const T* e = full_.data();
    with_factors<T>(e, [&](auto by_e) {
      filter_.apply([=](auto filtered) {
        for_each_row<T>("ab3::u", u, [=](Index r) {
          T* v = row<T>(u, r);
          T* oldest = reinterpret_cast<T*>(history.data() + r * 2 * width + now);
          const T* previous = reinterpret_cast<const T*>(history.data() + r * 2 * width + before);
          const T* n = row<T>(n0, r);
          return [=](Index j) {
            const T latest = n[j];
            v[j] = filtered(combine(by_e, j, v[j], latest, previous, oldest), j);
            oldest[j] = latest;
          };
        });
      });
    });
  };
  using Past = const T*;
  const Real dt = this->dt();
  if (age == 0) {
    pass([=](auto e, Index j, T v, T n, Past, Past) { return e(v + dt * n, j); });
  } else if (age == 1) {
    const Real a = 3 * dt / 2, b = -dt / 2;
    pass([=](auto e, Index j, T v, T n, Past p, Past) { return e(v + a * n + e(b * p[j], j), j); });
  } else {
    const Real a = 23 * dt / 12, b = -16 * dt / 12, c = 5 * dt / 12;
    pass([=](auto e, Index j, T v, T n, Past p, Past o) {
      return e(v + a * n + e(b * p[j] + e(c * o[j], j), j), j);
    });
  }
}

template class Ab3<Real>;
template class Ab3<Complex>;

}  // namespace starling::steppers
