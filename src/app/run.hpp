// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mpi.h>

#include <functional>

namespace starling::app {

/// Runs `work` with MPI and Kokkos up, and turns what it throws into one line on stderr of each
/// rank that has something to say and into the exit code of the program (core/error.hpp). Errors
/// that all ranks throw together end the program in order; one that a single rank throws ends the
/// others by MPI_Abort after a grace time. The one place that knows MPI_COMM_WORLD.
int run(int argc, char** argv, const std::function<void(MPI_Comm world)>& work);

}  // namespace starling::app
