// SPDX-License-Identifier: BSD-3-Clause
// Particle filters against the exact Kalman filter of a linear Gaussian process.
#include "core/random.hpp"
#include "filters/auxiliary.hpp"
#include "filters/bootstrap.hpp"
#include "filters/optimal_proposal.hpp"
#include "filters/particles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace starling::filters {
namespace {

// x_t = a x_{t-1} + q z, y_t = x_t + r e, x_0 Gaussian about 0.
struct Ar1 {
  Real a, q, r;
  Index steps;
  Real start = 0;  // standard deviation of x_0; 0: that of the stationary law
  Real variance() const { return start > 0 ? start * start : q * q / (1 - a * a); }
};

struct Exact {
  std::vector<Real> observations, means;
  Real log_likelihood = 0;
};

Exact kalman_run(const Ar1& process, std::uint64_t run) {
  const Stream numbers(1000 + run, Purpose::initial_perturbation, 0, 0);
  Exact exact;
  Real x = std::sqrt(process.variance()) * numbers.normal(0), mean = 0,
       variance = process.variance();
  for (Index t = 0; t < process.steps; ++t) {
    const auto k = static_cast<std::uint64_t>(t);
    x = process.a * x + process.q * numbers.normal(2 * k + 1);
    const Real y = x + process.r * numbers.normal(2 * k + 2);
    mean *= process.a;
    variance = process.a * process.a * variance + process.q * process.q;
    const Real c = variance + process.r * process.r;
    exact.log_likelihood -= (std::log(2 * std::acos(-1.0) * c) + (y - mean) * (y - mean) / c) / 2;
    mean += variance / c * (y - mean);
    variance *= process.r * process.r / c;
    exact.observations.push_back(y);
    exact.means.push_back(mean);
  }
  return exact;
}

struct Estimate {
  Real rmse, log_likelihood;  // of the mean against the exact one, over time
};

// The whole run of a particle filter; what is sent to weigh() is the forecast. `slope` is what a
// filter that looks ahead believes H to be, which is 1.
Estimate particle_run(const Ar1& process, const Exact& exact, Index n,
                      const MakeParticleFilter& make, std::uint64_t seed, Real slope = 1) {
  const auto count = static_cast<std::size_t>(n);
  Array<Real**> particles("particles", count, 1), forecasts("forecasts", count, 1);
  std::vector<Real> log_weights(count, -std::log(static_cast<Real>(n)));
  std::vector<std::int64_t> parents(count);
  const auto filter = make({MPI_COMM_SELF, n, {0, n}, 1, 1, seed});
  for (Index i = 0; i < n; ++i)
    particles(i, 0) =
        std::sqrt(process.variance()) *
        Stream(seed, Purpose::initial_perturbation, static_cast<std::uint64_t>(i), 0).normal(0);
  Estimate estimate{0, 0};
  const Real variance = process.r * process.r;
  for (Index t = 0; t < process.steps; ++t) {
    for (Index i = 0; i < n; ++i) {
      forecasts(i, 0) = process.a * particles(i, 0);
      particles(i, 0) = forecasts(i, 0) + process.q * Stream(seed, Purpose::truth_perturbation,
                                                             static_cast<std::uint64_t>(i),
                                                             static_cast<std::uint64_t>(t))
                                                          .normal(0);
    }
    ParticleAnalysis analysis{particles,     log_weights.data(),
                              forecasts,     &exact.observations[static_cast<std::size_t>(t)],
                              &variance,     t,
                              parents.data()};
    if (filter->looks_ahead())
      filter->look_ahead(analysis, {forecasts, process.q * process.q,
                                    make_rows(static_cast<const Real*>(&slope), 1, 1)});
    analysis.observed = particles;
    Report report = filter->weigh(analysis);
    Real mean = 0;
    for (Index i = 0; i < n; ++i)
      mean += std::exp(log_weights[static_cast<std::size_t>(i)]) * particles(i, 0);
    const Real error = mean - exact.means[static_cast<std::size_t>(t)];
    estimate.rmse += error * error / static_cast<Real>(process.steps);
    estimate.log_likelihood += report.log_likelihood;
    filter->resample(analysis, report);
  }
  estimate.rmse = std::sqrt(estimate.rmse);
  return estimate;
}

MakeParticleFilter bootstrap(const std::string& text) {
  return [text](const ParticleContext& context) {
    Config config = Config::parse("[filter]\n" + text, "test.toml");
    return std::make_unique<Bootstrap>(
        context, Selection::options(config.section("filter", Selection::schema())));
  };
}

MakeParticleFilter auxiliary(bool adapted, Real threshold = 1) {
  return [=](const ParticleContext& context) {
    return std::make_unique<Auxiliary>(context,
                                       Auxiliary::Options{adapted, {.threshold = threshold}});
  };
}

// Root of the mean square over independent runs.
Real error_of(const Ar1& process, Index n, const MakeParticleFilter& make, std::uint64_t runs) {
  Real sum = 0;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const Real rmse = particle_run(process, kalman_run(process, run), n, make, 50 + run).rmse;
    sum += rmse * rmse;
  }
  return std::sqrt(sum / static_cast<Real>(runs));
}

