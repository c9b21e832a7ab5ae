// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/scores.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace starling::diagnostics {
namespace {

// What is summed over dofs.
enum Sum : Index { squared_error, variance, distance, difference, sums };

}  // namespace

EnsembleScores::EnsembleScores(MPI_Comm members, Index ensemble_size, Range my_columns,
                               Index all_columns, MPI_Comm space)
    : size_(ensemble_size),
      my_columns_(my_columns.size()),
      all_columns_(all_columns),
      strip_(ensemble_size),
      sums_(members, blocks_of(my_columns, dof_block), sums, space) {
  STARLING_ASSERT(ensemble_size >= 1);
}

void EnsembleScores::add_strip(Real* out, const Lanes& truth) {
  const Lanes* rows = strip_.rows();
  const Real scale = 1 / static_cast<Real>(size_);
  Lanes mean, squares, near, apart, error;
  for (Index j = 0; j < size_; ++j)
    for (Index l = 0; l < dof_block; ++l) mean[l] += rows[j][l];
  for (Index l = 0; l < dof_block; ++l) {
    mean[l] *= scale;
    error[l] = (mean[l] - truth[l]) * (mean[l] - truth[l]);
  }
  for (Index j = 0; j < size_; ++j)
    for (Index l = 0; l < dof_block; ++l) {
      const Real anomaly = rows[j][l] - mean[l];
      squares[l] += anomaly * anomaly;
      near[l] += std::abs(rows[j][l] - truth[l]);
    }
  strip_.sort();
  for (Index k = 0; k < size_ / 2; ++k) {
    const Real weight = static_cast<Real>(size_ - 1 - 2 * k);
    for (Index l = 0; l < dof_block; ++l)
      apart[l] += weight * (rows[size_ - 1 - k][l] - rows[k][l]);
  }
  out[squared_error] = sum(error);
  out[variance] = sum(squares);
  out[distance] = sum(near);
  out[difference] = sum(apart);
}

Scores EnsembleScores::evaluate(ConstRows ensemble, const Real* truth) {
  STARLING_ASSERT(rows_of(ensemble) == size_ && width_of(ensemble) >= my_columns_);
  for (Index first = 0; first < my_columns_; first += dof_block) {
    strip_.load(ensemble, first, my_columns_);
    add_strip(sums_.next(), load_lanes(truth, my_columns_, first));
    sums_.add();
  }
  std::array<Real, sums> total{};
  sums_.finish(total.data());

  const Real dofs = static_cast<Real>(all_columns_), m = static_cast<Real>(size_);
  const Real near = total[distance] / (m * dofs);
  Scores scores;
  scores.rmse = std::sqrt(total[squared_error] / dofs);
  scores.crps = near - total[difference] / (m * m * dofs);
  if (size_ == 1) {
    scores.spread = scores.fair_crps = scores.almost_fair_crps =
        std::numeric_limits<Real>::quiet_NaN();
    return scores;
  }
  const Real apart = total[difference] / (m * (m - 1) * dofs);
  scores.spread = std::sqrt(total[variance] / ((m - 1) * dofs));
  scores.fair_crps = near - apart;
  scores.almost_fair_crps = near - (1 - (1 - alpha) / m) * apart;
  return scores;
}

}  // namespace starling::diagnostics
