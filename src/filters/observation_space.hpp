// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/tree_sum.hpp"
#include "core/types.hpp"
#include "filters/entry.hpp"
#include "linalg/matrix.hpp"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace starling::filters {

/// All that global filters need of the observations, in the space of the N members (hunt2007,
/// sec. 2.3): with x_m the members, a bar their mean, y the observations and R their diagonal error
/// covariance,
///     S_mi = (H x_m - H x̄)_i / sqrt(R_ii),    d_i = (y - H x̄)_i / sqrt(R_ii),
/// the products S S^T, S d and, for perturbed observations, Z S^T with Z_mi the perturbations over
/// sqrt(R_ii). Sums over observations are in an order that does not depend on the ranks.
class ObservationSpace {
 public:
  /// Collective on the context's communicator. Throws InputError for less than 2 members.
  ObservationSpace(const FilterContext& context, bool perturbed);

  /// Computes the products. Collective; allocates nothing. Throws NumericalError, the same on every
  /// rank, if the background or the observations are not finite.
  void project(const Analysis& analysis);

  /// Makes the products those of background anomalies times `factor`; 1 changes no bit. Local.
  void inflate(Real factor);

  /// S S^T, in the first N rows and columns; free for use as workspace.
  linalg::Matrix& gram() { return products_; }
  /// S d.
  const Real* innovation() const { return products_.row(members_); }
  /// Row m of Z S^T.
  const Real* perturbation(Index m) const { return products_.row(members_ + 1 + m); }

 private:
  void check_products(Index cycle) const;
  void whiten(const Analysis& analysis, Index first, Index count);
  void perturb(Index first_observation, Index count, Index cycle);
  void add_block(Index count);

  MPI_Comm comm_;
  Index members_;
  std::uint64_t seed_;
  bool perturbed_;
  linalg::Matrix anomalies_;      // observation_block x members: S^T of one block
  linalg::Matrix perturbations_;  // members x observation_block: Z of one block
  linalg::Matrix products_;       // rows S S^T, then S d, then Z S^T
  TreeSum sum_;
  std::vector<Real> mean_, precision_, innovation_;
};

}  // namespace starling::filters
