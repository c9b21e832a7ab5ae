// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <mpi.h>

#include <string>

/// Result files like those of real runs, with travelling waves for turbulence.
namespace starling::test_support {

struct SampleRun {
  Index points = 96;
  Index frames = 120;    ///< declared
  Index complete = 120;  ///< written; fewer than declared leave PATH.part behind, as a run does
  Real inflation = 1.02;
  Real error = 0.2;  ///< of the analysis
};

/// All that `assimilate` writes.
void write_assimilation(const std::string& path, const SampleRun& run, MPI_Comm self);

/// All that `simulate` writes: two members, mean and spread, diagnostics, a spectrum.
void write_simulation(const std::string& path, const SampleRun& run, MPI_Comm self);

/// Four Lyapunov exponents, nothing else.
void write_exponents(const std::string& path, MPI_Comm self);

/// A result file without anything to draw.
void write_bare(const std::string& path, MPI_Comm self);

}  // namespace starling::test_support
