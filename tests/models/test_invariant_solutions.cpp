// SPDX-License-Identifier: BSD-3-Clause
// The equilibria and travelling waves of the Kuramoto-Sivashinsky equation on L = 22
// (cvitanovic2010, table 1): found by Newton's method from states of the attractor.
#include "core/random.hpp"
#include "linalg/dense.hpp"
#include "models/semilinear_case.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace {

using namespace starling;
using test_support::SemilinearCase;

constexpr Index points = 64, modes = 21, unknowns = 2 * modes + 1;  // coefficients and the speed

struct Wave {
  Real energy, speed;
};

class WaveSearch {
 public:
  WaveSearch()
      : run_(points, 22, {{1, 1, 1.0}, {0, 2, 1.0}, {0, 4, 1.0}}, [](Real) { return 0.0; }),
        symbol_(run_.model.linear()),
        state_("state", 1, 2 * points),
        tendency_("tendency", 1, 2 * points) {}

  // du/dt + c du/dx in a frame that moves with c, real and imaginary parts of modes 1 to 21. The
  // second member of the pair is zero.
  std::vector<Real> residual(const std::vector<Real>& x) {
    Kokkos::deep_copy(state_, 0.0);
    for (std::size_t k = 1; k <= modes; ++k) {
      const std::complex<Real> c(x[2 * k - 2], x[2 * k - 1]);
      state_(0, 2 * k) = c.real();
      state_(0, 2 * k + 1) = c.imag();
      state_(0, 2 * (points - k)) = c.real();
      state_(0, 2 * (points - k) + 1) = -c.imag();
    }
    run_.model.nonlinear(tendency_, state_, 0);
    std::vector<Real> f(2 * modes);
    for (std::size_t k = 1; k <= modes; ++k) {
      const std::complex<Real> c(x[2 * k - 2], x[2 * k - 1]);
      const std::complex<Real> ik(0, run_.model.grid().wavenumber(static_cast<Index>(k)));
      const std::complex<Real> value =
          std::complex<Real>(tendency_(0, 2 * k), tendency_(0, 2 * k + 1)) + symbol_[k] * c +
          x.back() * ik * c;
      f[2 * k - 2] = value.real();
      f[2 * k - 1] = value.imag();
    }
    return f;
  }

  // Levenberg and Marquardt with the damping |f|^2: converges quadratically to solutions that a
  // translation leaves solutions.
  bool solve(std::vector<Real>& x) {
    for (int iteration = 0; iteration < 60; ++iteration) {
      const std::vector<Real> f = residual(x);
      const Real norm = length(f);
      if (norm < 1e-12) return true;
      linalg::Matrix normal(unknowns, unknowns);
      std::vector<std::vector<Real>> columns;
      for (std::size_t i = 0; i < unknowns; ++i) columns.push_back(slope(x, i));
      std::vector<Real> step(unknowns);
      for (std::size_t i = 0; i < unknowns; ++i) {
        for (std::size_t j = 0; j < unknowns; ++j)
          normal(static_cast<Index>(i), static_cast<Index>(j)) = product(columns[i], columns[j]);
        normal(static_cast<Index>(i), static_cast<Index>(i)) += std::min(norm * norm, 1e-2) + 1e-13;
        step[i] = -product(columns[i], f);
      }
      linalg::solve(step.data(), normal);
      for (std::size_t i = 0; i < unknowns; ++i) x[i] += step[i];
      if (!(length(x) < 100)) return false;
    }
    return false;
  }

  // A snapshot of a chaotic run, and a random speed.
  std::vector<Real> guess(std::uint64_t number) {
    const Stream noise(5, Purpose::initial_perturbation, number, 0);
    for (std::size_t j = 0; j < points; ++j) {
      const Real s = 2 * std::numbers::pi * static_cast<Real>(j) / points;
      Real u = 0;
      for (std::uint64_t k = 1; k <= 4; ++k)
        u += noise.normal(2 * k) * std::cos(static_cast<Real>(k) * s) +
             noise.normal(2 * k + 1) * std::sin(static_cast<Real>(k) * s);
      run_.members(0, j) = u;
      run_.members(1, j) = 0;
    }
    run_.model.to_states(run_.state, run_.members);
    EXPECT_TRUE(run_.run("etdrk4", 0.1, 100 + 10 * static_cast<Index>(number % 20)));
    std::vector<Real> x(unknowns);
    for (std::size_t j = 0; j < points; ++j) run_.members(1, j) = 0;
    run_.model.to_states(run_.state, run_.members);
    for (std::size_t k = 1; k <= modes; ++k) {
      x[2 * k - 2] = run_.state(0, 2 * k);
      x[2 * k - 1] = run_.state(0, 2 * k + 1);
    }
    x.back() = number % 2 == 0 ? 0 : 0.5 * noise.normal(0);
    return x;
  }

  // <u^2>/2 = sum over k > 0 of |u_k|^2.
  static Wave wave(const std::vector<Real>& x) {
    Real energy = 0;
    for (std::size_t i = 0; i < 2 * modes; ++i) energy += x[i] * x[i];
    return {energy, std::abs(x.back())};
  }

 private:
  static Real product(const std::vector<Real>& a, const std::vector<Real>& b) {
    Real sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  }
  static Real length(const std::vector<Real>& a) { return std::sqrt(product(a, a)); }

  // The residual is a quadratic polynomial: a centred difference is exact but for rounding.
  std::vector<Real> slope(std::vector<Real> x, std::size_t i) {
    constexpr Real h = 0.5;
    x[i] += h;
    const std::vector<Real> up = residual(x);
    x[i] -= 2 * h;
    const std::vector<Real> down = residual(x);
    std::vector<Real> result(up.size());
    for (std::size_t j = 0; j < up.size(); ++j) result[j] = (up[j] - down[j]) / (2 * h);
    return result;
  }

  SemilinearCase run_;
  std::vector<std::complex<Real>> symbol_;
  Array<Real**> state_, tendency_;
};

TEST(KuramotoSivashinsky, EquilibriaAndTravellingWavesOfL22) {
  struct Known {
    const char* name;
    Real energy, speed;
    bool found = false;
  };
  std::vector<Known> table = {{"E1", 0.260873, 0},
                              {"E2", 0.438157, 0},
                              {"E3", 1.587597, 0},
                              {"TW1", 0.464920, 0.736989},
                              {"TW2", 0.604820, 0.349541}};
  const auto all_found = [&table] {
    return std::all_of(table.begin(), table.end(), [](const Known& known) { return known.found; });
  };
  WaveSearch search;
  int tries = 0, converged = 0;
  for (; tries < 600 && !all_found(); ++tries) {
    std::vector<Real> x = search.guess(static_cast<std::uint64_t>(tries));
    if (!search.solve(x)) continue;
    ++converged;
    const Wave wave = WaveSearch::wave(x);
    // E^(x) and c to six digits after the point, as printed.
    for (Known& known : table)
      if (std::abs(wave.energy - known.energy) < 1e-6 && std::abs(wave.speed - known.speed) < 1e-6)
        known.found = true;
  }
  for (const Known& known : table) EXPECT_TRUE(known.found) << known.name;
  std::printf("%d of %d searches converged\n", converged, tries);
}

}  // namespace
