// SPDX-License-Identifier: BSD-3-Clause
#include "core/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace starling {
namespace {

constexpr Real redraw_seconds = 0.5;
constexpr Real line_seconds = 10;

// mpirun gives its ranks a terminal of their own, whose output it may be writing to a file: what
// counts is where mpirun itself writes to.
bool writes_to_a_terminal() {
  if (isatty(STDOUT_FILENO) != 1) return false;
  if (std::getenv("OMPI_COMM_WORLD_SIZE") == nullptr) return true;
  std::array<char, 256> target{};
  const std::string link = fmt::format("/proc/{}/fd/1", getppid());
  if (readlink(link.c_str(), target.data(), target.size() - 1) <= 0) return false;
  const std::string name = target.data();
  return name.starts_with("/dev/pts/") || name.starts_with("/dev/tty");
}

Real seconds(std::chrono::steady_clock::duration d) {
  return std::chrono::duration<Real>(d).count();
}

}  // namespace

Progress::Progress(std::string title, std::string unit, Index total, Index done, bool enabled)
    : title_(std::move(title)),
      unit_(std::move(unit)),
      total_(total),
      first_(done),
      done_(done),
      enabled_(enabled),
      terminal_(writes_to_a_terminal()),
      start_(Clock::now()),
      last_(start_) {}

Progress::~Progress() {
  if (drawn_ && terminal_) std::fputs("\n", stdout);
}

void Progress::update(Index done, const std::string& note) {
  done_ = done;
  if (!enabled_) return;
  const auto now = Clock::now();
  const bool last = done_ >= total_ && (drawn_ || terminal_);
  if (last || seconds(now - last_) >= (terminal_ ? redraw_seconds : line_seconds)) draw(note, now);
}

void Progress::draw(const std::string& note, Clock::time_point now) {
  const Real rate = static_cast<Real>(done_ - first_) / std::max(1e-9, seconds(now - start_));
  const std::string left =
      rate > 0 ? duration_text(static_cast<Real>(total_ - done_) / rate) : "unknown";
  const std::string text =
      fmt::format("{}  {}/{} ({:.0f} %)  {:.4g} {}/s  ETA {}  {}", title_, done_, total_,
                  100.0 * static_cast<Real>(done_) / static_cast<Real>(std::max<Index>(1, total_)),
                  rate, unit_, left, note);
  fmt::print("{}{}{}", terminal_ ? "\r\033[K" : "", text, terminal_ ? "" : "\n");
  std::fflush(stdout);
  drawn_ = true;
  last_ = now;
}

std::string duration_text(Real seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string bytes_text(Real bytes) {
  constexpr std::array units = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, units[unit]);
}

}  // namespace starling
