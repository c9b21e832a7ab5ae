// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "filters/smoothing_problem.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using namespace starling;
using filters::AdditiveSmoother;
using test_support::context_of;

const filters::GaussianTransition density(test_support::q);

class Smoother : public testing::TestWithParam<AdditiveSmoother::Method> {};

TEST_P(Smoother, GivesTheSameBitsOnAnyNumberOfRanks) {
  const ProcessGrid world(MPI_COMM_WORLD), alone(MPI_COMM_SELF);
  const std::vector<Real> y = test_support::observations(6);
  const auto run = [&](const ProcessGrid& processes) {
    const auto context = context_of(processes, 23, 5);
    AdditiveSmoother smoother(context, density, GetParam(), 2);
    return test_support::smooth(context, smoother, y);
  };
  const test_support::Smoothed one = run(alone), all = run(world);
  EXPECT_EQ(one.sum, all.sum);
  EXPECT_EQ(one.squares, all.squares);
}

INSTANTIATE_TEST_SUITE_P(Methods, Smoother,
                         testing::Values(AdditiveSmoother::Method::genealogical,
                                         AdditiveSmoother::Method::forward,
                                         AdditiveSmoother::Method::paris));

TEST(BackwardSampling, DrawsTheSamePathsOnAnyNumberOfRanks) {
  const ProcessGrid world(MPI_COMM_WORLD), alone(MPI_COMM_SELF);
  const std::vector<Real> y = test_support::observations(5);
  const auto run = [&](const ProcessGrid& processes, std::vector<Real>& paths) {
    const auto context = context_of(processes, 21, 8);
    AdditiveSmoother smoother(context, density, AdditiveSmoother::Method::genealogical, 1);
    filters::BackwardSampling sampling(context, density, 5);
    test_support::smooth(context, smoother, y, &sampling);
    sampling.sample();
    for (Index k = 0; k < sampling.size(); ++k)
      for (Index i = 0; i < context.owned.size(); ++i) paths.push_back(sampling.path(k)(i, 0));
    return context.owned;
  };
  std::vector<Real> one, mine;
  run(alone, one);
  const Range owned = run(world, mine);
  for (Index k = 0; k < 5; ++k)
    for (Index i = 0; i < owned.size(); ++i)
      EXPECT_EQ(mine[static_cast<std::size_t>(k * owned.size() + i)],
                one[static_cast<std::size_t>(k * 21 + owned.begin + i)]);
}

// Three ancestors with known probabilities, and many draws.
TEST(BackwardKernel, DrawsAncestorsWithTheirProbabilities) {
  const ProcessGrid processes(MPI_COMM_SELF);
  const auto context = context_of(processes, 3, 4);
  constexpr Index draws = 20000;
  filters::BackwardKernel kernel(context, density, 1, draws);
  const std::vector<Real> forecasts = {0.0, 0.6, -1.0}, names = {0, 1, 2};
  const std::vector<Real> log_weights = {std::log(0.5), std::log(0.2), std::log(0.3)};
  const std::vector<Real> to = {0.3, 0.0, 1.0};
  std::vector<Real> out(3 * draws), expected(3);
  const filters::BackwardKernel::Generation from{make_rows(forecasts.data(), 3, 1),
                                                 log_weights.data(), make_rows(names.data(), 3, 1)};
  kernel.draw(make_rows(out.data(), 3 * draws, 1), make_rows(to.data(), 3, 1), from, 0);
  kernel.average(make_rows(expected.data(), 3, 1), make_rows(to.data(), 3, 1), from, 0);
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<Real> p(3), counts(3);
    Real total = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      const Real z = (to[i] - forecasts[j]) / test_support::q;
      total += p[j] = std::exp(log_weights[j] - z * z / 2);
    }
    for (std::size_t d = 0; d < draws; ++d)
      counts[static_cast<std::size_t>(out[i * draws + d])] += 1.0 / draws;
    for (std::size_t j = 0; j < 3; ++j)
      EXPECT_NEAR(counts[j], p[j] / total, 5 * std::sqrt(0.25 / draws));
    EXPECT_NEAR(expected[i], (p[1] + 2 * p[2]) / total, 1e-14);
  }
}

TEST(BackwardKernel, AllocatesNothing) {
  const ProcessGrid processes(MPI_COMM_SELF);
  const auto context = context_of(processes, 16, 4);
  AdditiveSmoother smoother(context, density, AdditiveSmoother::Method::paris, 2);
  const std::vector<Real> x(16, 0.1), weights(16, std::log(1.0 / 16));
  const std::vector<std::int64_t> parents(16, 3);
  const test_support::AllocationCounter allocations;
  smoother.advance(make_rows(x.data(), 16, 1), make_rows(x.data(), 16, 1), weights.data(), 0);
  smoother.resample(parents.data());
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(BackwardKernel, SaysWhereNoParticleCouldHaveLed) {
  const ProcessGrid processes(MPI_COMM_WORLD);
  const auto context = context_of(processes, 8, 4);
  AdditiveSmoother smoother(context, density, AdditiveSmoother::Method::paris, 2);
  const auto own = static_cast<std::size_t>(context.owned.size());
  const std::vector<Real> x(own, 0.0), gone(own, -std::numeric_limits<Real>::infinity());
  const ConstRows rows = make_rows(x.data(), context.owned.size(), 1);
  EXPECT_THROW(smoother.advance(rows, rows, gone.data(), 0), NumericalError);
}

TEST(GaussianTransition, NeedsNoise) { EXPECT_THROW(filters::GaussianTransition(0), InputError); }

}  // namespace
