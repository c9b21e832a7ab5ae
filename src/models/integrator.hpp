// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "ensemble/forecast.hpp"
#include "models/model.hpp"
#include "steppers/stepper.hpp"

#include <memory>
#include <utility>

namespace starling::models {

/// A model with a time integrator: the forecast of an ensemble. A tile of states goes through all
/// the steps asked for before the next tile is touched, so that it stays in cache.
class Integrator final : public ensemble::Forecast {
 public:
  /// `stepper` integrates `model`, which must outlive this.
  Integrator(Model& model, std::unique_ptr<steppers::Stepper> stepper)
      : model_(&model), stepper_(std::move(stepper)) {}

  Index dofs() const override { return model_->dofs(); }
  Index width() const override { return model_->width(); }
  Index members_per_state() const override { return model_->members_per_state(); }
  Index history_width() const override { return stepper_->history() * model_->width(); }
  Real dt() const override { return stepper_->dt(); }
  std::optional<ensemble::Failure> advance(Rows states, Rows history, Index age, Index first_step,
                                           Index count) override;
  void to_physical(Rows members, ConstRows states) override {
    model_->to_physical(members, states);
  }
  void to_states(Rows states, ConstRows members) override { model_->to_states(states, members); }

  /// Floating-point operations of one step of one state, without the stepper's own few.
  Real flops() const { return static_cast<Real>(stepper_->evaluations()) * model_->flops(); }

 private:
  Model* model_;
  std::unique_ptr<steppers::Stepper> stepper_;
};

}  // namespace starling::models
