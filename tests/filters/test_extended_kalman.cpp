// SPDX-License-Identifier: BSD-3-Clause
// The Kalman filter against dense algebra, cycle after cycle, and its tangent linear model against
// the analytic one.
#include "core/error.hpp"
#include "core/random.hpp"
#include "filters/extended_kalman.hpp"
#include "filters/static_problem.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace starling::filters {
namespace {

using linalg::Matrix;
using test_support::world;

MakeFilter kalman_filter(Real step, Real inflation = 1) {
  return [=](const FilterContext& context) {
    return std::make_unique<ExtendedKalman>(context, ExtendedKalman::Options{inflation, step});
  };
}

TEST(KalmanFilter, FirstAnalysisIsThatOfTheSample) {
  for (const Real inflation : {1.0, 1.2}) {
    StaticProblem problem(24, 12, 20, 1, 5);
    const Matrix& sample = problem.problem.ensemble;
    Matrix prior = covariance(sample);
    for (Index i = 0; i < 12; ++i)
      for (Index j = 0; j < 12; ++j) prior(i, j) *= inflation * inflation;
    const Kalman dense =
        kalman(mean(sample), prior, problem.h, problem.problem.value, problem.problem.variance);
    const StaticAnalysis ours = analyse(problem, kalman_filter(1e-4, inflation), world());
    const std::vector<Real> mean_of_members = mean(ours.ensemble);
    for (Index j = 0; j < 12; ++j) {
      const auto at = static_cast<std::size_t>(j);
      EXPECT_NEAR(mean_of_members[at], dense.mean[at], 1e-12);
      EXPECT_NEAR(ours.background_deviation[at], std::sqrt(prior(j, j)), 1e-12);
      EXPECT_NEAR(ours.deviation[at], std::sqrt(dense.covariance(j, j)), 1e-12);
    }
  }
}

TEST(KalmanFilter, SameBitsForAnyNumberOfRanks) {
  const StaticProblem problem(2 * 27, 27, 600, 1, 5);
  const StaticAnalysis ours = analyse(problem, kalman_filter(1e-4), world()),
                       alone = analyse(problem, kalman_filter(1e-4), MPI_COMM_SELF);
  for (Index m = 0; m < 54; ++m)
    for (Index j = 0; j < 27; ++j) EXPECT_EQ(ours.ensemble(m, j), alone.ensemble(m, j));
  EXPECT_EQ(ours.deviation, alone.deviation);
}

TEST(KalmanFilter, HasTwoMembersForEachDof) {
  FilterContext context{MPI_COMM_SELF, 5, 10, 1};
  context.dofs = 3;
  EXPECT_THROW(ExtendedKalman(context, {}), InputError);
}

// A filter on one rank that sees all of `dofs` with errors of variance 1.
struct Twin {
  Twin(Index dofs, Real step) : n(dofs), members("members", at(2 * dofs), at(dofs)) {
    FilterContext context{.comm = MPI_COMM_SELF,
                          .members = 2 * dofs,
                          .observations = dofs,
                          .seed = 1,
                          .columns = {0, dofs},
                          .dofs = dofs};
    filter = std::make_unique<ExtendedKalman>(context, ExtendedKalman::Options{1, step});
    for (Index m = 0; m < 2 * n; ++m)
      Stream(4, Purpose::initial_perturbation, static_cast<std::uint64_t>(m), 0)
          .normals(&members(at(m), 0), n);
  }
  static std::size_t at(Index i) { return static_cast<std::size_t>(i); }

  void forecast(const std::function<void(Real*)>& model) {
    for (Index m = 0; m < 2 * n; ++m) model(&members(at(m), 0));
  }
  void analyse(const std::vector<Real>& value) {
    const std::vector<Real> variance(at(n), 1.0);
    const Array<Real**> observed("observed", at(2 * n), at(n));
    Kokkos::deep_copy(observed, members);
    filter->analyse({.ensemble = members,
                     .observed = observed,
                     .value = value.data(),
                     .variance = variance.data(),
                     .first_observation = 0,
                     .observations = n,
                     .cycle = 0});
  }
  std::vector<Real> mean() const {
    std::vector<Real> out(at(n));
    for (Index j = 0; j < n; ++j)
      for (Index m = 0; m < 2 * n; ++m) out[at(j)] += members(at(m), at(j)) / (2.0 * n);
    return out;
  }
  // Of pairs x̄ +- e s.
  Matrix covariance(Real step) const {
    Matrix out(n, n);
    for (Index k = 0; k < n; ++k)
      for (Index i = 0; i < n; ++i)
        for (Index j = 0; j < n; ++j)
          out(i, j) += (members(at(2 * k), at(i)) - members(at(2 * k + 1), at(i))) *
                       (members(at(2 * k), at(j)) - members(at(2 * k + 1), at(j))) /
                       (4 * step * step);
    return out;
  }

