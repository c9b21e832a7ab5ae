// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/settings.hpp"
#include "campaigns/truth.hpp"
#include "ensemble/ensemble.hpp"
#include "io/checkpoint.hpp"
#include "io/series_file.hpp"

#include <mpi.h>

#include <optional>
#include <string>

/// The states of a campaign in a checkpoint. Collective; reading works on any number of ranks.
namespace starling::campaigns {

void save_ensemble(io::CheckpointWriter& file, const ensemble::Ensemble& ensemble);
void load_ensemble(const io::Checkpoint& file, ensemble::Ensemble& ensemble);

void save_truth(io::CheckpointWriter& file, const Truth& truth);
void load_truth(const io::Checkpoint& file, Truth& truth);

/// How far the result file is, which is synchronised first; going on with it from there.
void save_results(io::CheckpointWriter& file, io::SeriesFile& results);
void load_results(const io::Checkpoint& file, io::SeriesFile& results);

/// The checkpoint this run goes on from, if there is one and the user did not force a new start.
/// Throws InputError if it belongs to another input (`config` is the resolved one). Collective.
std::optional<io::Checkpoint> checkpoint_of(MPI_Comm world, const OutputSettings& settings,
                                            const Options& options, const std::string& config);

}  // namespace starling::campaigns
