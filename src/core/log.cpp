// SPDX-License-Identifier: BSD-3-Clause
#include "core/log.hpp"

#include "core/process_grid.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace starling::log {
namespace {

// spdlog's registry holds the loggers, so that this module has no state of its own.
std::shared_ptr<spdlog::logger> logger(const char* name) {
  if (auto found = spdlog::get(name)) return found;
  const bool to_stderr = std::string(name) == "warnings";
  auto made = to_stderr ? spdlog::stderr_logger_mt(name) : spdlog::stdout_logger_mt(name);
  made->set_pattern(to_stderr ? "starling: warning: %v" : "%v");
  made->flush_on(spdlog::level::debug);
  return made;
}

}  // namespace

void open(MPI_Comm world, const std::string& level) {
  const bool root = rank_of(world) == 0;
  auto out = spdlog::level::off;
  if (root && level == "debug") out = spdlog::level::debug;
  if (root && level == "info") out = spdlog::level::info;
  logger("run")->set_level(out);
  logger("warnings")->set_level(level == "quiet" ? spdlog::level::off : spdlog::level::warn);
}

void write(const std::string& line) { logger("run")->info(line); }
void write_debug(const std::string& line) { logger("run")->debug(line); }
void write_warning(const std::string& line) { logger("warnings")->warn(line); }

}  // namespace starling::log
