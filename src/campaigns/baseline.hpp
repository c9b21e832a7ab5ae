// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/row_plan.hpp"
#include "datasets/record.hpp"

#include <mpi.h>

#include <functional>
#include <string>
#include <vector>

namespace starling::campaigns {

/// How data sets are shown to be learnable.
struct BaselineSettings {
  std::string folder;
  Index random_features = 256;
  Index samples = 100000;  ///< grid points of all training frames together, at most
  Index runs = 4;          ///< test trajectories that are run with each closure
  std::uint64_t seed = 1;
  std::function<RowSystems(const datasets::Row& row, MPI_Comm comm)> build;
};

/// Fits closures (datasets::Closure) from the coarse state to the subgrid forcing of each coarsened
/// data set by ridge regression on its training split, the ridge chosen on the validation split,
/// and says how well they do on every split and sibling: skill R^2 = 1 - MSE / variance and
/// correlation, beside no forcing, the forcing of the frame before and the training mean. Then runs
/// them in the low-fidelity model from the first frame of test trajectories: VRMSE, sqrt(MSE /
/// (variance + 1e-7)) of The Well, against the coarsened run at several lead times, beside the
/// model alone, persistence and the training mean. Files are dealt to ranks. Writes baseline.json
/// to the folder and returns the same as a table. Collective. Throws InputError where there is
/// nothing to learn.
std::string run_baseline(const BaselineSettings& settings, MPI_Comm comm);

}  // namespace starling::campaigns
