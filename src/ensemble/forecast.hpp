// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/types.hpp"

#include <limits>
#include <optional>

namespace starling::ensemble {

/// A state that stopped being finite: its row in the block and the step that spoilt it.
struct Failure {
  Index row;
  Index step;
  /// The last Courant number known of it, and the step at whose beginning; NaN if none is.
  Real courant = std::numeric_limits<Real>::quiet_NaN();
  Index courant_step = 0;
};

/// What an ensemble needs of a forecast model. A block of `states` (rows x width, what the model
/// steps) holds members_per_state() members a row; a block of `members` (rows x dofs, grid-point
/// values) is what everybody else sees. Models that step two real members as one complex field have
/// two members a state. Where the ranks of space() share members, each has some columns of both
/// blocks, and every call is collective on space(); nothing else communicates. Nothing allocates
/// after construction.
class Forecast {
 public:
  virtual ~Forecast() = default;

  /// Grid-point values of one member, and Reals of one state, on this rank.
  virtual Index dofs() const = 0;
  virtual Index width() const = 0;
  /// Where they are among all of the member and of the state.
  virtual Columns value_columns() const { return Columns(dofs()); }
  virtual Columns state_columns() const { return Columns(width()); }
  virtual Index members_per_state() const = 0;
  /// Earlier states, or things of that size, that a state keeps (multistep schemes); 0 for one-step
  /// schemes. history_width() Reals on this rank.
  virtual Index history() const = 0;
  Index history_width() const { return history() * width(); }
  Columns history_columns() const { return state_columns().repeated(history()); }
  /// Time step [time units of the model].
  virtual Real dt() const = 0;

  /// Advances all states by `count` steps, the first being step number `first_step` (from time
  /// first_step * dt). `age` = how many steps the history knows; 0 makes the scheme start afresh.
  /// advance(a + b) and advance(a) then advance(b) give the same bits. Returns the first failure; a
  /// state that is not finite stays so, and the others reach the end as if it were. `number` is
  /// that of the first member of the first state: what is random in the model is a function of it.
  virtual std::optional<Failure> advance(Rows states, Rows history, Index age, Index first_step,
                                         Index count, Index number = 0) = 0;

  /// Grid-point values of the states: members has states x members_per_state() rows.
  virtual void to_physical(Rows members, ConstRows states) = 0;
  /// The states of given grid-point values; inverse of to_physical for resolved scales.
  virtual void to_states(Rows states, ConstRows members) = 0;
};

}  // namespace starling::ensemble
