// SPDX-License-Identifier: BSD-3-Clause
// What filters do to earlier ensembles (Analysis::past).
#include "filters/etkf.hpp"
#include "filters/problem.hpp"
#include "filters/stochastic_enkf.hpp"
#include "linalg/dense.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace starling::filters {
namespace {

using linalg::Matrix;

struct Smoothed {
  Matrix filtered, past;
};

Smoothed smooth(const Problem& problem, const MakeFilter& make, const Matrix& past, bool smooths) {
  const auto copy = [](const Matrix& from) {
    Array<Real**> out("copy", static_cast<std::size_t>(from.rows()),
                      static_cast<std::size_t>(from.columns()));
    for (Index m = 0; m < from.rows(); ++m)
      std::copy_n(from.row(m), from.columns(), out.data() + m * from.columns());
    return out;
  };
  const auto back = [](const Array<Real**>& from) {
    Matrix out(static_cast<Index>(from.extent(0)), static_cast<Index>(from.extent(1)));
    for (Index m = 0; m < out.rows(); ++m)
      std::copy_n(from.data() + m * out.columns(), out.columns(), out.row(m));
    return out;
  };
  const Array<Real**> ensemble = copy(problem.ensemble), observed = copy(problem.observed),
                      earlier = copy(past);
  const Rows views[] = {earlier};
  const auto filter = make({MPI_COMM_SELF, problem.members(), problem.observations(), 1});
  Analysis analysis{.ensemble = ensemble,
                    .observed = observed,
                    .value = problem.value.data(),
                    .variance = problem.variance.data(),
                    .first_observation = 0,
                    .observations = problem.observations(),
                    .cycle = 3};
  if (smooths) analysis.past = views;
  filter->analyse(analysis);
  return {back(ensemble), back(earlier)};
}

const Etkf::Options moving{.inflation = {.posterior = 1.3}, .rotation = true};

// A smoother must not touch the filter, and inflation must not touch the past.
TEST(Smoothing, LeavesTheFilterAloneToTheBit) {
  const Problem problem = random_problem(8, 20, 30, 5);
  const MakeFilter make = [](const FilterContext& context) {
    return std::make_unique<Etkf>(context, moving);
  };
  const Matrix with = smooth(problem, make, problem.ensemble, true).filtered,
               without = smooth(problem, make, problem.ensemble, false).filtered;
  for (Index m = 0; m < 8; ++m)
    for (Index j = 0; j < 20; ++j) EXPECT_EQ(with(m, j), without(m, j));
}

TEST(Smoothing, GivesThePastTheWeightsWithoutInflation) {
  const Problem problem = random_problem(8, 20, 30, 5);
  for (const bool perturbed : {false, true}) {
    const auto filter = [=](Real inflation, bool rotation) -> MakeFilter {
      return [=](const FilterContext& context) -> std::unique_ptr<Filter> {
        if (perturbed)
          return std::make_unique<StochasticEnkf>(
              context, StochasticEnkf::Options{.inflation = {.posterior = inflation}});
        return std::make_unique<Etkf>(
            context, Etkf::Options{.inflation = {.posterior = inflation}, .rotation = rotation});
      };
    };
    // The past is the present itself, so it must become the analysis of it without inflation.
    const Matrix past = smooth(problem, filter(1.3, true), problem.ensemble, true).past,
                 plain = smooth(problem, filter(1, true), problem.ensemble, false).filtered;
    for (Index m = 0; m < 8; ++m)
      for (Index j = 0; j < 20; ++j) EXPECT_NEAR(past(m, j), plain(m, j), 1e-13);
  }
}

// Mean and covariance of the past given the present, of the joint normal distribution of both.
TEST(Smoothing, IsTheKalmanUpdateOfPastAndPresentTogether) {
  const Index members = 12, past_dofs = 5, dofs = 20;
  Matrix h(30, dofs);
  const Problem problem = random_problem(members, dofs, 30, 5, &h);
  const Matrix past = random_problem(members, past_dofs, 1, 9).ensemble;
  Matrix joint(members, past_dofs + dofs), joint_h(30, past_dofs + dofs);
  for (Index m = 0; m < members; ++m) {
    std::copy_n(past.row(m), past_dofs, joint.row(m));
    std::copy_n(problem.ensemble.row(m), dofs, joint.row(m) + past_dofs);
  }
  for (Index i = 0; i < 30; ++i) std::copy_n(h.row(i), dofs, joint_h.row(i) + past_dofs);
  const Kalman dense =
      kalman(mean(joint), covariance(joint), joint_h, problem.value, problem.variance);
  const Matrix ours =
      smooth(
          problem,
          [](const FilterContext& context) { return std::make_unique<Etkf>(context, moving); },
          past, true)
          .past;
  const std::vector<Real> our_mean = mean(ours);
  const Matrix our_covariance = covariance(ours);
  for (Index i = 0; i < past_dofs; ++i) {
    EXPECT_NEAR(our_mean[static_cast<std::size_t>(i)], dense.mean[static_cast<std::size_t>(i)],
                1e-11);
    for (Index j = 0; j < past_dofs; ++j)
      EXPECT_NEAR(our_covariance(i, j), dense.covariance(i, j), 1e-11);
  }
}

}  // namespace
}  // namespace starling::filters
