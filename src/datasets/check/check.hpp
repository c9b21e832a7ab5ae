// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/findings.hpp"

#include <mpi.h>

#include <string>
#include <vector>

namespace starling::datasets::check {

/// One data set, one line.
struct Summary {
  std::string dataset;
  Index files = 0, trajectories = 0, findings = 0;
  Real bytes = 0;
};

struct Report {
  std::vector<Finding> findings;  ///< on rank 0
  std::vector<Finding> notes;     ///< on rank 0: no faults, but worth a line
  std::vector<Summary> datasets;  ///< on rank 0
  Index count = 0;                ///< of findings, on every rank
};

/// Checks a generated data set (a folder with runs.jsonl), or as much as can be checked of a folder
/// of files without one, or of a single file. Files are dealt to ranks by their size and read frame
/// by frame, with a progress bar. Collective. Throws InputError if there is nothing to check.
Report check(const std::string& path, MPI_Comm comm);

}  // namespace starling::datasets::check
