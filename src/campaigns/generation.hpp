// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/row_queue.hpp"
#include "campaigns/row_run.hpp"
#include "campaigns/settings.hpp"
#include "core/stop.hpp"
#include "datasets/manifest.hpp"

#include <functional>
#include <string>
#include <vector>

namespace starling::campaigns {

/// The rows of a manifest, computed by groups of ranks that take them from one queue, largest
/// first. A row that is done has a record in rows/ and is never computed again; one that blows up
/// is recorded and left out. Whenever and however often it is stopped, the files are the same bytes
/// in the end.
class Generation {
 public:
  /// Computes a row on the ranks of a communicator, as RowRun::run does. Collective on it.
  using Run = std::function<std::optional<datasets::RowRecord>(
      const datasets::Row& row, MPI_Comm comm, const std::string& folder,
      const RowRun::Watch& watch, RowTimes& times)>;

  struct Parts {
    MPI_Comm world;
    std::string title;
    std::string folder;
    std::vector<datasets::Row> rows;
    Run run;
    int ranks_per_row = 1;
  };

  /// Throws InputError unless ranks_per_row divides the ranks, and if the folder has another data
  /// set. Collective.
  Generation(Parts parts, const Options& options);

  /// Rows that are still to do.
  Index rows_left() const { return static_cast<Index>(left_.size()); }

  /// Computes them, then writes statistics, cards, split.csv and MANIFEST.sha256. Collective.
  /// Throws Error with code `stopped` when a signal or the time limit ends it, IoError for a full
  /// disk.
  void run();

  /// Computes one row alone on all ranks into `folder`, and says whether it is what the record of
  /// the data set has. Collective.
  static datasets::RowRecord rebuild(const Parts& parts, const datasets::Row& row);

 private:
  void prepare_folder();
  void find_left();
  bool run_row(const datasets::Row& row, RowQueue& queue, MPI_Comm group, class Watcher& watcher);
  void log_times() const;

  Parts parts_;
  Options options_;
  std::vector<std::size_t> left_;  // rows to do, largest first
  RowTimes times_;
};

}  // namespace starling::campaigns
