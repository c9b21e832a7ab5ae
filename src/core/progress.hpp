// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <chrono>
#include <string>

namespace starling {

/// How far a long work is: "KS forecast  4200/20000 (21 %)  1523 cycles/s  ETA 10 s", redrawn in
/// place twice a second on a terminal, a plain line every ten seconds elsewhere. Only rank 0 should
/// have an enabled one.
class Progress {
 public:
  Progress(std::string title, std::string unit, Index total, Index done, bool enabled);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` of the total are done; `note` is shown behind the numbers.
  void update(Index done, const std::string& note = "");

 private:
  using Clock = std::chrono::steady_clock;
  void draw(const std::string& note, Clock::time_point now);

  std::string title_, unit_;
  Index total_, first_, done_;
  bool enabled_, terminal_, drawn_ = false;
  Clock::time_point start_, last_;
};

/// "12 s", "3 min 20 s", "5 h 07 min".
std::string duration_text(Real seconds);
/// "1.5 MiB".
std::string bytes_text(Real bytes);

}  // namespace starling
