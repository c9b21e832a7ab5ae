// SPDX-License-Identifier: BSD-3-Clause
#include "models/adaptive_stepper.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::models {

AdaptiveStepper::AdaptiveStepper(
    Model& model, Real dt, Real cfl, Index most_parts,
    const std::function<std::unique_ptr<steppers::Stepper>(Real dt)>& make)
    : Stepper(dt, steppers::tile_rows(model.width())), model_(&model), cfl_(cfl) {
  for (Index parts = 1; parts <= most_parts; parts *= 2)
    levels_.push_back(make(dt / static_cast<Real>(parts)));
  require(levels_.front()->history() == 0,
          "steps in parts by a scheme that keeps {} earlier ones; allowed: one-step schemes",
          levels_.front()->history());
}

void AdaptiveStepper::step(Rows u, Rows, Index, Real t) {
  for (Index r = 0; r < rows_of(u); ++r) {
    const Rows state = row_range(u, r, 1);
    const Real courant = model_->courant(state) * dt();
    std::size_t level = 0;
    Index parts = 1;
    // Never for a NaN.
    while (level + 1 < levels_.size() && courant > cfl_ * static_cast<Real>(parts)) {
      ++level;
      parts *= 2;
    }
    steppers::Stepper& scheme = *levels_[level];
    for (Index part = 0; part < parts; ++part)
      scheme.step(state, Rows(), 0, t + scheme.dt() * static_cast<Real>(part));
    most_parts_ = std::max(most_parts_, parts);
  }
}

}  // namespace starling::models
