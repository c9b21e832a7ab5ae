// SPDX-License-Identifier: BSD-3-Clause
// check_shallow_water wave|vortex FILE: holds a result of shallow_water.toml, with the overrides of
// CMakeLists.txt, against exact solutions. Fails with a line for each number that is wrong.
#include "io/results.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdio>
#include <numbers>
#include <string>
#include <vector>

namespace {

using starling::Real;

// As in shallow_water.toml and CMakeLists.txt.
constexpr Real length = 4.0e6, g = 9.81, f = 1.0e-4, depth = 100, wave_height = 0.01, nu = 1.0e16,
               interval = 3600;
constexpr int mode_x = 2, mode_y = 1;

bool passed = true;

void expect_near(const char* what, Real value, Real exact, Real tolerance) {
  const bool near = std::abs(value - exact) <= tolerance;
  std::printf("%s %.12g, exactly %.12g, allowed +- %.2g%s\n", what, value, exact, tolerance,
              near ? "" : ": WRONG");
  passed = passed && near;
}

// h, n x n values in each frame.
struct Frames {
  std::size_t count, n;
  std::vector<Real> values;
  const Real* operator[](std::size_t frame) const { return values.data() + frame * n * n; }
};

// The coefficient of the wave in a frame.
std::complex<Real> coefficient(const Real* h, std::size_t n) {
  std::complex<Real> sum = 0;
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i)
      sum += h[j * n + i] * std::polar(1.0, -2 * std::numbers::pi / static_cast<Real>(n) *
                                                static_cast<Real>(mode_x * i + mode_y * j));
  return sum / static_cast<Real>(n * n);
}

// The wave keeps omega^2 = f^2 + g H k^2 and decays with exp(-nu k^4 t), as L is the same for h, u
// and v; nonlinearity changes both by (wave_height / H)^2, etdrk4 by about (omega dt)^4 / 120 <
// 1e-7.
void check_wave(const Frames& h) {
  const Real unit = 2 * std::numbers::pi / length;
  const Real k = unit * std::hypot(Real{mode_x}, Real{mode_y});
  const Real omega = std::sqrt(f * f + g * depth * k * k);
  Real phase = 0;
  std::complex<Real> first = coefficient(h[0], h.n), before = first, now = first;
  for (std::size_t frame = 1; frame < h.count; ++frame, before = now) {
    now = coefficient(h[frame], h.n);
    phase -= std::arg(now / before);
  }
  const Real time = interval * static_cast<Real>(h.count - 1);
  expect_near("phase speed [m/s]", phase / time / k, omega / k, 1e-6 * omega / k);
  const Real decay = std::exp(-nu * std::pow(k, 4) * time);
  expect_near("decay", std::abs(now / first), decay, 1e-6 * decay);
}

// What is measured at the start. The energy of a wave is shared as kinetic : potential = omega^2 +
// f^2 : omega^2 - f^2; it has zeta = f (h - H) / H, and so the potential vorticity f / H
// everywhere.
void check_measurements(const starling::io::Results& results) {
  const Real unit = 2 * std::numbers::pi / length;
  const Real c2 = g * depth * unit * unit * (mode_x * mode_x + mode_y * mode_y);
  const Real potential = g * wave_height * wave_height / 4,
             energy = potential * (2 + 2 * f * f / c2);
  expect_near("energy of the wave [m^3/s^2]",
              results.read("/diagnostics/energy").front() - g * depth * depth / 2, energy,
              1e-6 * energy);
  const Real enstrophy = f * f / (2 * depth), q = f / depth;
  expect_near("potential enstrophy", results.read("/diagnostics/potential_enstrophy").front(),
              enstrophy, 1e-12 * enstrophy);
  const auto field = results.read("/members/0/potential_vorticity", {0, 1});
  const auto [least, most] = std::minmax_element(field.begin(), field.end());
  expect_near("least potential vorticity [1/(m s)]", *least, q, 1e-12 * q);
  expect_near("largest potential vorticity [1/(m s)]", *most, q, 1e-12 * q);
}

// The vortex of 30 m is steady but for the modes that are not kept: V/r, an analytic function of r
// with its nearest branch point 1.6 radii off the real axis (where exp(-r^2/2 radius^2) = -0.53),
// has coefficients that fall as exp(-1.6 k radius), to 3e-9 at the largest k kept of 96 points.
void check_vortex(const Frames& h) {
  Real change = 0;
  for (std::size_t j = 0; j < h.n * h.n; ++j)
    change = std::max(change, std::abs(h[h.count - 1][j] - h[0][j]));
  expect_near("largest change of h [m]", change, 0, 3e-9 * 30);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const starling::io::Results results(argv[2]);
  const auto shape = results.shape("/members/0/h");
  const std::vector<Real> mass = results.read("/diagnostics/mass");
  const Frames h{static_cast<std::size_t>(shape.at(0)), static_cast<std::size_t>(shape.at(1)),
                 results.read("/members/0/h")};
  if (h.count < 10 || mass.size() != h.count) return 2;
  if (std::string(argv[1]) == "wave") {
    check_wave(h);
    check_measurements(results);
  } else {
    check_vortex(h);
  }
  // The mean of h is a coefficient that nothing changes; sums of some thousand values round.
  const auto [least, most] = std::minmax_element(mass.begin(), mass.end());
  expect_near("change of the mass [m]", *most - *least, 0, 1e-13 * depth);
  expect_near("mass [m]", mass.back(), mass.front(), 1e-13 * depth);
  return passed ? 0 : 1;
}
