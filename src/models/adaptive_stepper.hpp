// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/model.hpp"
#include "steppers/stepper.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace starling::models {

/// Takes each step of length dt in 1, 2, 4, ... equal parts, as many as the Courant number at its
/// beginning asks for (Model::courant): the fewest with which that of a part is at most `cfl`, and
/// never more than `most_parts`. Step numbers, times of output and the end are those of steps of
/// dt. The choice is made for each state by itself and is a function of nothing else, so that a run
/// that goes on from a checkpoint makes the same one. For one-step schemes. The filter of a system
/// acts after each part.
class AdaptiveStepper final : public steppers::Stepper {
 public:
  /// `make` makes the scheme for a step of given length. Throws InputError for schemes that keep a
  /// history.
  AdaptiveStepper(Model& model, Real dt, Real cfl, Index most_parts,
                  const std::function<std::unique_ptr<steppers::Stepper>(Real dt)>& make);

  int order() const override { return levels_.front()->order(); }
  /// Of a step in one part.
  int evaluations() const override { return levels_.front()->evaluations(); }
  void step(Rows u, Rows history, Index age, Real t) override;
  Index most_parts() const override { return most_parts_; }

 private:
  Model* model_;
  Real cfl_;
  std::vector<std::unique_ptr<steppers::Stepper>> levels_;  // of dt, dt/2, dt/4, ...
  Index most_parts_ = 1;
};

}  // namespace starling::models