  Index n;
  Array<Real**> members;
  std::unique_ptr<ExtendedKalman> filter;
};

Matrix congruence(const Matrix& m, const Matrix& p) {  // M P M^T
  const Index n = p.rows();
  Matrix half(n, n), out(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      for (Index k = 0; k < n; ++k) half(i, j) += m(i, k) * p(k, j);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      for (Index k = 0; k < n; ++k) out(i, j) += half(i, k) * m(j, k);
  return out;
}

Matrix identity(Index n) {
  Matrix out(n, n);
  for (Index i = 0; i < n; ++i) out(i, i) = 1;
  return out;
}

// Thirty cycles of a linear model that grows and shrinks.
TEST(KalmanFilter, OfALinearModelIsTheMatrixRecursion) {
  const Index n = 6;
  Matrix m(n, n);
  const Stream draw(7, Purpose::initial_perturbation, 0, 0);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j)
      m(i, j) = 0.45 * draw.normal(static_cast<std::uint64_t>(i * n + j));
  const auto model = [&](Real* x) {
    std::vector<Real> y(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i)
      for (Index j = 0; j < n; ++j) y[static_cast<std::size_t>(i)] += m(i, j) * x[j];
    std::copy(y.begin(), y.end(), x);
  };
  for (const Real step : {1.0, 1e-3}) {
    Twin run(n, step);
    std::vector<Real> x = run.mean();
    Matrix sample(2 * n, n);
    for (Index k = 0; k < 2 * n; ++k)
      for (Index j = 0; j < n; ++j)
        sample(k, j) = run.members(static_cast<std::size_t>(k), static_cast<std::size_t>(j));
    Matrix p = covariance(sample);
    for (Index cycle = 0; cycle < 30; ++cycle) {
      std::vector<Real> value(static_cast<std::size_t>(n));
      Stream(8, Purpose::observation_noise, 0, static_cast<std::uint64_t>(cycle))
          .normals(value.data(), n);
      model(x.data());
      const Kalman dense = kalman(x, congruence(m, p), identity(n), value,
                                  std::vector<Real>(static_cast<std::size_t>(n), 1.0));
      x = dense.mean;
      p = dense.covariance;
      run.forecast(model);
      run.analyse(value);
      const std::vector<Real> ours = run.mean();
      const Matrix covariance = run.covariance(step);
      for (Index i = 0; i < n; ++i) {
        EXPECT_NEAR(ours[static_cast<std::size_t>(i)], x[static_cast<std::size_t>(i)], 1e-12);
        // Differences of numbers near 1 lose digits as their step shrinks.
        for (Index j = 0; j < n; ++j) EXPECT_NEAR(covariance(i, j), p(i, j), 1e-13 / step);
      }
    }
  }
}

// Lorenz-63 by one Euler step at a time, whose Jacobian is written down (lorenz1963, eqs. 25-27).
TEST(ExtendedKalman, CovarianceIsCarriedByTheTangentLinearModel) {
  const Real dt = 0.01, s = 10, r = 28, b = 8.0 / 3, step = 1e-4;
  const auto model = [=](Real* x) {
    const Real dx = s * (x[1] - x[0]), dy = x[0] * (r - x[2]) - x[1], dz = x[0] * x[1] - b * x[2];
    x[0] += dt * dx, x[1] += dt * dy, x[2] += dt * dz;
  };
  const auto jacobian = [=](const std::vector<Real>& x) {
    Matrix m = identity(3);
    const Real a[3][3] = {{-s, s, 0}, {r - x[2], -1, -x[0]}, {x[1], x[0], -b}};
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 3; ++j) m(i, j) += dt * a[i][j];
    return m;
  };
  Twin run(3, step);
  run.analyse({1, 1, 20});
  std::vector<Real> x = run.mean();
  Matrix p = run.covariance(step);
  for (Index cycle = 0; cycle < 20; ++cycle) {
    for (Index k = 0; k < 25; ++k) {
      p = congruence(jacobian(x), p);
      model(x.data());
      run.forecast(model);
    }
    const std::vector<Real> value = {x[0] + 1, x[1] - 0.5, x[2] + 0.2};
    const Kalman dense = kalman(x, p, identity(3), value, {1, 1, 1});
    x = dense.mean;
    p = dense.covariance;
    run.analyse(value);
    const std::vector<Real> ours = run.mean();
    const Matrix covariance = run.covariance(step);
    // Second order in the step.
    for (Index i = 0; i < 3; ++i) {
      EXPECT_NEAR(ours[static_cast<std::size_t>(i)], x[static_cast<std::size_t>(i)], 1e-6);
      for (Index j = 0; j < 3; ++j) EXPECT_NEAR(covariance(i, j), p(i, j), 1e-6);
    }
  }
}

}  // namespace
}  // namespace starling::filters