const Ar1 mild{0.9, 0.5, 0.5, 20};

// Over a factor of 64 in N the error falls by 8, within the scatter of 40 runs.
TEST(ParticleConvergence, BootstrapTendsToTheKalmanFilterAsOneOverTheRootOfN) {
  for (const char* kind : {"multinomial", "residual", "stratified", "systematic"}) {
    const auto make = bootstrap(std::string("resampling = '") + kind + "'\n");
    const Real few = error_of(mild, 64, make, 40), many = error_of(mild, 4096, make, 40);
    EXPECT_NEAR(std::log(few / many) / std::log(64.0), 0.5, 0.06) << kind;
  }
}

// E[exp(log_likelihood)] is the exact one; 400 runs, within 4 standard errors.
TEST(ParticleConvergence, TheLikelihoodIsUnbiased) {
  const Ar1 process{0.9, 0.5, 0.5, 6};
  const Exact exact = kalman_run(process, 3);
  for (const char* kind : {"multinomial", "residual", "stratified", "systematic"}) {
    const auto make = bootstrap(std::string("threshold = 0.9\nresampling = '") + kind + "'\n");
    constexpr int runs = 400;
    Real sum = 0, squares = 0;
    for (int run = 0; run < runs; ++run) {
      const Real quotient = std::exp(
          particle_run(process, exact, 100, make, static_cast<std::uint64_t>(run)).log_likelihood -
          exact.log_likelihood);
      sum += quotient;
      squares += quotient * quotient;
    }
    const Real mean = sum / runs, error = std::sqrt((squares / runs - mean * mean) / runs);
    EXPECT_NEAR(mean, 1, 4 * error) << kind;
    EXPECT_LT(error, 0.03);
  }
}

// 200 runs each over one record; the logarithm of an RMS has standard error 1 / sqrt(400) for
// Gaussian errors, and 4 of both are allowed.
TEST(ParticleConvergence, TheLogLikelihoodTendsToThatOfTheKalmanFilter) {
  const Exact exact = kalman_run(mild, 3);
  const std::pair<const char*, MakeParticleFilter> filters[] = {
      {"bootstrap", bootstrap("threshold = 1\n")},
      {"auxiliary", auxiliary(false)},
      {"adapted", auxiliary(true)}};
  for (const auto& [name, make] : filters) {
    const auto error = [&, make = make](Index n) {
      Real sum = 0;
      for (std::uint64_t run = 0; run < 200; ++run) {
        const Real d =
            particle_run(mild, exact, n, make, 70 + run).log_likelihood - exact.log_likelihood;
        sum += d * d / 200;
      }
      return std::sqrt(sum);
    };
    EXPECT_NEAR(std::log(error(64) / error(512)) / std::log(8.0), 0.5,
                4 * std::sqrt(2.0 / 400) / std::log(8.0))
        << name;
  }
}

TEST(Auxiliary, TendsToTheKalmanFilterAsOneOverTheRootOfN) {
  for (const bool adapted : {false, true})
    for (const Real threshold : {0.5, 1.0}) {
      const auto make = auxiliary(adapted, threshold);
      const Real few = error_of(mild, 64, make, 40), many = error_of(mild, 4096, make, 40);
      EXPECT_NEAR(std::log(few / many) / std::log(64.0), 0.5, 0.06)
          << "adapted " << adapted << ", threshold " << threshold;
    }
}

