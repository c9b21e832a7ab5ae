// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fmt/format.h>
#include <mpi.h>

#include <string>
#include <utility>

/// What a run tells: on stdout, from rank 0 of the communicator it was opened with. Warnings go to
/// stderr, from any rank.
namespace starling::log {

/// Opens the log; other ranks than 0 stay silent but for warnings. `level`: "debug", "info",
/// "warning", "quiet".
void open(MPI_Comm world, const std::string& level = "info");

void write(const std::string& line);
void write_debug(const std::string& line);
void write_warning(const std::string& line);

template <class... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
  write(fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void debug(fmt::format_string<Args...> text, Args&&... args) {
  write_debug(fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
  write_warning(fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace starling::log
