// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "datasets/check/spectral_check.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace starling::datasets::check {
namespace {

constexpr Index points = 64;
constexpr Real two_pi = 2 * std::numbers::pi;

Shape plane(Real scale) {
  Shape shape;
  const Axis axis{points, 0, two_pi / static_cast<Real>(points), true};
  shape.grid = Domain({axis, axis}, std::vector<Component>(1));
  shape.times = {0};
  shape.trajectories = 1;
  shape.fields.push_back({"velocity", "t1_fields/velocity", 1, 2, scale, ""});
  return shape;
}

/// A sum of waves: u = -d psi/dy, v = d psi/dx has no divergence, plus the gradient of a wave.
struct Waves {
  Real slope, gradient;

  std::vector<float> velocity(Real scale) const {
    const Stream random(1, Purpose::initial_perturbation, 0, 0);
    std::vector<Real> u(2 * points * points, 0);
    for (int m = 0; m <= 21; ++m)
      for (int n = 1; n <= 21; ++n) {
        const auto address = static_cast<std::uint64_t>(100 * m + n);
        const Real amplitude = std::pow(std::hypot(m, n), -slope);
        const Real phase = two_pi * random.uniform(address);
        for (Index x = 0; x < points; ++x)
          for (Index y = 0; y < points; ++y) {
            const Real angle =
                two_pi * static_cast<Real>(m * x + n * y) / static_cast<Real>(points) + phase;
            const auto at = static_cast<std::size_t>(2 * (x * points + y));
            u[at] += n * amplitude * std::sin(angle);
            u[at + 1] -= m * amplitude * std::sin(angle);
            if (m == 3 && n == 2) u[at] += gradient * std::cos(angle);
          }
      }
    std::vector<float> rounded;
    for (const Real value : u) rounded.push_back(static_cast<float>(value / scale));
    return rounded;
  }
};

Index findings(const Waves& waves, Real scale) {
  const Shape shape = plane(scale);
  SpectralCheck check(shape, nullptr);
  Tally tally;
  check.frame(0, 0, {waves.velocity(scale)}, tally);
  Findings all("file");
  tally.add_to(all);
  return static_cast<Index>(all.all().size());
}

// 2^-24 of Parseval's bound is kept by every field that has no divergence but for rounding, steep
// or flat, large or small.
TEST(SpectralCheck, LetsRoundingPass) {
  for (const Real slope : {1.0, 2.0, 4.0, 8.0})
    for (const Real scale : {1e-6, 1.0, 1e6}) EXPECT_EQ(findings({slope, 0}, scale), 0) << slope;
}

// A wave of 1e-4 of the velocity is 1e-4 of the gradient, where rounding makes about 1e-6.
TEST(SpectralCheck, SeesADivergence) {
  for (const Real slope : {2.0, 4.0}) EXPECT_EQ(findings({slope, 1e-4}, 1.0), 1) << slope;
}

}  // namespace
}  // namespace starling::datasets::check
