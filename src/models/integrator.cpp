// SPDX-License-Identifier: BSD-3-Clause
#include "models/integrator.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

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
  for (Index r = 0; r < rows_of(u) && width_of(u) > 0; ++r)
    if (!std::isfinite(u(r, 0))) return r;
  return std::nullopt;
}

bool all_spoilt(ConstRows u) {
  for (Index r = 0; r < rows_of(u); ++r)
    if (std::isfinite(u(r, 0))) return false;
  return true;
}

// Steps between two looks at Courant numbers.
constexpr Index courant_interval = 64;

}  // namespace

Integrator::Integrator(Model& model, std::unique_ptr<steppers::Stepper> stepper)
    : model_(&model),
      stepper_(std::move(stepper)),
      is_shared_(size_of(model.space()) > 1),
      tile_(stepper_->tile()) {
  courants_.reserve(1024);
  // Ranks have parts of different widths, and step the same states together.
  if (is_shared_) {
    long tile = tile_;
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &tile, 1, MPI_LONG, MPI_MIN, model.space()));
    tile_ = tile;
  }
}

std::optional<ensemble::Failure> Integrator::advance(Rows states, Rows history, Index age,
                                                     Index first_step, Index count, Index number) {
  std::optional<ensemble::Failure> failure;
  const auto fail = [&](Index row, Index step) {
    if (!failure) failure = ensemble::Failure{row, step};
  };
  for (Index first = 0; first < rows_of(states); first += tile_) {
    const Index rows = std::min(tile_, rows_of(states) - first);
    const Rows u = row_range(states, first, rows), past = row_range(history, first, rows);
    const Index member = number + first * model_->members_per_state();
    for (Index done = 0; done < count; ++done) {
      const Index step = first_step + done;
      if (!failure && step % courant_interval == 0) look_at_courant(u, first, member, step);
      stepper_->step(u, past, age + done, stepper_->dt() * static_cast<Real>(step));
      model_->kick(u, member, step, stepper_->dt());
      const auto row = first_spoilt(u);
      if (!row) continue;
      fail(first + *row, step);
      // The others go on; where there are none, nothing more can come of it. Ranks that share a
      // state take the same steps.
      if (!is_shared_ && all_spoilt(u)) break;
    }
    for (Index r = 0; r < rows && !failure; ++r)
      if (!all_finite(u, r)) fail(first + r, first_step + count - 1);
  }
  if (is_shared_) failure = agree(failure);
  if (failure && failure->row < static_cast<Index>(courants_.size())) {
    const Courant& known = courants_[static_cast<std::size_t>(failure->row)];
    if (known.member == number + failure->row * model_->members_per_state()) {
      failure->courant = known.number;
      failure->courant_step = known.step;
    }
  }
  return failure;
}

void Integrator::look_at_courant(Rows u, Index first, Index member, Index step) {
  for (Index r = 0; r < rows_of(u); ++r) {
    const Real rate = model_->courant(row_range(ConstRows(u), r, 1));
    if (!std::isfinite(rate) || rate == 0) continue;
    const auto row = static_cast<std::size_t>(first + r);
    if (row >= courants_.size()) courants_.resize(row + 1);
    courants_[row] = {rate * stepper_->dt(), member + r * model_->members_per_state(), step};
  }
}

// The earliest failure of all ranks that share the states.
std::optional<ensemble::Failure> Integrator::agree(
    const std::optional<ensemble::Failure>& mine) const {
  constexpr long never = std::numeric_limits<long>::max();
  std::array<long, 2> first = {mine ? mine->row : never, mine ? mine->step : never};
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, first.data(), 1, MPI_LONG, MPI_MIN, model_->space()));
  if (first[0] == never) return std::nullopt;
  if (!mine || mine->row != first[0]) first[1] = never;
  STARLING_MPI(
      MPI_Allreduce(MPI_IN_PLACE, first.data() + 1, 1, MPI_LONG, MPI_MIN, model_->space()));
  return ensemble::Failure{first[0], first[1]};
}

}  // namespace starling::models
