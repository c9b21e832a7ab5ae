// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/baseline.hpp"

#include <mpi.h>

#include <string>

namespace starling::campaigns {

/// Whether closures give the low level the climate of the high one (ross2023, section 2.5). Learns
/// closures of each coarsened data set (ClosureLearner), runs the low level alone and with each
/// from the first frame of the first `runs` test trajectories over all frames, and compares with
/// the high run on the low grid, that of "op1" where there is one: distances d (datasets::Climate)
/// of the distributions over the last 10 frames and of the mean spectra over the later half, and
///
///     similarity = 1 - d(with closure, high) / d(low, high).
///
/// Distances of finite samples are never zero: the same between two halves of the high runs is
/// told, and where d(low, high) is not well above it, the similarity is chance. Where a run blew up
/// there is no climate, and no number; how many did is told. Runs, with and without closures, are
/// dealt to ranks. Writes similarity.json to the folder and returns the same as a table (on rank
/// 0). Collective. Throws InputError where there is nothing to learn.
std::string run_similarity(const BaselineSettings& settings, MPI_Comm comm);

}  // namespace starling::campaigns
