// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/ensemble.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace starling::ensemble {
namespace {

Index states_for(Index members, Index per_state) { return (members + per_state - 1) / per_state; }

}  // namespace

Ensemble::Ensemble(const ProcessGrid& processes, Forecast& forecast, Index members,
                   std::optional<ModelError> error)
    : forecast_(&forecast), error_(std::move(error)), size_(members) {
  require(members >= 1, "an ensemble has {} members; allowed: >= 1", members);
  owned_ = processes.members_of(members, processes.group());
  const Index per_state = forecast.members_per_state();
  STARLING_ASSERT(per_state == 1 || per_state == 2);
  const Index states = states_for(owned_.size(), per_state);
  const auto block = [](const std::string& name, Index rows, Index width) {
    return Array<Real**>(name, static_cast<std::size_t>(rows), static_cast<std::size_t>(width));
  };
  states_ = block("ensemble::states", states, forecast.width());
  history_ = block("ensemble::history", states, forecast.history_width());
  members_ = block("ensemble::members", states * per_state, forecast.dofs());
}

void Ensemble::keep_forecasts() {
  forecasts_ = Array<Real**>("ensemble::forecasts", static_cast<std::size_t>(owned_.size()),
                             static_cast<std::size_t>(dofs()));
}

Rows Ensemble::members() const { return row_range(Rows(members_), 0, owned_.size()); }
Rows Ensemble::states() const { return states_; }
Rows Ensemble::history() const { return history_; }

void Ensemble::update_members() { forecast_->to_physical(members_, states_); }

void Ensemble::update_states() {
  for (Index pad = owned_.size(); pad < rows_of(members_); ++pad)
    Kokkos::deep_copy(row_range(Rows(members_), pad, 1),
                      row_range(Rows(members_), owned_.size() - 1, 1));
  forecast_->to_states(states_, members_);
  age_ = 0;
}

std::optional<Failure> Ensemble::advance(Index first_step, Index count) {
  const Index end = first_step + count;
  std::optional<Failure> first;
  for (Index step = first_step;;) {
    const Index stop = error_ ? error_->next(step, end) : end;
    const auto failure =
        forecast_->advance(states(), history(), age_, step, stop - step, first_number());
    age_ += stop - step;
    if (failure && !first) {
      first = failure;
      first->row += first_state();
    }
    if (error_ && stop > step && error_->is_due(stop)) add_error(stop - 1);
    if (stop == end) return first;
    step = stop;
  }
}

void Ensemble::add_error(Index step) {
  update_members();
  std::copy_n(members_.data(), forecasts_.size(), forecasts_.data());
  for (Index m = 0; m < owned_.size(); ++m)
    error_->add(members_.data() + m * dofs(), first_number() + m, step);
  update_states();
}

}  // namespace starling::ensemble
