// SPDX-License-Identifier: BSD-3-Clause
#include "app/run.hpp"

#include <Kokkos_Core.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <new>
#include <thread>

#include "core/error.hpp"
#include "core/process_grid.hpp"

namespace starling::app {
namespace {

constexpr int internal_error = 70;
constexpr std::chrono::seconds grace{2};

void say(const std::string& what) {
  if (what.empty()) return;
  std::string line = "starling: error: " + what;
  for (char& c : line)
    if (c == '\n') c = ' ';
  std::fprintf(stderr, "%s\n", line.c_str());
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

int attempt(const std::function<void(MPI_Comm)>& work, MPI_Comm world) {
  try {
    work(world);
    return static_cast<int>(ExitCode::done);
  } catch (const Error& error) {
    say(error.what());
    return static_cast<int>(error.code());
  } catch (const std::bad_alloc&) {
    say("out of memory; fewer members, more ranks or a smaller grid help");
    return static_cast<int>(ExitCode::bad_input);
  } catch (const std::exception& error) {
    say(error.what());
    return internal_error;
  }
}

}  // namespace

int run(int argc, char** argv, const std::function<void(MPI_Comm)>& work) {
  MPI_Init(&argc, &argv);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  int code = 0;
  {
    // Kokkos prints warnings about arguments it does not know; it gets none.
    const Kokkos::ScopeGuard kokkos;
    MPI_Comm copy = MPI_COMM_NULL;
    MPI_Comm_dup(MPI_COMM_WORLD, &copy);
    const Communicator errors(copy);
    code = attempt(work, MPI_COMM_WORLD);
    if (!all_arrive(errors, code != 0)) MPI_Abort(MPI_COMM_WORLD, code);
  }
  MPI_Finalize();
  return code;
}

}  // namespace starling::app
