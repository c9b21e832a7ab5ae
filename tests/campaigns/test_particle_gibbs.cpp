// SPDX-License-Identifier: BSD-3-Clause
// The particle Gibbs sampler against the exact smoother (rauch1965) of a linear Gaussian process.
#include "app/build.hpp"
#include "support/mpi_test.hpp"
#include "support/scalar_smoother.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace starling;

constexpr Real q = 0.5, r = 0.7;
// One step of rk4 with dt = 1 of dx/dt = -0.1 x.
constexpr Real a = 1 - 0.1 + 0.01 / 2 - 0.001 / 6 + 0.0001 / 24;

// Mean and second moment of x_k given all observations, each analysis.
struct Moments {
  std::vector<Real> mean, second;
};

Moments exact(const std::vector<Real>& y) {
  const auto [mean, variance] = test_support::exact_smoother(y, a, q, r);
  Moments moments{mean, variance};
  for (std::size_t k = 0; k < mean.size(); ++k) moments.second[k] += mean[k] * mean[k];
  return moments;
}

// Errors of what a smoother says of a twin experiment: observations, particles and sweeps are those
// of `seed`.
Moments errors(const std::string& smoother, Index members, Index cycles, std::uint64_t seed) {
  std::string text = fmt::format("[run]\nseed = {}\n", seed);
  text += "[model]\nname = \"linear_gaussian\"\nfamily = \"ar1\"\nrate = 0.1\n";
  text += "[stepper]\nscheme = \"rk4\"\ndt = 1.0\n[model_error]\nstd = 0.5\n";
  text += fmt::format("[ensemble]\nmembers = {}\ninitial = \"gaussian\"\nstd = 1.0\n", members);
  text += "[observations]\nsource = \"twin\"\nnetwork = \"all\"\ninterval = 1\nerror_std = 0.7\n";
  text += "[filter]\nname = \"bootstrap\"\nthreshold = 1.0\nresampling = \"multinomial\"\n";
  text += "[smoother]\n" + smoother;
  text += fmt::format("[assimilation]\ncycles = {}\n", cycles);
  Config config = Config::parse(text, "gibbs.toml");
  app::AssimilationRun run =
      app::build_assimilation(config, app::builtin_registry(), {}, MPI_COMM_SELF);
  run.initial->start(*run.ensemble, run.truth.get(), *run.system.forecast);
  campaigns::Cycle& cycle = run.campaign->cycle();
  std::vector<Real> y;
  for (Index n = 0; n < cycles; ++n) {
    cycle.forecast(n, 1);
    cycle.analyse(n);
    y.push_back(cycle.batch().value[0]);
  }
  for (Index s = 0; s < cycle.stages(); ++s) cycle.stage(s);
  const campaigns::SmoothedRun smoothed = cycle.smoothed();
  Moments result = exact(y);
  for (std::size_t k = 0; k < y.size(); ++k) {
    const Real mean = smoothed.mean[k], spread = smoothed.spread[k];
    result.mean[k] = mean - result.mean[k];
    result.second[k] = mean * mean + spread * spread - result.second[k];
  }
  return result;
}

struct Average {
  Real mean = 0, error = 0;
};

Average average(const std::vector<Real>& x) {
  const auto n = static_cast<Real>(x.size());
  Real sum = 0, squares = 0;
  for (const Real each : x) sum += each;
  for (const Real each : x) squares += (each - sum / n) * (each - sum / n);
  return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

std::string sweeps(Index count, Index burn_in) {
  return fmt::format("name = \"particle_gibbs\"\nsweeps = {}\nburn_in = {}\n", count, burn_in);
}

// With 4 particles backward sampling is far off; averages over many sweeps are not, at any time.
// After the 40 sweeps left out a bias of the order of one standard error remains. 2 x 8 numbers
// within 4 of them: one in a thousand such tests would fail by chance.
TEST(ParticleGibbs, HasTheExactMomentsWithFourParticles) {
  constexpr Index cycles = 8;
  constexpr int runs = 600;
  std::vector<std::vector<Real>> means(cycles), seconds(cycles);
  for (int run = 0; run < runs; ++run) {
    const Moments error = errors(sweeps(240, 40), 4, cycles, 100 + static_cast<std::uint64_t>(run));
    for (std::size_t k = 0; k < cycles; ++k) {
      means[k].push_back(error.mean[k]);
      seconds[k].push_back(error.second[k]);
    }
  }
  for (std::size_t k = 0; k < cycles; ++k) {
    const Average mean = average(means[k]), second = average(seconds[k]);
    std::printf("analysis %zu: E[x] off by %.4f +- %.4f, E[x^2] by %.4f +- %.4f\n", k, mean.mean,
                mean.error, second.mean, second.error);
    EXPECT_NEAR(mean.mean, 0, 4 * mean.error) << "analysis " << k;
    EXPECT_NEAR(second.mean, 0, 4 * second.error) << "analysis " << k;
    EXPECT_LT(second.error, 0.02);  // about a tenth of the variance given all observations
  }
}

// The bias of the sum of E[x_k^2] over k, averaged over observations too. It falls geometrically,
// with 3 particles by about a tenth in a sweep. The same experiments have one bias less than the
// other by more than 4 standard errors of their difference; after 60 sweeps there is none to see.
TEST(ParticleGibbs, TheBiasFallsWithTheSweeps) {
  constexpr Index cycles = 12;
  constexpr std::uint64_t runs = 2000;
  const auto sample = [&](const std::string& smoother) {
    std::vector<Real> sums;
    for (std::uint64_t run = 0; run < runs; ++run) {
      const Moments error = errors(smoother, 3, cycles, 5000 + run);
      Real sum = 0;
      for (const Real each : error.second) sum += each / cycles;
      sums.push_back(sum);
    }
    return sums;
  };
  const std::vector<Real> after[] = {sample("name = \"backward_sampling\"\n"), sample(sweeps(3, 2)),
                                     sample(sweeps(12, 11)), sample(sweeps(60, 59))};
  Average bias[4];
  for (int i = 0; i < 4; ++i) {
    bias[i] = average(after[i]);
    std::printf("bias of E[x^2], N = 3, after %d sweeps: %.4f +- %.4f\n",
                std::vector{0, 3, 12, 60}[static_cast<std::size_t>(i)], bias[i].mean,
                bias[i].error);
    if (i == 0) continue;
    std::vector<Real> gains;
    for (std::size_t run = 0; run < runs; ++run) gains.push_back(after[i][run] - after[i - 1][run]);
    const Average gain = average(gains);
    std::printf("gain %.4f +- %.4f\n", gain.mean, gain.error);
    EXPECT_GT(gain.mean, 4 * gain.error) << i;  // the bias is negative: variance is lost
  }
  EXPECT_LT(bias[0].mean, -4 * bias[0].error);
  EXPECT_NEAR(bias[3].mean, 0, 4 * bias[3].error);
  EXPECT_LT(4 * bias[3].error, std::abs(bias[0].mean) / 4);
}

}  // namespace
