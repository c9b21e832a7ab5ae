// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/restart.hpp"

#include "core/error.hpp"

namespace starling::campaigns {

void save_ensemble(io::CheckpointWriter& file, const ensemble::Ensemble& ensemble) {
  file.integer("age", ensemble.age());
  file.rows("states", ensemble.all_states(), ensemble.first_state(), ensemble.states(),
            ensemble.state_columns());
  if (ensemble.history_columns().all() > 0)
    file.rows("history", ensemble.all_states(), ensemble.first_state(), ensemble.history(),
              ensemble.history_columns());
}

void load_ensemble(const io::Checkpoint& file, ensemble::Ensemble& ensemble) {
  file.rows("states", ensemble.all_states(), ensemble.first_state(), ensemble.states(),
            ensemble.state_columns());
  if (ensemble.history_columns().all() > 0)
    file.rows("history", ensemble.all_states(), ensemble.first_state(), ensemble.history(),
              ensemble.history_columns());
  ensemble.set_age(file.integer("age"));
  ensemble.update_members();
}

void save_truth(io::CheckpointWriter& file, const Truth& truth) {
  file.integer("truth_age", truth.age());
  file.rows("truth", 1, 0, truth.state(), truth.state_columns());
  if (truth.history_columns().all() > 0)
    file.rows("truth_history", 1, 0, truth.history(), truth.history_columns());
}

void load_truth(const io::Checkpoint& file, Truth& truth) {
  file.rows("truth", 1, 0, truth.state(), truth.state_columns());
  if (truth.history_columns().all() > 0)
    file.rows("truth_history", 1, 0, truth.history(), truth.history_columns());
  truth.set_age(file.integer("truth_age"));
  truth.publish();
}

void save_results(io::CheckpointWriter& file, io::SeriesFile& results) {
  results.sync();
  const std::vector<Index> next = results.next();
  file.integers("frames", {next.begin(), next.end()});
}

void load_results(const io::Checkpoint& file, io::SeriesFile& results) {
  const auto& frames = file.integers("frames");
  results.resume({frames.begin(), frames.end()});
}

std::optional<io::Checkpoint> checkpoint_of(MPI_Comm world, const OutputSettings& settings,
                                            const Options& options, const std::string& config) {
  if (options.force) return std::nullopt;
  auto file = io::Checkpoint::newest(world, settings.checkpoint_file());
  if (file)
    require(
        file->text("config") == config,
        "{}: belongs to another input than this one; allowed: the same input, another --output, "
        "or --force to start anew",
        file->path());
  return file;
}

}  // namespace starling::campaigns