// Whatever the slope of H is believed to be; 800 runs, within 4 standard errors.
TEST(Auxiliary, TheLikelihoodIsUnbiased) {
  const Ar1 process{0.9, 0.5, 0.5, 6};
  const Exact exact = kalman_run(process, 3);
  struct Case {
    bool adapted;
    Real threshold, slope;
  };
  for (const auto& [adapted, threshold, slope] :
       {Case{false, 1, 0}, Case{true, 1, 1}, Case{true, 0.7, 1}, Case{true, 1, 0.5}}) {
    const auto make = auxiliary(adapted, threshold);
    constexpr int runs = 800;
    Real sum = 0, squares = 0;
    for (int run = 0; run < runs; ++run) {
      const Real quotient =
          std::exp(particle_run(process, exact, 100, make, static_cast<std::uint64_t>(run), slope)
                       .log_likelihood -
                   exact.log_likelihood);
      sum += quotient;
      squares += quotient * quotient;
    }
    const Real mean = sum / runs, error = std::sqrt((squares / runs - mean * mean) / runs);
    EXPECT_NEAR(mean, 1, 4 * error) << "adapted " << adapted << ", slope " << slope;
    EXPECT_LT(error, 0.03);
  }
}

// Where H is linear and known the noise has its law given the observation, and no weight is left.
TEST(Auxiliary, AllWeightsAreEqualWhereItIsFullyAdapted) {
  Array<Real**> particles("particles", 8, 1), forecasts("forecasts", 8, 1);
  std::vector<Real> log_weights(8, -std::log(8.0));
  std::vector<std::int64_t> parents(8);
  for (Index i = 0; i < 8; ++i) {
    forecasts(i, 0) = static_cast<Real>(i);
    particles(i, 0) = forecasts(i, 0) + 0.3 * static_cast<Real>(i % 3 - 1);
  }
  const Real value = 2.5, variance = 0.4, slope = 1;
  ParticleAnalysis analysis{particles, log_weights.data(), forecasts, &value, &variance,
                            0,         parents.data()};
  const auto filter = auxiliary(true)({MPI_COMM_SELF, 8, {0, 8}, 1, 1, 1});
  filter->look_ahead(analysis, {forecasts, 0.09, make_rows(&slope, 1, 1)});
  analysis.observed = particles;
  const Report report = filter->weigh(analysis);
  EXPECT_NEAR(report.effective_size, 8, 1e-10);
  Real likelihood = 0;
  for (int i = 0; i < 8; ++i)
    likelihood += std::exp(-(value - i) * (value - i) / (2 * 0.49)) /
                  std::sqrt(2 * std::acos(-1.0) * 0.49) / 8;
  EXPECT_NEAR(report.log_likelihood, std::log(likelihood), 1e-12);
}

// The problem of the table in Annealing: T = 30, sharp observations. `other` is the error of a
// fully adapted filter of others over 60 runs, with the same a, q, r and T; it forgets its start,
// which they do not tell, at once. If all errors of a run were one Gaussian number, the logarithm
// of their RMS over R runs would have standard error 1 / sqrt(2 R): 4 of both are allowed.
TEST(Auxiliary, BeatsTheBootstrapFilterWhereObservationsAreSharp) {
  const Ar1 sharp{0.98, 0.1, 0.03, 30, 1};
  struct Case {
    Index n;
    std::uint64_t runs;
    Real other;
  };
  for (const auto& [n, runs, other] :
       {Case{64, 60, 0.0041}, Case{1024, 60, 0.00090}, Case{16384, 12, 0.00023}}) {
    const Real plain = error_of(sharp, n, bootstrap("threshold = 1\n"), runs),
               first = error_of(sharp, n, auxiliary(false), runs),
               adapted = error_of(sharp, n, auxiliary(true), runs);
    std::printf("AR(1) N = %5td: bootstrap %.5f auxiliary %.5f adapted %.5f, a factor of %.1f\n", n,
                plain, first, adapted, plain / adapted);
    EXPECT_LT(adapted, runs < 60 ? plain : plain / 2);
    EXPECT_NEAR(std::log(adapted / other), 0,
                4 * std::sqrt(1 / (2 * static_cast<Real>(runs)) + 1.0 / 120));
  }
}

