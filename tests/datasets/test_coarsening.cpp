// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "datasets/coarsening.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace starling;
using datasets::Coarsening;
using datasets::CoarseOperator;

constexpr Real pi = std::numbers::pi;

Domain square(Index points, Real length) {
  const Axis axis{points, 0, length / static_cast<Real>(points), true};
  return Domain({axis, axis}, {{}});
}

std::vector<Real> noise(Index count, std::uint64_t seed) {
  std::vector<Real> values(static_cast<std::size_t>(count));
  Stream(seed, Purpose::initial_condition, 0, 0).normals(values.data(), count);
  return values;
}

// Two thirds of the modes: what a coarse model with truncation keeps.
Coarsening::Response truncation(Index points) {
  return [points](const std::array<Index, 3>& m) {
    return 3 * std::abs(m[0]) < points && 3 * std::abs(m[1]) < points ? 1.0 : 0.0;
  };
}

void write(const std::string& name, const std::vector<Real>& values) {
  std::ofstream(std::string(std::getenv("COARSENING_DUMP")) + "/" + name + ".bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(Real)));
}

// For coarsening_numpy.py, which compares.
TEST(Coarsening, IsWrittenForNumpy) {
  if (std::getenv("COARSENING_DUMP") == nullptr) GTEST_SKIP() << "run by coarsening_numpy.sh";
  const Index fine = 48, coarse = 12;
  const auto x = noise(fine * fine, 1), y = noise(fine * fine, 2);
  write("fine", x);
  write("flux_y", y);
  for (const std::string& name : datasets::coarse_operators()) {
    Coarsening coarsening(square(fine, 5.0), square(coarse, 5.0), datasets::coarse_operator(name),
                          truncation(coarse));
    std::vector<Real> out(static_cast<std::size_t>(coarse * coarse));
    coarsening.apply(out.data(), x.data());
    write(name, out);
    coarsening.apply_divergence(out.data(), {x.data(), y.data()});
    write(name + "_divergence", out);
  }
}

// Waves are eigenfunctions: each operator multiplies them by its factor (ross2023, section 2.3).
TEST(Coarsening, MultipliesWavesByTheFactorOfTheOperator) {
  const Index n = 32, m = 8;
  const Real length = 3.0, r = 4;
  for (const std::string& name : datasets::coarse_operators()) {
    Coarsening coarsening(square(n, length), square(m, length), datasets::coarse_operator(name),
                          truncation(m));
    for (const Index mode : {0, 1, 2, 3}) {
      const Real k = 2 * pi * static_cast<Real>(mode) / length, d = length / m, h = d / r;
      Real factor = 3 * mode < m ? 1 : 0;
      if (name == "op2") factor = std::exp(-k * k * 4 * d * d / 24);
      // Diffusion, then the mean of cos over r points: Dirichlet's kernel.
      if (name == "op3")
        factor = std::exp(-r * r / 24 * 2 * (1 - std::cos(k * h))) *
                 (mode == 0 ? 1 : std::sin(k * d / 2) / (r * std::sin(k * h / 2)));
      std::vector<Real> wave(static_cast<std::size_t>(n * n)), out(static_cast<std::size_t>(m * m));
      for (Index i = 0; i < n * n; ++i)
        wave[static_cast<std::size_t>(i)] = std::cos(k * h * static_cast<Real>(i % n) + 0.3);
      coarsening.apply(out.data(), wave.data());
      for (Index i = 0; i < m * m; ++i)
        EXPECT_NEAR(out[static_cast<std::size_t>(i)],
                    factor * std::cos(k * d * static_cast<Real>(i % m) + 0.3), 1e-13)
            << name << " mode " << mode;
    }
  }
}

// Between walls fields are sines, and the operators multiply them by the same factors.
TEST(Coarsening, MultipliesSinesBetweenWalls) {
  const Index n = 31, m = 7;
  const auto walls = [](Index points) {
    const Axis axis{points, 1.0 / static_cast<Real>(points + 1),
                    1.0 / static_cast<Real>(points + 1), false};
    return Domain({axis, axis}, {{}});
  };
  for (const std::string& name : datasets::coarse_operators()) {
    Coarsening coarsening(walls(n), walls(m), datasets::coarse_operator(name),
                          [](const std::array<Index, 3>&) { return 1.0; });
    EXPECT_EQ(coarsening.fine_points(), n * n);
    for (const Index mode : {1, 3, 6}) {
      const Real k = pi * static_cast<Real>(mode), d = 1.0 / (m + 1), h = d / 4;
      Real factor = 1;
      if (name == "op2") factor = std::exp(-k * k * 4 * d * d / 24);
      if (name == "op3")
        factor = std::exp(-16.0 / 24 * 2 * (1 - std::cos(k * h))) * std::sin(k * d / 2) /
                 (4 * std::sin(k * h / 2));
      // Sines of mode 1 along y, of `mode` along x.
      Real factor_y = 1;
      if (name == "op2") factor_y = std::exp(-pi * pi * 4 * d * d / 24);
      if (name == "op3")
        factor_y = std::exp(-16.0 / 24 * 2 * (1 - std::cos(pi * h))) * std::sin(pi * d / 2) /
                   (4 * std::sin(pi * h / 2));
      std::vector<Real> wave(static_cast<std::size_t>(n * n)), out(static_cast<std::size_t>(m * m));
      for (Index i = 0; i < n * n; ++i)
        wave[static_cast<std::size_t>(i)] = std::sin(k * h * static_cast<Real>(i % n + 1)) *
                                            std::sin(pi * h * static_cast<Real>(i / n + 1));
      coarsening.apply(out.data(), wave.data());
      for (Index i = 0; i < m * m; ++i)
        EXPECT_NEAR(out[static_cast<std::size_t>(i)],
                    factor * factor_y * std::sin(k * d * static_cast<Real>(i % m + 1)) *
                        std::sin(pi * d * static_cast<Real>(i / m + 1)),
                    1e-13)
            << name << " mode " << mode;
    }
  }
}

TEST(Coarsening, KeepsTheMean) {
  const auto values = noise(32 * 32, 3);
  Real mean = 0;
  for (const Real v : values) mean += v / (32 * 32);
  for (const std::string& name : datasets::coarse_operators()) {
    Coarsening coarsening(square(32, 1.0), square(16, 1.0), datasets::coarse_operator(name),
                          truncation(16));
    std::vector<Real> out(16 * 16);
    coarsening.apply(out.data(), values.data());
    Real coarse = 0;
    for (const Real v : out) coarse += v / (16 * 16);
    EXPECT_NEAR(coarse, mean, 1e-15) << name;
  }
}

TEST(Coarsening, RefusesGridsThatDoNotFit) {
  const auto make = [](Index fine, Index coarse, Real length, CoarseOperator kind) {
    Coarsening(square(fine, 1.0), square(coarse, length), kind, truncation(coarse));
  };
  EXPECT_THROW(make(32, 64, 1.0, CoarseOperator::sharp), InputError);
  EXPECT_THROW(make(32, 16, 2.0, CoarseOperator::sharp), InputError);
  EXPECT_THROW(make(32, 12, 1.0, CoarseOperator::box), InputError);
  EXPECT_NO_THROW(make(32, 12, 1.0, CoarseOperator::gaussian));
}

}  // namespace
