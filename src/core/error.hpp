// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fmt/format.h>
#include <mpi.h>

#include <stdexcept>
#include <string>
#include <utility>

/// What can go wrong, and the exit code the program ends with. Code below app/ throws; app/run
/// alone turns an exception into one line on stderr and an exit code.
namespace starling {

enum class ExitCode : int {
  done = 0,
  bad_input = 2,   ///< the user can mend it: input, files, impossible sizes
  numerical = 70,  ///< blow-up, NaN: running again gives the same
  io = 75,         ///< disk full, file system: try again
  stopped = 85,    ///< stopped at a checkpoint by a signal or the time limit: run again to go on
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& what) : std::runtime_error(what), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// The input is wrong; the message names file, line, key, value and what is allowed.
struct InputError : Error {
  explicit InputError(const std::string& what) : Error(ExitCode::bad_input, what) {}
};

/// The computation failed; the message names the member and the time.
struct NumericalError : Error {
  explicit NumericalError(const std::string& what) : Error(ExitCode::numerical, what) {}
};

/// A file could not be written or read for reasons outside the input.
struct IoError : Error {
  explicit IoError(const std::string& what) : Error(ExitCode::io, what) {}
};

/// A law of the program itself was broken.
struct LogicError : std::logic_error {
  using std::logic_error::logic_error;
};

/// Throws InputError with the formatted message unless `holds`.
template <class... Args>
void require(bool holds, fmt::format_string<Args...> message, Args&&... args) {
  if (!holds) throw InputError(fmt::format(message, std::forward<Args>(args)...));
}

namespace detail {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
[[noreturn]] void mpi_failed(int code, const char* call, const char* file, int line);
}  // namespace detail

}  // namespace starling

/// Internal logic that must hold whatever the input; always checked.
#define STARLING_ASSERT(condition)    \
  ((condition) ? static_cast<void>(0) \
               : ::starling::detail::assertion_failed(#condition, __FILE__, __LINE__))

/// Throws IoError naming the call if MPI returns an error.
#define STARLING_MPI(call)                                                          \
  do {                                                                              \
    const int starling_mpi_code = (call);                                           \
    if (starling_mpi_code != MPI_SUCCESS)                                           \
      ::starling::detail::mpi_failed(starling_mpi_code, #call, __FILE__, __LINE__); \
  } while (false)
