// SPDX-License-Identifier: BSD-3-Clause
#include <mpi.h>

#include <cstdio>

#include "core/version.hpp"

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  std::printf("starling %s (%s)\n", starling::version(), starling::git_hash());
  MPI_Finalize();
}
