// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/control.hpp"

#include "core/process_grid.hpp"

namespace starling::campaigns {
namespace {

constexpr Real flush_seconds = 5;
constexpr Real refresh_seconds = 0.5;
constexpr Real response_seconds = 0.2;

enum Flag : int {
  stop_flag = 1,
  failure_flag = 2,
  checkpoint_flag = 4,
  flush_flag = 8,
  refresh_flag = 16
};

}  // namespace

Control::Control(MPI_Comm world, std::optional<Real> max_wall, Real checkpoint_seconds)
    : world_(world),
      root_(rank_of(world) == 0),
      stop_(max_wall),
      checkpoint_seconds_(checkpoint_seconds),
      last_checkpoint_(Clock::now()),
      last_flush_(last_checkpoint_),
      last_refresh_(last_checkpoint_) {}

Control::Verdict Control::agree(const std::string& failure) {
  int flags = (stop_.requested() ? stop_flag : 0) | (failure.empty() ? 0 : failure_flag);
  if (root_) {
    // Clocks differ between ranks; only one may decide.
    const auto now = Clock::now();
    const auto due = [now](Clock::time_point& last, Real seconds) {
      if (std::chrono::duration<Real>(now - last).count() < seconds) return false;
      last = now;
      return true;
    };
    if (due(last_checkpoint_, checkpoint_seconds_)) flags |= checkpoint_flag;
    if (due(last_flush_, flush_seconds)) flags |= flush_flag;
    if (due(last_refresh_, refresh_seconds)) flags |= refresh_flag;
  }
  if (size_of(world_) > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &flags, 1, MPI_INT, MPI_BOR, world_));
  if ((flags & failure_flag) != 0) throw NumericalError(failure);
  return {(flags & stop_flag) != 0, (flags & (checkpoint_flag | stop_flag)) != 0,
          (flags & flush_flag) != 0, (flags & refresh_flag) != 0};
}

void Control::choose_chunk(Real seconds_a_step) {
  Real steps = std::clamp(response_seconds / std::max(seconds_a_step, 1e-9), 1.0, 1e9);
  STARLING_MPI(MPI_Bcast(&steps, 1, MPI_DOUBLE, 0, world_));
  chunk_ = static_cast<Index>(steps);
}

Error Control::stopped(const std::string& progress, const std::string& checkpoint) const {
  if (!root_) return {ExitCode::stopped, ""};
  const std::string reason = stop_.reason();
  return {ExitCode::stopped,
          fmt::format("stopped by {} {}; the same command goes on from {}",
                      reason.empty() ? "a signal to another rank" : reason, progress, checkpoint)};
}

}  // namespace starling::campaigns
