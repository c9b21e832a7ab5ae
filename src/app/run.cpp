// SPDX-License-Identifier: BSD-3-Clause
#include "app/run.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <Kokkos_Core.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <new>
#include <string>
#include <thread>
#include <vector>

namespace starling::app {
namespace {

constexpr int internal_error = 70;
constexpr std::chrono::seconds grace{2};

/// How `work` ended on this rank.
struct Outcome {
  int code = 0;
  std::string message;
};

void say(const std::string& what) {
  if (what.empty()) return;
  std::string line = "starling: error: " + what;
  for (char& c : line)
    if (c == '\n') c = ' ';
  std::fprintf(stderr, "%s\n", line.c_str());
}

// What all ranks found wrong together is said by the first of them.
bool is_first_to_say(const std::string& what, MPI_Comm errors) {
  const std::uint64_t mine = std::hash<std::string>{}(what);
  std::vector<std::uint64_t> all(static_cast<std::size_t>(size_of(errors)));
  MPI_Allgather(&mine, 1, MPI_UINT64_T, all.data(), 1, MPI_UINT64_T, errors);
  return std::find(all.begin(), all.end(), mine) - all.begin() == rank_of(errors);
}

// Whether every rank comes here: a rank that failed waits for the grace time only, since the others
// may be waiting for it elsewhere.
bool all_arrive(MPI_Comm errors, bool failed) {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(errors, &request);
  const auto start = std::chrono::steady_clock::now();
  int done = 0;
  while (done == 0 && (!failed || std::chrono::steady_clock::now() - start < grace)) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return done != 0;
}

Outcome attempt(const std::function<void(MPI_Comm)>& work, MPI_Comm world) {
  try {
    work(world);
    return {};
  } catch (const Error& error) {
    return {static_cast<int>(error.code()), error.what()};
  } catch (const std::bad_alloc&) {
    return {static_cast<int>(ExitCode::bad_input),
            "out of memory; fewer members, more ranks or a smaller grid help"};
  } catch (const std::exception& error) {
    // What Kokkos throws where memory ends.
    const bool memory = std::string(error.what()).find("allocate memory") != std::string::npos;
    return {memory ? static_cast<int>(ExitCode::bad_input) : internal_error, error.what()};
  }
}

}  // namespace

int run(int argc, char** argv, const std::function<void(MPI_Comm)>& work) {
  // A file over the user's limit is an error of the write, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  MPI_Init(&argc, &argv);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  Outcome outcome;
  {
    // Kokkos prints warnings about arguments it does not know; it gets none.
    const Kokkos::ScopeGuard kokkos;
    MPI_Comm copy = MPI_COMM_NULL;
    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    const Communicator errors(copy);
    outcome = attempt(work, MPI_COMM_WORLD);
    if (!all_arrive(errors, outcome.code != 0)) {
      say(outcome.message);
      MPI_Abort(MPI_COMM_WORLD, outcome.code);
    }
    if (is_first_to_say(outcome.message, errors)) say(outcome.message);
  }
  MPI_Finalize();
  return outcome.code;
}

}  // namespace starling::app
