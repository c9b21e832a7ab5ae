// SPDX-License-Identifier: BSD-3-Clause
// The other deterministic filters, against the Kalman filter and against each other.
#include "filters/denkf.hpp"
#include "filters/enkf_n.hpp"
#include "filters/estkf.hpp"
#include "filters/etkf.hpp"
#include "filters/problem.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace starling::filters {
namespace {

using linalg::Matrix;

template <class F>
Matrix run(const Problem& problem, typename F::Options options = {}) {
  return analyse(
      problem, [&](const FilterContext& context) { return std::make_unique<F>(context, options); });
}

void expect_near(const Matrix& a, const Matrix& b, Real tolerance) {
  for (Index m = 0; m < a.rows(); ++m)
    for (Index j = 0; j < a.columns(); ++j) EXPECT_NEAR(a(m, j), b(m, j), tolerance);
}

// Members 0 and 2: variance 2; observation 4 with error variance 2: gain 1/2.
Problem scalar() {
  Problem problem(2, 1, 1);
  problem.ensemble(1, 0) = problem.observed(1, 0) = 2;
  problem.value = {4};
  problem.variance = {2};
  return problem;
}

TEST(Estkf, HasTheEnsembleOfTheEtkf) {
  for (const Index observations : {1, 7, 300})
    for (const Index members : {2, 9, 24}) {
      const Problem problem = random_problem(members, 12, observations, 7);
      expect_near(run<Estkf>(problem), run<Etkf>(problem), 1e-12);
    }
}

TEST(Denkf, IsBayesRuleForTheMeanAndTakesHalfTheGainForAnomalies) {
  const Matrix analysis = run<Denkf>(scalar());
  EXPECT_NEAR(analysis(0, 0), 2.5 - 0.75, 1e-14);
  EXPECT_NEAR(analysis(1, 0), 2.5 + 0.75, 1e-14);
}

// P - K H P + K H P H^T K^T / 4 (sakov2008, eq. 11).
TEST(Denkf, HasTheMeanOfKalmanAndTheCovarianceOfItsFormula) {
  Matrix h(7, 12);
  const Problem problem = random_problem(9, 12, 7, 7, &h);
  const Matrix p = covariance(problem.ensemble);
  const Kalman exact = kalman(mean(problem.ensemble), p, h, problem.value, problem.variance);
  const Matrix analysis = run<Denkf>(problem), spread = covariance(analysis);
  const auto centre = mean(analysis);
  Matrix hp(7, 12), khp(12, 12);
  for (Index o = 0; o < 7; ++o)
    for (Index j = 0; j < 12; ++j)
      for (Index k = 0; k < 12; ++k) hp(o, j) += h(o, k) * p(k, j);
  for (Index i = 0; i < 12; ++i)
    for (Index j = 0; j < 12; ++j)
      for (Index o = 0; o < 7; ++o) khp(i, j) += exact.gain(i, o) * hp(o, j);
  for (Index i = 0; i < 12; ++i) {
    EXPECT_NEAR(centre[static_cast<std::size_t>(i)], exact.mean[static_cast<std::size_t>(i)],
                1e-12);
    for (Index j = 0; j < 12; ++j) {
      Real quarter = 0;
      for (Index o = 0; o < 7; ++o)
        for (Index k = 0; k < 12; ++k) quarter += khp(i, k) * h(o, k) * exact.gain(j, o) / 4;
      EXPECT_NEAR(spread(i, j), exact.covariance(i, j) + quarter, 1e-12);
    }
  }
}

// The definition: λ is where J of the header is least, by brute force.
TEST(EnkfN, MinimisesItsCost) {
  const std::vector<Real> l{0, 0.5, 2, 9, 30}, squares{0, 4, 1, 50, 200};
  constexpr Index members = 5;
  for (const Real certainty : {1.0, 2.0, 0.5})
    for (const Real nullity : {0.0, 1.0}) {
      const Real n = members;
      Real share = 0;
      for (const Real value : l) share += (n - 1) / (value + n - 1) / n;
      const Real raw_e = (n + 1) / n, raw_c = (n + nullity) / (n - 1);
      const Real m = std::sqrt(std::pow(raw_e / raw_c, share));
      const Real e = certainty * raw_e / m, c = certainty * raw_c * m;
      const auto cost = [&](Real lambda) {
        Real sum = e / lambda + c * std::log(lambda);
        for (std::size_t k = 1; k < l.size(); ++k)
          sum += squares[k] / l[k] / (lambda * l[k] + n - 1);
        return sum;
      };
      Real best = 1;
      for (Real lambda = 0.05; lambda < 50; lambda *= 1.0001)
        if (cost(lambda) < cost(best)) best = lambda;
      for (const bool dual : {true, false}) {
        EnkfN::Options options;
        options.certainty = certainty;
        options.nullity = nullity;
        options.dual = dual;
        const auto found = EnkfN::estimate(l.data(), squares.data(), members, options);
        EXPECT_NEAR(found.lambda / best, 1, 2e-4) << "dual " << dual;
      }
    }
}

// The analysis with the factor it reports is that of an ETKF with this factor on its background.
TEST(EnkfN, IsAnEtkfWithTheFactorItReports) {
  const Problem problem = random_problem(9, 12, 40, 7);
  const Share share = fair_share(problem, MPI_COMM_SELF);
  const FilterContext context = context_of(problem, MPI_COMM_SELF, share);
  Array<Real**> one("one", 9, 12), other("other", 9, 12), observed("observed", 9, 40);
  for (Index m = 0; m < 9; ++m) {
    std::copy_n(problem.ensemble.row(m), 12, &one(m, 0));
    std::copy_n(problem.ensemble.row(m), 12, &other(m, 0));
    std::copy_n(problem.observed.row(m), 40, &observed(m, 0));
  }
  const Report report = EnkfN(context, {}).analyse(analysis_of(problem, one, observed, share, 0));
  EXPECT_GT(std::abs(report.inflation - 1), 0.05);
  Etkf(context, {{.prior = report.inflation}, false})
      .analyse(analysis_of(problem, other, observed, share, 0));
  for (Index m = 0; m < 9; ++m)
    for (Index j = 0; j < 12; ++j) EXPECT_NEAR(one(m, j), other(m, j), 1e-12);
}

}  // namespace
}  // namespace starling::filters
