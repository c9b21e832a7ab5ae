// SPDX-License-Identifier: BSD-3-Clause
#include "core/stop.hpp"

#include "core/error.hpp"

#include <fmt/format.h>

#include <csignal>
#include <sstream>

namespace starling {
namespace {

// A handler may touch nothing else.
volatile std::sig_atomic_t caught = 0;
void remember(int signal) { caught = signal; }

}  // namespace

StopRequest::StopRequest(std::optional<Real> max_wall_seconds)
    : start_(std::chrono::steady_clock::now()), max_wall_(max_wall_seconds) {
  caught = 0;
  std::signal(SIGUSR1, remember);
  std::signal(SIGTERM, remember);
}

std::string StopRequest::reason() const {
  if (caught == SIGUSR1) return "signal USR1";
  if (caught == SIGTERM) return "signal TERM";
  const std::chrono::duration<Real> run = std::chrono::steady_clock::now() - start_;
  if (max_wall_ && run.count() >= *max_wall_) return "the wall-time limit";
  return "";
}

Real parse_duration(const std::string& text) {
  const char* allowed = "seconds, or a number with s, m or h, or h:mm:ss";
  Real total = 0;
  std::string part;
  std::istringstream parts(text);
  const bool clock = text.find(':') != std::string::npos;
  while (std::getline(parts, part, ':')) {
    std::size_t used = 0;
    Real number = -1;
    try {
      number = std::stod(part, &used);
    } catch (const std::exception&) {
    }
    const std::string unit = part.substr(used);
    const Real scale = unit == "h" ? 3600 : unit == "m" ? 60 : 1;
    require(
        number >= 0 && (unit.empty() || (!clock && (unit == "s" || unit == "m" || unit == "h"))),
        "'{}' is no duration; allowed: {}", text, allowed);
    total = total * 60 + number * scale;
  }
  require(total > 0, "'{}' is no duration; allowed: {}", text, allowed);
  return total;
}

}  // namespace starling
