// SPDX-License-Identifier: BSD-3-Clause
#include "models/integrator.hpp"

#include <algorithm>
#include <cmath>

namespace starling::models {
namespace {

// A NaN or infinity anywhere makes 0 * x, and so the sum, NaN.
bool all_finite(ConstRows u, Index row) {
  const Real* x = u.data() + row * width_of(u);
  Real sum = 0;
  for (Index j = 0; j < width_of(u); ++j) sum += 0 * x[j];
  return sum == 0;
}

// One coefficient a step is enough to name the step: transforms spread a NaN over the whole state.
std::optional<Index> first_spoilt(ConstRows u) {
  for (Index r = 0; r < rows_of(u); ++r)
    if (!std::isfinite(u(r, 0))) return r;
  return std::nullopt;
}

bool all_spoilt(ConstRows u) {
  for (Index r = 0; r < rows_of(u); ++r)
    if (std::isfinite(u(r, 0))) return false;
  return true;
}

}  // namespace

std::optional<ensemble::Failure> Integrator::advance(Rows states, Rows history, Index age,
                                                     Index first_step, Index count) {
  std::optional<ensemble::Failure> failure;
  for (Index first = 0; first < rows_of(states); first += stepper_->tile()) {
    const Index rows = std::min(stepper_->tile(), rows_of(states) - first);
    const Rows u = row_range(states, first, rows), past = row_range(history, first, rows);
    for (Index step = 0; step < count; ++step) {
      stepper_->step(u, past, age + step, stepper_->dt() * static_cast<Real>(first_step + step));
      const auto row = first_spoilt(u);
      if (!row) continue;
      if (!failure) failure = ensemble::Failure{first + *row, first_step + step};
      // The others go on; where there are none, nothing more can come of it.
      if (all_spoilt(u)) break;
    }
    for (Index r = 0; r < rows && !failure; ++r)
      if (!all_finite(u, r)) failure = ensemble::Failure{first + r, first_step + count - 1};
  }
  return failure;
}

}  // namespace starling::models
