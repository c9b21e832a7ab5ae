// SPDX-License-Identifier: BSD-3-Clause
#include "models/initial_waves1d.hpp"

#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::models {
namespace {

constexpr Real pi = std::numbers::pi;

Stream stream(const WaveKeys& keys, Index number) {
  return {keys.seed, Purpose::initial_condition, static_cast<std::uint64_t>(number), 0};
}

Complex turned(Real size, Real angle) { return {size * std::cos(angle), size * std::sin(angle)}; }

// a sum of alpha_m / sqrt(modes) sin(2 pi m x / L + phi_m), alpha normal, phi uniform: variance a^2
// / 2 at every point, a^2 / (4 modes) of each coefficient.
std::vector<Complex> random_modes(const WaveKeys& keys, Index number, Index count) {
  const Stream random = stream(keys, number);
  const Real scale = keys.amplitude / (2 * std::sqrt(static_cast<Real>(keys.modes)));
  std::vector<Complex> u(static_cast<std::size_t>(count));
  for (std::uint64_t m = 1; m <= u.size() && m <= static_cast<std::uint64_t>(keys.modes); ++m)
    // The normal number 4m is made of the bits of 4m and 4m + 1.
    u[m - 1] = turned(scale * random.normal(4 * m), 2 * pi * random.uniform(4 * m + 2) - pi / 2);
  return u;
}

// li2022: real and imaginary part independent and normal with half of the variance each.
std::vector<Complex> gaussian_field(const WaveKeys& keys, Index number, Index count) {
  const Stream random = stream(keys, number);
  std::vector<Complex> u(static_cast<std::size_t>(count));
  for (std::uint64_t m = 1; m <= u.size(); ++m) {
    const Real k = 2 * pi * static_cast<Real>(m) / keys.length;
    const Real scale =
        keys.sigma * std::sqrt(0.5) * std::pow(k * k + keys.tau * keys.tau, -keys.exponent / 2);
    u[m - 1] = Complex(scale * random.normal(2 * m), scale * random.normal(2 * m + 1));
  }
  return u;
}

// koehler2024, "fourier;modes;true;true" with Exponax 0.1.0: amplitudes uniform on (-1, 1), phases
// uniform, and then largest |u| = a. It is taken over 256 points for each of the shortest waves,
// whatever the grid, so that all resolutions have the same factor. That is at most 1 - cos(pi/256)
// = 8e-5 below the true maximum (ehlich1964).
std::vector<Complex> apebench_fourier(const WaveKeys& keys, Index number, Index count) {
  const Stream random = stream(keys, number);
  std::vector<Complex> all;
  for (std::uint64_t m = 1; m <= static_cast<std::uint64_t>(keys.modes); ++m)
    all.push_back(turned(random.uniform(2 * m) - 0.5, 2 * pi * random.uniform(2 * m + 1)));
  const Index points = 256 * keys.modes;
  Real largest = 0;
  for (Index j = 0; j < points; ++j) {
    Real sum = 0;
    for (std::size_t m = 1; m <= all.size(); ++m) {
      const Real at = 2 * pi * static_cast<Real>(static_cast<Index>(m) * j % points) /
                      static_cast<Real>(points);
      sum += 2 * (all[m - 1].real() * std::cos(at) - all[m - 1].imag() * std::sin(at));
    }
    largest = std::max(largest, std::abs(sum));
  }
  for (Complex& each : all) each *= keys.amplitude / largest;
  all.resize(static_cast<std::size_t>(count));
  return all;
}

}  // namespace

const std::vector<InitialWaves1d>& initial_waves1d() {
  static const std::vector<InitialWaves1d> all = {
      {"random_modes",
       "a sum over modes m of alpha_m/sqrt(initial_modes) sin(2 pi m x/L + phi_m), alpha normal, "
       "phi uniform, of variance a^2/2",
       random_modes},
      {"gaussian_field",
       "normal, variance of u^_m: sigma^2 ((2 pi m/L)^2 + tau^2)^-exponent (li2022)",
       gaussian_field},
      {"apebench_fourier",
       "a sum over modes m of alpha_m cos(2 pi m x/L + phi_m), alpha uniform on (-1, 1), phi "
       "uniform, scaled so that the largest |u| is a (koehler2024)",
       apebench_fourier},
  };
  return all;
}

}  // namespace starling::models
