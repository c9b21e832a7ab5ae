// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/closure_learner.hpp"

#include <mpi.h>
#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>

namespace starling::campaigns {

/// How data sets are shown to be learnable.
struct BaselineSettings : LearnerSettings {
  Index runs = 4;  ///< test trajectories that are run with each closure
};

/// Learns closures of each coarsened data set that is asked for. `score` adds what it finds to the
/// JSON of the data set and returns a table; all go to NAME.json of the folder, and the tables are
/// returned. Collective. Throws InputError where there is nothing to learn.
using ScoreClosures = std::function<std::string(
    const BaselineSettings& settings, const PairSets& pairs, const std::string& product,
    const ClosureLearner& learner, nlohmann::ordered_json& json)>;
std::string score_closures(const BaselineSettings& request, MPI_Comm comm, const std::string& name,
                           const ScoreClosures& score);

/// Learns closures of each coarsened data set (ClosureLearner) and says how well they do on every
/// split and sibling: skill R^2, correlation and MSE, beside no forcing, the forcing of the frame
/// before and the training mean. Then runs them in the low-fidelity model from the first frame of
/// test trajectories: VRMSE, sqrt(MSE / (variance + 1e-7)) of The Well, and nRMSE against the
/// coarsened run at several lead times, beside the model alone, persistence and the training mean.
/// Runs, with and without closures, are dealt to ranks. Writes baseline.json to the folder and
/// returns the same as a table. Collective. Throws InputError where there is nothing to learn.
std::string run_baseline(const BaselineSettings& settings, MPI_Comm comm);

}  // namespace starling::campaigns
