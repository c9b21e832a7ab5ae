// SPDX-License-Identifier: BSD-3-Clause
// Ensembles drawn from a known Gaussian, analysed, against the exact Kalman filter for that
// Gaussian.
#include "core/random.hpp"
#include "filters/enkf_n.hpp"
#include "filters/estkf.hpp"
#include "filters/etkf.hpp"
#include "filters/problem.hpp"
#include "filters/serial_filter.hpp"
#include "filters/stochastic_enkf.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace starling::filters {
namespace {

using linalg::Matrix;

// Three dofs: correlated prior of mean (1, -1, 2) = F z, two observations.
struct Gaussian {
  Matrix factor{3, 3}, covariance{3, 3}, h{2, 3};
  std::vector<Real> mean{1, -1, 2}, value{2, 0.5}, variance{0.7, 1.4};

  Gaussian() {
    const Real rows[3][3] = {{1, 0, 0}, {0.5, 1.2, 0}, {-0.3, 0.4, 0.8}};
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 3; ++j) factor(i, j) = rows[i][j];
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 3; ++j)
        for (Index k = 0; k < 3; ++k) covariance(i, j) += factor(i, k) * factor(j, k);
    h(0, 0) = 1;
    h(1, 1) = 0.5;
    h(1, 2) = 1;
  }

  Problem sample(Index members, std::uint64_t seed) const {
    Problem problem(members, 3, 2);
    problem.value = value;
    problem.variance = variance;
    for (Index m = 0; m < members; ++m) {
      const Stream z(seed, Purpose::initial_perturbation, static_cast<std::uint64_t>(m), 0);
      for (Index i = 0; i < 3; ++i) {
        problem.ensemble(m, i) = mean[static_cast<std::size_t>(i)];
        for (Index k = 0; k < 3; ++k)
          problem.ensemble(m, i) += factor(i, k) * z.normal(static_cast<std::uint64_t>(k));
      }
      for (Index o = 0; o < 2; ++o)
        for (Index i = 0; i < 3; ++i) problem.observed(m, o) += h(o, i) * problem.ensemble(m, i);
    }
    return problem;
  }
};

struct Errors {
  Real mean = 0, covariance = 0;
};

// Root mean square over repetitions of the distance from the exact posterior.
Errors errors(const MakeFilter& make, Index members, std::uint64_t repetitions) {
  const Gaussian prior;
  const Kalman exact = kalman(prior.mean, prior.covariance, prior.h, prior.value, prior.variance);
  Errors sum;
  for (std::uint64_t r = 0; r < repetitions; ++r) {
    const Matrix analysis = analyse(prior.sample(members, r), make, 0, r);
    const auto centre = mean(analysis);
    const Matrix spread = covariance(analysis);
    for (Index i = 0; i < 3; ++i) {
      const auto c = static_cast<std::size_t>(i);
      sum.mean += std::pow(centre[c] - exact.mean[c], 2);
      for (Index j = 0; j < 3; ++j)
        sum.covariance += std::pow(spread(i, j) - exact.covariance(i, j), 2);
    }
  }
  const auto count = static_cast<Real>(repetitions);
  return {std::sqrt(sum.mean / count), std::sqrt(sum.covariance / count)};
}

void expect_convergence(const MakeFilter& make) {
  const Errors few = errors(make, 32, 200), many = errors(make, 512, 50);
  // 16 times the members, a quarter of the error; the ratios scatter by about 10 %.
  EXPECT_NEAR(few.mean / many.mean, 4, 1.2) << few.mean << ' ' << many.mean;
  EXPECT_NEAR(few.covariance / many.covariance, 4, 1.2) << few.covariance << ' ' << many.covariance;
  EXPECT_LT(many.mean, 0.1);
  EXPECT_LT(many.covariance, 0.15);
}

TEST(Convergence, OfTheStochasticEnkfIsThatOfSampling) {
  expect_convergence([](const FilterContext& context) {
    return std::make_unique<StochasticEnkf>(context, StochasticEnkf::Options{});
  });
}

TEST(Convergence, OfTheEtkfIsThatOfSampling) {
  expect_convergence([](const FilterContext& context) {
    return std::make_unique<Etkf>(context, Etkf::Options{});
  });
}

TEST(Convergence, OfTheEstkfIsThatOfSampling) {
  expect_convergence([](const FilterContext& context) {
    return std::make_unique<Estkf>(context, Estkf::Options{});
  });
}

TEST(Convergence, OfTheSerialFiltersIsThatOfSampling) {
  for (const auto rule : {ScalarUpdate::Rule::square_root, ScalarUpdate::Rule::stochastic})
    expect_convergence([rule](const FilterContext& context) {
      return std::make_unique<SerialFilter>(context, SerialFilter::Options{.rule = rule});
    });
}

// On a Gaussian problem the rank histogram filter has nothing to gain, but makes no error of its
// own that would not vanish with the members.
TEST(Convergence, OfTheRankHistogramFilterIsThatOfSampling) {
  expect_convergence([](const FilterContext& context) {
    return std::make_unique<SerialFilter>(
        context, SerialFilter::Options{.rule = ScalarUpdate::Rule::rank_histogram});
  });
}

// What it takes for sampling errors of the background is of order 1 / N.
TEST(Convergence, OfTheFiniteSizeFilterIsThatOfSampling) {
  expect_convergence([](const FilterContext& context) {
    return std::make_unique<EnkfN>(context, EnkfN::Options{});
  });
}

// E over perturbations of the analysis covariance: (I - K H) P (I - K H)^T + N / (N - 1) K R K^T,
// as each perturbation has the variance R and N of them sum to zero.
TEST(Convergence, StochasticEnkfHasTheSpreadOfItsPerturbations) {
  constexpr Index members = 5;
  constexpr int cycles = 40000;
  const Gaussian prior;
  const Problem problem = prior.sample(members, 1);
  const Matrix p = covariance(problem.ensemble);
  const Kalman exact = kalman(mean(problem.ensemble), p, prior.h, prior.value, prior.variance);
  Matrix expected(3, 3), remaining(3, 3);
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) {
      remaining(i, j) = i == j ? 1 : 0;
      for (Index o = 0; o < 2; ++o) {
        remaining(i, j) -= exact.gain(i, o) * prior.h(o, j);
        expected(i, j) += static_cast<Real>(members) / (members - 1) * exact.gain(i, o) *
                          exact.gain(j, o) * prior.variance[static_cast<std::size_t>(o)];
      }
    }
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < 3; ++k)
        for (Index l = 0; l < 3; ++l) expected(i, j) += remaining(i, k) * p(k, l) * remaining(j, l);

  Matrix average(3, 3), squares(3, 3);
  for (int cycle = 0; cycle < cycles; ++cycle) {
    const Matrix spread = covariance(analyse(
        problem,
        [](const FilterContext& context) {
          return std::make_unique<StochasticEnkf>(context, StochasticEnkf::Options{});
        },
        cycle));
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 3; ++j) {
        average(i, j) += spread(i, j) / cycles;
        squares(i, j) += spread(i, j) * spread(i, j) / cycles;
      }
  }
  for (Index i = 0; i < 3; ++i)
    for (Index j = 0; j < 3; ++j) {
      const Real error =
          std::sqrt((squares(i, j) - average(i, j) * average(i, j)) / static_cast<Real>(cycles));
      EXPECT_NEAR(average(i, j), expected(i, j), 5 * error);
      EXPECT_LT(error, 0.01 * expected(0, 0));
    }
}

}  // namespace
}  // namespace starling::filters
