// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"
#include "ensemble/forecast.hpp"
#include "ensemble/model_error.hpp"

#include <optional>

namespace starling::ensemble {

/// The members of this group, as rows of two contiguous blocks: states (what the model steps) and
/// members (grid-point values, refreshed by update_members). Members are dealt to groups in whole
/// pairs; an odd last one is padded by a copy; a group may own none. Nothing here communicates.
class Ensemble {
 public:
  /// `members` counts all groups. Throws InputError if members < 1. With a model error every
  /// member gets noise of its own on the way.
  Ensemble(const ProcessGrid& processes, Forecast& forecast, Index members,
           std::optional<ModelError> error = std::nullopt);

  Index size() const { return size_; }
  /// On this rank, where members are shared.
  Index dofs() const { return forecast_->dofs(); }
  /// Where the grid-point values of a member on this rank are among all; without the `extras` that
  /// members carry behind them where they are not shared.
  Columns value_columns(std::size_t extras = 0) const {
    return extras == 0 ? forecast_->value_columns() : Columns(dofs() - static_cast<Index>(extras));
  }
  Columns state_columns() const { return forecast_->state_columns(); }
  Columns history_columns() const { return forecast_->history_columns(); }
  Index members_per_state() const { return forecast_->members_per_state(); }
  /// States of all groups.
  Index all_states() const { return (size_ + members_per_state() - 1) / members_per_state(); }
  Real dt() const { return forecast_->dt(); }
  /// Global indices of the members of this group.
  Range owned() const { return owned_; }

  /// owned().size() x dofs grid-point values. Valid after update_members; whoever writes them calls
  /// update_states.
  Rows members() const;
  /// States x width, history x history_width: what a checkpoint keeps.
  Rows states() const;
  Rows history() const;
  Index age() const { return age_; }
  void set_age(Index age) { age_ = age; }
  /// Index of the first owned state among all states.
  Index first_state() const { return owned_.begin / forecast_->members_per_state(); }

  void update_members();
  /// Also forgets the history: an analysis is a new initial condition.
  void update_states();

  const std::optional<ModelError>& model_error() const { return error_; }

  /// From now on member i of all has the random numbers of member first + i: those of another part
  /// of a larger ensemble.
  void set_first_number(Index first) { first_number_ = first; }
  /// Of the first owned member.
  Index first_number() const { return first_number_ + owned_.begin; }

  /// From now on advance() keeps the members as they are before noise is added to them.
  void keep_forecasts();
  /// Those: owned().size() x dofs, of the last time noise was added. Of no rows unless they are
  /// kept.
  Rows forecasts() const { return forecasts_; }

  /// Advances all owned members; advance(a + b) and advance(a) then advance(b) give the same bits.
  /// Returns the first failure, its `row` a global state index; all other states reach the end.
  /// With a model error the members' block is overwritten.
  std::optional<Failure> advance(Index first_step, Index count);

 private:
  void add_error(Index step);

  Forecast* forecast_;
  std::optional<ModelError> error_;
  Index size_;
  Range owned_;
  Index age_ = 0, first_number_ = 0;
  Array<Real**> states_, history_, members_, forecasts_;
};

}  // namespace starling::ensemble