// What Annealing says of itself, for a process whose observations are sharp, T = 30, and a wide
// start: dropping the residual gains with few particles and a limit, and leaves a floor with many;
// keeping it costs much where the temperature has no limit, and nothing where it is at most 2.
TEST(ParticleConvergence, AnnealingGainsForFewParticlesAndBiasesMany) {
  const Ar1 sharp{0.98, 0.1, 0.03, 30, 1};
  const auto annealed = [](const std::string& limit, const std::string& correct) {
    return bootstrap("threshold = 1\nannealing = 'effective_size'\nannealing_cycles = 30\n" +
                     limit + "correct = '" + correct + "'\n");
  };
  const std::string free = "tau_max = 1e9\n";
  const MakeParticleFilter filters[] = {bootstrap("threshold = 1\n"), annealed(free, "none"),
                                        annealed(free, "residual"), annealed("", "residual"),
                                        annealed("", "none")};
  Real error[2][5];
  for (int many = 0; many < 2; ++many)
    for (int k = 0; k < 5; ++k)
      error[many][k] = error_of(sharp, many ? 16384 : 64, filters[k], many ? 12 : 300);
  for (int many = 0; many < 2; ++many)
    std::printf(
        "AR(1) N = %5d: none %.5f dropped %.5f kept %.5f kept, tau 2 %.5f dropped, tau 2 %.5f\n",
        many ? 16384 : 64, error[many][0], error[many][1], error[many][2], error[many][3],
        error[many][4]);
  EXPECT_LT(error[0][4], error[0][0]);
  EXPECT_GT(error[1][1], 2 * error[1][0]);
  EXPECT_GT(error[1][2], 2 * error[1][1]);
  EXPECT_LT(error[1][3], 1.5 * error[1][0]);
}

// Without a kernel it is the bootstrap filter.
TEST(OptimalProposal, WithoutAKernelIsTheBootstrapFilter) {
  const Problem problem = random_problem(30, 4, 3, 5);
  const auto one = analyse(problem, bootstrap("threshold = 0\n"), MPI_COMM_SELF);
  const auto other = analyse(
      problem,
      [](const ParticleContext& context) {
        return std::make_unique<OptimalProposal>(context, OptimalProposal::Options{0, {{}, 0}});
      },
      MPI_COMM_SELF);
  EXPECT_NEAR(one.report.log_likelihood, other.report.log_likelihood, 1e-11);
  for (Index m = 0; m < 30; ++m) {
    EXPECT_NEAR(one.log_weights[static_cast<std::size_t>(m)],
                other.log_weights[static_cast<std::size_t>(m)], 1e-11);
    for (Index j = 0; j < 4; ++j) EXPECT_EQ(other.particles(m, j), problem.ensemble(m, j));
  }
}

// Equal members in x but for one direction make the prior a mixture of Gaussian kernels; with all
// members equal there is no kernel. With one wide kernel, h kernel >> 1, the particles are draws
// of the Kalman posterior of covariance B = (kernel h)^2 P about each: mean over particles of
// x_i + K (y - H x_i), weighted.
TEST(OptimalProposal, DrawsFromThePosteriorOfItsKernel) {
  constexpr Index n = 4000;
  linalg::Matrix h(2, 3);
  const Problem problem = random_problem(n, 3, 2, 9, &h);
  const Real kernel = 1.5, width = kernel * scott_bandwidth(n, 3);
  const auto result = analyse(
      problem,
      [&](const ParticleContext& context) {
        return std::make_unique<OptimalProposal>(context,
                                                 OptimalProposal::Options{kernel, {{}, 0}});
      },
      MPI_COMM_SELF);
  linalg::Matrix b = covariance(problem.ensemble);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) b(i, j) *= width * width;
  // By dense algebra for each particle.
  Real largest = 0;
  std::vector<Real> centre(3), spread(3);
  for (Index m = 0; m < n; ++m) {
    const std::vector<Real> x(problem.ensemble.row(m), problem.ensemble.row(m) + 3);
    const Kalman posterior = kalman(x, b, h, problem.value, problem.variance);
    for (Index j = 0; j < 3; ++j) {
      const auto k = static_cast<std::size_t>(j);
      const Real d = result.particles(m, j) - posterior.mean[k];
      centre[k] += d / n;
      spread[k] += d * d / n;
      largest = posterior.covariance(j, j);
      if (m == n - 1) {
        EXPECT_NEAR(centre[k], 0, 4.5 * std::sqrt(largest / n));
        EXPECT_NEAR(spread[k], largest, 4.5 * largest * std::sqrt(2.0 / n));
      }
    }
  }
}

}  // namespace
}  // namespace starling::filters
