// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/truth.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <utility>

namespace starling::campaigns {
namespace {

// No member has it: the truth is forced by random numbers of its own.
constexpr Index truth_number = Index{1} << 60;

}  // namespace

Truth::Truth(const ProcessGrid& processes, ensemble::Forecast& forecast,
             std::optional<ensemble::ModelError> error)
    : processes_(&processes),
      forecast_(&forecast),
      error_(std::move(error)),
      owner_(processes.group() == processes.groups() - 1),
      state_("truth::state", 1, static_cast<std::size_t>(forecast.width())),
      history_("truth::history", 1, static_cast<std::size_t>(forecast.history_width())),
      members_("truth::members", static_cast<std::size_t>(forecast.members_per_state()),
               static_cast<std::size_t>(forecast.dofs())),
      values_(static_cast<std::size_t>(forecast.dofs())) {}

void Truth::start(const Real* member) {
  for (std::size_t m = 0; m < members_.extent(0); ++m)
    std::copy_n(member, dofs(), members_.data() + static_cast<Index>(m) * dofs());
  forecast_->to_states(state_, members_);
  age_ = 0;
}

std::optional<ensemble::Failure> Truth::advance(Index first_step, Index count) {
  const Index end = first_step + count;
  for (Index step = first_step;;) {
    const Index stop = error_ ? error_->next(step, end) : end;
    const Index age = age_;
    age_ += stop - step;
    if (owner_) {
      if (auto failure =
              forecast_->advance(state_, history_, age, step, stop - step, truth_number)) {
        failure->row = -1;
        return failure;
      }
    }
    if (error_ && stop > step && error_->is_due(stop)) add_error(stop - 1);
    if (stop == end) return std::nullopt;
    step = stop;
  }
}

void Truth::add_error(Index step) {
  age_ = 0;
  if (!owner_) return;
  forecast_->to_physical(members_, state_);
  error_->add(members_.data(), 0, step);
  for (std::size_t m = 1; m < members_.extent(0); ++m)
    std::copy_n(members_.data(), dofs(), members_.data() + static_cast<Index>(m) * dofs());
  forecast_->to_states(state_, members_);
}

void Truth::publish() {
  if (owner_) {
    forecast_->to_physical(members_, state_);
    std::copy_n(members_.data(), dofs(), values_.data());
  }
  if (processes_->groups() > 1)
    STARLING_MPI(MPI_Bcast(values_.data(), static_cast<int>(dofs()), MPI_DOUBLE,
                           processes_->groups() - 1, processes_->members()));
}

Rows Truth::state() const { return row_range(Rows(state_), 0, owner_ ? 1 : 0); }
Rows Truth::history() const { return row_range(Rows(history_), 0, owner_ ? 1 : 0); }

}  // namespace starling::campaigns
