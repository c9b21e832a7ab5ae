// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/gaussian_filter.hpp"
#include "filters/problem.hpp"

#include <vector>

namespace starling::filters {

/// A problem with a static covariance as well, seen by the same dense H.
struct StaticProblem {
  StaticProblem(Index members, Index dofs, Index observations, Index rank, std::uint64_t seed);

  Problem problem;
  linalg::Matrix h;
  std::vector<Real> mean, observed_mean;
  linalg::Matrix roots, observed_roots;  ///< rank x dofs, rank x observations

  /// factor times the sum of s s^T.
  linalg::Matrix covariance(Real factor) const;
};

/// What a filter makes of it, whole on every rank.
struct StaticAnalysis {
  linalg::Matrix ensemble;
  std::vector<Real> background_deviation, deviation;  ///< of Gaussian filters
};
StaticAnalysis analyse(const StaticProblem& problem, const MakeFilter& make, MPI_Comm comm);

}  // namespace starling::filters
