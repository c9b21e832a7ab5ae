// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "ensemble/forecast.hpp"
#include "models/model.hpp"
#include "steppers/stepper.hpp"

#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace starling::models {

/// A model with a time integrator: the forecast of an ensemble. A tile of states goes through all
/// the steps asked for before the next tile is touched, so that it stays in cache.
class Integrator final : public ensemble::Forecast {
 public:
  /// `stepper` integrates `model`, which must outlive this.
  Integrator(Model& model, std::unique_ptr<steppers::Stepper> stepper);

  Index dofs() const override { return model_->dofs(); }
  Index width() const override { return model_->width(); }
  Index members_per_state() const override { return model_->members_per_state(); }
  Index history() const override { return stepper_->history(); }
  Real dt() const override { return stepper_->dt(); }
  Columns value_columns() const override { return model_->value_columns(); }
  Columns state_columns() const override { return model_->state_columns(); }
  std::optional<ensemble::Failure> advance(Rows states, Rows history, Index age, Index first_step,
                                           Index count, Index number = 0) override;
  void to_physical(Rows members, ConstRows states) override {
    model_->to_physical(members, states);
  }
  void to_states(Rows states, ConstRows members) override { model_->to_states(states, members); }

  /// Floating-point operations of one step of one state, without the stepper's own few.
  Real flops() const { return static_cast<Real>(stepper_->evaluations()) * model_->flops(); }
  /// The most equal parts that a step was made of so far, on this rank.
  Index most_parts() const { return stepper_->most_parts(); }

 private:
  struct Courant {
    Real number = std::numeric_limits<Real>::quiet_NaN();
    Index member = -1, step = 0;
  };
  void look_at_courant(Rows u, Index first, Index member, Index step);
  std::optional<ensemble::Failure> agree(const std::optional<ensemble::Failure>& mine) const;

  Model* model_;
  std::unique_ptr<steppers::Stepper> stepper_;
  bool is_shared_;                 // states are shared by several ranks
  std::vector<Courant> courants_;  // of each state, when last looked at
};

}  // namespace starling::models
