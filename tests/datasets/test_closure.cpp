// SPDX-License-Identifier: BSD-3-Clause
#include "core/random.hpp"
#include "datasets/closure.hpp"
#include "datasets/normal_equations.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using namespace starling;
using datasets::Closure;
using datasets::Inputs;
using datasets::NormalEquations;

Domain line(Index points) { return Domain(points, 0, 1, true); }

Inputs noise(Index points, std::uint64_t seed) {
  Inputs inputs(1);
  const Stream random(seed, Purpose::initial_condition, 0, 0);
  for (Index i = 0; i < points; ++i)
    inputs[0].push_back(static_cast<float>(1 + 2 * random.normal(static_cast<std::uint64_t>(i))));
  return inputs;
}

// Fits `law` of the stencil (u, u_left, u_right, ...) on noise dealt to ranks; the largest error on
// other noise.
template <class Law>
Real error_of_fit(Closure closure, const Law& law) {
  const Index points = 3000;
  const auto rank = static_cast<std::uint64_t>(test_support::world_rank());
  const auto size = static_cast<std::uint64_t>(test_support::world_size());
  closure.standardise({1}, {2}, 1);
  NormalEquations equations(closure.features(), 1);
  std::vector<Real> z(static_cast<std::size_t>(closure.stencil()));
  std::vector<Real> phi(static_cast<std::size_t>(closure.features()));
  for (std::uint64_t part = rank; part < 6; part += size) {
    const Inputs inputs = noise(points, part);
    for (Index p = 0; p < points; ++p) {
      closure.values(z.data(), inputs, p);
      closure.evaluate(phi.data(), z.data());
      const Real y = law(inputs[0], p);
      equations.add(phi.data(), &y, 1);
    }
  }
  equations.finish(test_support::world());
  closure.set_weights(equations.solve(1e-14), 1);
  const Inputs inputs = noise(points, 99);
  std::vector<std::vector<Real>> forcing(1, std::vector<Real>(static_cast<std::size_t>(points)));
  closure.apply(forcing, inputs);
  Real worst = 0;
  for (Index p = 0; p < points; ++p)
    worst = std::max(worst, std::abs(forcing[0][static_cast<std::size_t>(p)] - law(inputs[0], p)));
  return worst;
}

Real at(const std::vector<float>& u, Index i) {
  const auto n = static_cast<Index>(u.size());
  return static_cast<Real>(u[static_cast<std::size_t>((i + n) % n)]);
}

// What is in the span of the features is recovered, on any number of ranks.
TEST(Closure, RecoversLawsOfItsKind) {
  const auto linear = [](const std::vector<float>& u, Index i) {
    return 0.3 + 0.7 * at(u, i) - 1.1 * at(u, i + 1) + 0.2 * at(u, i - 2);
  };
  const auto quadratic = [&](const std::vector<float>& u, Index i) {
    return linear(u, i) + 0.5 * at(u, i + 1) * at(u, i + 1) - 0.4 * at(u, i) * at(u, i - 1);
  };
  const Index points = 3000;
  const Closure first(Closure::Kind::linear, line(points), {0}, 0, 1);
  const Closure second(Closure::Kind::quadratic, line(points), {0}, 0, 1);
  EXPECT_LT(error_of_fit(first, linear), 1e-9);
  EXPECT_LT(error_of_fit(second, quadratic), 1e-9);
  EXPECT_GT(error_of_fit(first, quadratic), 1);
}

// The normal equations of a problem solved by hand: y = 2 x - 1 on three points, and the ridge of
// two features that are the same, which shares the weight.
TEST(NormalEquations, SolveWhatIsKnown) {
  if (test_support::world_rank() == 0) {
    NormalEquations equations(2, 1);
    const std::vector<Real> x = {1, 0, 1, 1, 1, 2}, y = {-1, 1, 3};
    equations.add(x.data(), y.data(), 3);
    equations.finish(MPI_COMM_SELF);
    const auto w = equations.solve(0);
    EXPECT_NEAR(w[0], -1, 1e-12);
    EXPECT_NEAR(w[1], 2, 1e-12);
    NormalEquations twice(2, 1);
    const std::vector<Real> same = {1, 1, 2, 2}, z = {4, 8};
    twice.add(same.data(), z.data(), 2);
    twice.finish(MPI_COMM_SELF);
    // X^T X is 5 everywhere, X^T Y is 20: w = 20 / (10 + 5 lambda).
    const auto shared = twice.solve(1e-2);
    EXPECT_NEAR(shared[0], 20 / 10.05, 1e-12);
    EXPECT_NEAR(shared[1], 20 / 10.05, 1e-12);
  }
}

// Rahimi & Recht 2007: inner products of the random features approach the Gaussian kernel
// exp(-|x - y|^2 / (2 s^2)) as 1/sqrt(D).
TEST(Closure, RandomFeaturesApproachTheGaussianKernel) {
  const Index points = 16;
  const Inputs inputs = noise(points, 4);
  const auto error = [&](Index features, std::uint64_t seed) {
    Closure closure(Closure::Kind::random, line(points), {0}, features, seed);
    closure.standardise({1}, {2}, 3);
    const auto n = static_cast<std::size_t>(closure.stencil());
    std::vector<std::vector<Real>> z, phi;
    for (Index p = 0; p < points; ++p) {
      z.emplace_back(n);
      phi.emplace_back(static_cast<std::size_t>(closure.features()));
      closure.values(z.back().data(), inputs, p);
      closure.evaluate(phi.back().data(), z.back().data());
    }
    Real squares = 0, count = 0;
    for (std::size_t a = 0; a < z.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        Real product = 0, distance = 0;
        for (std::size_t i = 1 + n; i < phi[a].size(); ++i) product += phi[a][i] * phi[b][i];
        for (std::size_t i = 0; i < n; ++i) distance += (z[a][i] - z[b][i]) * (z[a][i] - z[b][i]);
        const Real kernel = std::exp(-distance / (2 * 9));
        squares += (product - kernel) * (product - kernel);
        count += 1;
      }
    return std::sqrt(squares / count);
  };
  Real small = 0, large = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    small += error(200, seed) / 20;
    large += error(3200, seed) / 20;
  }
  // Each of the D terms 2 cos cos is at most 2 with a mean square of at most 3/2.
  EXPECT_LT(small, 1.3 / std::sqrt(200.0));
  EXPECT_GT(small, 0.4 / std::sqrt(200.0));
  EXPECT_NEAR(std::log2(small / large), 2, 0.3);
}

}  // namespace
