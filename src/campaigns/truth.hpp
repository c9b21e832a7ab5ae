// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"
#include "ensemble/forecast.hpp"
#include "ensemble/model_error.hpp"

#include <optional>
#include <vector>

namespace starling::campaigns {

/// The truth of a twin experiment: one trajectory, run by the last group (which has the fewest
/// members), known to all.
class Truth {
 public:
  /// With a model error it gets noise on the way, as a member does.
  Truth(const ProcessGrid& processes, ensemble::Forecast& forecast,
        std::optional<ensemble::ModelError> error = std::nullopt);

  /// Starts from the grid-point values of one member.
  void start(const Real* member);
  /// Local: only the owner works. On failure `row` is -1.
  std::optional<ensemble::Failure> advance(Index first_step, Index count);
  /// Brings the grid-point values to all ranks. Collective on members().
  void publish();

  /// dofs() grid-point values, those of this rank, valid after publish().
  const Real* values() const { return values_.data(); }
  Index dofs() const { return forecast_->dofs(); }

  Columns value_columns() const { return forecast_->value_columns(); }
  Columns state_columns() const { return forecast_->state_columns(); }
  Columns history_columns() const { return forecast_->history_columns(); }

  // What a checkpoint keeps; blocks of one row on the owner, of none elsewhere.
  Rows state() const;
  Rows history() const;
  Index age() const { return age_; }
  void set_age(Index age) { age_ = age; }

 private:
  void add_error(Index step);

  const ProcessGrid* processes_;
  ensemble::Forecast* forecast_;
  std::optional<ensemble::ModelError> error_;
  bool owner_;
  Index age_ = 0;
  Array<Real**> state_, history_, members_;
  std::vector<Real> values_;
};

}  // namespace starling::campaigns
