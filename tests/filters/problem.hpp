// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"
#include "filters/entry.hpp"
#include "linalg/matrix.hpp"

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace starling::filters {

/// A whole analysis problem, on every rank: background, its observed image, observations.
struct Problem {
  Problem(Index members, Index dofs, Index observations);

  Index members() const { return ensemble.rows(); }
  Index dofs() const { return ensemble.columns(); }
  Index observations() const { return observed.columns(); }

  linalg::Matrix ensemble;  ///< members x dofs
  linalg::Matrix observed;  ///< members x observations
  std::vector<Real> value, variance;
  /// Dof j is at j of a periodic line of length dofs, observations are spread evenly over it.
  std::vector<Place> places;
  Geometry geometry;
};

/// Normals about a mean that is not small; a dense linear H with observation errors from 0.5 to 2.
/// `h` (observations x dofs), if given, becomes H.
Problem random_problem(Index members, Index dofs, Index observations, std::uint64_t seed,
                       linalg::Matrix* h = nullptr);

using MakeFilter = std::function<std::unique_ptr<Filter>(const FilterContext&)>;

/// Which columns and observations a rank owns; multiples of dof_block and observation_block.
struct Share {
  Range dofs, observations;
};
Share fair_share(const Problem& problem, MPI_Comm comm);

/// What a filter for this problem is told of it.
FilterContext context_of(const Problem& problem, MPI_Comm comm, const Share& share,
                         std::uint64_t seed = 1);
/// The analysis of `ensemble` and `observed`, which hold this share of the problem.
Analysis analysis_of(const Problem& problem, Rows ensemble, ConstRows observed, const Share& share,
                     Index cycle);

/// The analysis of `problem`, whole on every rank, by the ranks of `comm` with these shares, as
/// analysis number `cycle` of a run with this seed. Collective.
linalg::Matrix analyse(const Problem& problem, const MakeFilter& make, MPI_Comm comm,
                       const Share& share, Index cycle = 0, std::uint64_t seed = 1);
/// The same, alone.
linalg::Matrix analyse(const Problem& problem, const MakeFilter& make, Index cycle = 0,
                       std::uint64_t seed = 1);

/// Mean and sample covariance (over N - 1) of the rows.
std::vector<Real> mean(const linalg::Matrix& ensemble);
linalg::Matrix covariance(const linalg::Matrix& ensemble);

/// What the Kalman filter makes of mean and covariance `p`, by dense algebra in state space:
/// K = P H^T (H P H^T + R)^-1, mean + K (y - H mean), (I - K H) P.
struct Kalman {
  std::vector<Real> mean;
  linalg::Matrix covariance, gain;
};
Kalman kalman(const std::vector<Real>& mean, const linalg::Matrix& p, const linalg::Matrix& h,
              const std::vector<Real>& value, const std::vector<Real>& variance);

}  // namespace starling::filters
