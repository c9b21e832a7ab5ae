// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/process_grid.hpp"
#include "diagnostics/scores.hpp"
#include "ensemble/transpose.hpp"
#include "io/checkpoint.hpp"

#include <span>
#include <vector>

namespace starling::campaigns {

/// Fixed-lag ensemble Kalman smoother (evensen2000; evensen2003, sec. 4.4): the ensembles of the
/// last `lag` analyses are kept, and the weights of every later analysis are applied to them too.
/// The ensemble that has seen `lag` later analyses is scored and let go. Inflation touches
/// the filter only; rotation both, which are correlated member by member. Memory of a rank: lag
/// members n / ranks numbers; cost of an analysis: lag times that of applying its weights.
class FixedLagSmoother {
 public:
  /// [smoother].
  static const Schema& schema();

  FixedLagSmoother(const ProcessGrid& processes, Index members, Index dofs, Range my_columns,
                   Index lag);

  Index lag() const { return lag_; }
  /// What is kept: for Analysis::past. In no order.
  std::span<const Rows> past() const;

  /// Keeps `analysis` (all members x my columns) and `truth` (all dofs, may be null). Returns the
  /// scores of the ensemble `lag` analyses ago, NaN before there is one or without a truth.
  /// Collective; allocates nothing.
  diagnostics::Scores push(ConstRows analysis, const Real* truth);

  Real bytes() const;
  /// Collective. `transpose` moves whole ensembles; what is in it is lost. What save() was given
  /// must live until the file is committed.
  void save(io::CheckpointWriter& file, ensemble::MembersTranspose& transpose);
  void load(const io::Checkpoint& file, ensemble::MembersTranspose& transpose);

 private:
  Array<Real**> whole() const;

  Index members_, dofs_, lag_;
  Range owned_, columns_;
  Index count_ = 0;  // analyses so far
  std::vector<Array<Real**>> blocks_, saved_;
  std::vector<Rows> past_;
  std::vector<std::vector<Real>> truths_;
  diagnostics::EnsembleScores scores_;
};

}  // namespace starling::campaigns
