// SPDX-License-Identifier: BSD-3-Clause
// Time of a forecast step over the time of its own FFTs, measured in the same program in turn, so
// that a busy machine slows both alike. Minimum over many short blocks.
#include "core/random.hpp"
#include "models/integrator.hpp"
#include "models/semilinear1d.hpp"
#include "spectral/plan.hpp"
#include "steppers/etdrk4.hpp"
#include "timing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

namespace {

using namespace starling;

template <class F>
double seconds(const F& work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

// The 8 complex transforms of one ETDRK4 step of one packed pair, each pair's data in cache as in a
// step.
void transforms(const Array<Complex**>& values, const Array<Complex**>& spectra,
                const spectral::Plan& forward, const spectral::Plan& inverse, Index steps) {
  for (Index s = 0; s < static_cast<Index>(values.extent(0)); ++s) {
    Complex* v = values.data() + s * static_cast<Index>(values.extent(1));
    Complex* c = spectra.data() + s * static_cast<Index>(spectra.extent(1));
    for (Index i = 0; i < 4 * steps; ++i) {
      inverse.execute(v, c);
      forward.execute(c, v);
    }
    // Unnormalised transforms grow: start the row afresh.
    for (std::size_t j = 0; j < spectra.extent(1); ++j) c[j] = Complex(1e-200, 0);
  }
}

void run(Index points, Index members) {
  constexpr Index steps = 20;
  constexpr int blocks = 60;
  models::Semilinear1d model(
      spectral::Grid(points, std::numbers::pi / 4 * static_cast<Real>(points)),
      {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}}, spectral::Dealiasing::truncation,
      spectral::Planning::estimate, [](Real) { return 0.0; });
  models::Integrator integrator(model, std::make_unique<steppers::Etdrk4<Real>>(model, 0.25));
  const auto rows = static_cast<std::size_t>(members / 2);
  const auto n = static_cast<std::size_t>(points);
  Array<Real**> states("states", rows, 2 * n), history("history", rows, 0);
  Array<Real**> start("start", 2 * rows, n);
  for (std::size_t m = 0; m < 2 * rows; ++m)
    for (std::size_t j = 0; j < n; ++j)
      start(m, j) = std::cos(2 * std::numbers::pi * static_cast<Real>(j) / static_cast<Real>(n)) +
                    0.1 * Stream(1, Purpose::initial_perturbation, m, 0).normal(j);
  integrator.to_states(states, start);
  integrator.advance(states, history, 0, 0, 400);

  const spectral::Plan forward(points, spectral::Plan::Direction::forward,
                               spectral::Planning::estimate);
  const spectral::Plan inverse(points, spectral::Plan::Direction::inverse,
                               spectral::Planning::estimate);
  Array<Complex**> values("values", rows, n), spectra("spectra", rows, n);
  Kokkos::deep_copy(spectra, Complex(1e-200, 0));

  double step = 1e9, fft = 1e9;
  for (int block = 0; block < blocks; ++block) {
    step = std::min(step, seconds([&] { integrator.advance(states, history, 0, 400, steps); }));
    fft = std::min(fft, seconds([&] { transforms(values, spectra, forward, inverse, steps); }));
  }
  const double count = static_cast<double>(steps * members);
  fmt::print(
      "KS N={:5} members={:4}: {:7.3f} us a member-step, {:5.3f} M/s; its FFTs {:7.3f} us; "
      "step/FFTs {:5.3f}\n",
      points, members, 1e6 * step / count, 1e-6 * count / step, 1e6 * fft / count, step / fft);
}

}  // namespace

int main() {
  const Kokkos::ScopeGuard kokkos;
  for (const Index points : {64, 128, 256, 1024}) run(points, 512);
  run(128, 64);
  run(128, 2);
}
