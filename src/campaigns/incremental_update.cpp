// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/incremental_update.hpp"

#include <algorithm>

namespace starling::campaigns {

IncrementalUpdate::IncrementalUpdate(ensemble::Ensemble& ensemble, ensemble::Forecast& forecast,
                                     Index steps)
    : ensemble_(ensemble),
      forecast_(forecast),
      steps_(steps),
      members_("incremental::members",
               ensemble.states().extent(0) * static_cast<std::size_t>(forecast.members_per_state()),
               static_cast<std::size_t>(forecast.dofs())),
      increments_("incremental::states", ensemble.states().extent(0),
                  static_cast<std::size_t>(forecast.width())) {}

void IncrementalUpdate::remember_background() {
  const Rows members = ensemble_.members();
  std::copy_n(members.data(), rows_of(members) * width_of(members), members_.data());
}

void IncrementalUpdate::take_analysis() {
  const Rows analysis = ensemble_.members();
  const Index dofs = width_of(members_), own = rows_of(analysis);
  const Real share = 1 / static_cast<Real>(steps_);
  Real* increment = members_.data();
  for (Index i = 0; i < own * dofs; ++i) increment[i] = (analysis.data()[i] - increment[i]) * share;
  // A member that pads a pair moves with the one it is a copy of.
  for (Index pad = own; pad < rows_of(members_); ++pad)
    std::copy_n(increment + (own - 1) * dofs, dofs, increment + pad * dofs);
  forecast_.to_states(increments_, members_);
  left_ = steps_;
}

std::optional<ensemble::Failure> IncrementalUpdate::advance(Index first_step, Index count) {
  std::optional<ensemble::Failure> first;
  const auto advance = [&](Index steps) {
    const auto failure = ensemble_.advance(first_step, steps);
    if (!first) first = failure;
  };
  while (left_ > 0 && count > 0) {
    advance(1);
    Real* state = ensemble_.states().data();
    const Real* increment = increments_.data();
    const auto numbers = static_cast<Index>(increments_.extent(0) * increments_.extent(1));
    for (Index i = 0; i < numbers; ++i) state[i] += increment[i];
    --left_, ++first_step, --count;
  }
  if (count > 0) advance(count);
  return first;
}

Real IncrementalUpdate::bytes() const {
  return 8 * static_cast<Real>(members_.extent(0) * members_.extent(1) +
                               increments_.extent(0) * increments_.extent(1));
}

void IncrementalUpdate::save(io::CheckpointWriter& file) const {
  file.integer("increments_left", left_);
  file.rows("increments", ensemble_.all_states(), ensemble_.first_state(), Rows(increments_));
}

void IncrementalUpdate::load(const io::Checkpoint& file) {
  left_ = file.integer("increments_left");
  file.rows("increments", ensemble_.all_states(), ensemble_.first_state(), Rows(increments_));
}

}  // namespace starling::campaigns
