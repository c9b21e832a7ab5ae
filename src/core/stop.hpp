// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <chrono>
#include <optional>
#include <string>

namespace starling {

/// Whether the run should end at the next step boundary: SIGUSR1 or SIGTERM on any rank, or the
/// wall time is used up. The handlers only set a flag, and stay: ranks that stopped because another
/// one had the signal must not die of their own, which may come late.
class StopRequest {
 public:
  /// max_wall_seconds counts from construction; none = no limit.
  explicit StopRequest(std::optional<Real> max_wall_seconds = std::nullopt);
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;
  ~StopRequest() = default;

  /// Why this rank wants to stop; empty if it does not.
  std::string reason() const;
  bool requested() const { return !reason().empty(); }

 private:
  std::chrono::steady_clock::time_point start_;
  std::optional<Real> max_wall_;
};

/// "90", "90s", "15m", "2h", "1:30:00" as seconds. Throws InputError.
Real parse_duration(const std::string& text);

}  // namespace starling
