// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/generation.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "datasets/publication.hpp"
#include "io/agree.hpp"
#include "io/disk.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

namespace starling::campaigns {
namespace {

// In millions of floating-point operations, by which the rest of the time is estimated.
Index work_of(const datasets::Row& row) {
  return std::max<Index>(1, static_cast<Index>(row.flops / 1e6));
}

void make_folder(const std::string& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  require(!failure, "{}: cannot be made: {}", folder, failure.message());
}

}  // namespace

/// What a group looks at between frames: stop or go on, and how far all are.
class Watcher {
 public:
  Watcher(RowQueue& queue, Progress& progress, const std::optional<Real>& max_wall, Index rows)
      : queue_(&queue), progress_(&progress), stop_(max_wall), rows_(rows) {}

  void begin(Index work) {
    work_ = work;
    added_ = 0;
  }
  // True: stop.
  bool operator()(Real share) {
    const auto now = static_cast<Index>(share * static_cast<Real>(work_));
    queue_->add_done(now - added_);
    added_ = now;
    if (stop_.requested()) queue_->stop();
    progress_->update(queue_->done(), fmt::format("{} rows", rows_));
    return queue_->stopped();
  }
  // What was counted of a row that is not done is taken back.
  void give_back() { queue_->add_done(-added_); }
  void finish() { queue_->add_done(work_ - added_); }
  std::string reason() const { return stop_.reason(); }

 private:
  RowQueue* queue_;
  Progress* progress_;
  StopRequest stop_;
  Index rows_, work_ = 0, added_ = 0;
};

Generation::Generation(Parts parts, const Options& options)
    : parts_(std::move(parts)), options_(options) {
  const int ranks = size_of(parts_.world);
  require(parts_.ranks_per_row >= 1 && ranks % parts_.ranks_per_row == 0,
          "--ranks-per-row {}: does not divide {} ranks; allowed: a divisor", parts_.ranks_per_row,
          ranks);
  io::on_root(parts_.world, [&] { prepare_folder(); });
  find_left();
}

void Generation::prepare_folder() {
  const std::string manifest = parts_.folder + "/runs.jsonl";
  make_folder(parts_.folder + "/rows");
  if (io::exists(manifest)) {
    const auto there = datasets::read_manifest(manifest);
    bool same = there.size() == parts_.rows.size();
    for (std::size_t r = 0; r < there.size() && same; ++r)
      same = there[r].hash() == parts_.rows[r].hash();
    require(same || options_.force,
            "{}: is of another input: its rows differ; allowed: another folder, the same input, or "
            "--force, which makes rows that differ anew",
            manifest);
    if (same) return;
  }
  datasets::write_manifest(manifest, parts_.rows);
  datasets::write_text(parts_.folder + "/dataset.toml", parts_.rows.front().config);
}

void Generation::find_left() {
  std::vector<char> done(parts_.rows.size(), 0);
  io::on_root(parts_.world, [&] {
    for (std::size_t r = 0; r < done.size(); ++r)
      done[r] = datasets::find_record(parts_.folder, parts_.rows[r]).has_value() ? 1 : 0;
  });
  STARLING_MPI(MPI_Bcast(done.data(), static_cast<int>(done.size()), MPI_CHAR, 0, parts_.world));
  for (std::size_t r = 0; r < done.size(); ++r)
    if (done[r] == 0) left_.push_back(r);
  std::stable_sort(left_.begin(), left_.end(), [&](std::size_t a, std::size_t b) {
    return parts_.rows[a].flops > parts_.rows[b].flops;
  });
}

// False: stopped.
bool Generation::run_row(const datasets::Row& row, RowQueue& queue, MPI_Comm group,
                         Watcher& watcher) {
  const bool first = rank_of(group) == 0;
  const auto save = [&](const datasets::RowRecord& record) {
    io::on_root(group, [&] {
      datasets::write_text(datasets::record_path(parts_.folder, row), record.to_json());
    });
  };
  try {
    const auto record = parts_.run(
        row, group, parts_.folder, [&](Real share) { return first ? watcher(share) : false; },
        times_);
    if (!record) {
      if (first) watcher.give_back();
      return false;
    }
    save(*record);
  } catch (const NumericalError& error) {
    datasets::RowRecord record;
    record.row = row.number;
    record.hash = row.hash();
    record.failure = error.what();
    save(record);
    if (first) log::warning("row {} is left out: {}", row.number, error.what());
  } catch (...) {
    queue.stop();
    throw;
  }
  if (first) watcher.finish();
  return true;
}

void Generation::run() {
  const int rank = rank_of(parts_.world);
  MPI_Comm split = MPI_COMM_NULL;
  STARLING_MPI(MPI_Comm_split(parts_.world, rank / parts_.ranks_per_row, rank, &split));
  const Communicator group(split);

  Index total = 0;
  for (const std::size_t r : left_) total += work_of(parts_.rows[r]);
  std::string disk, reason;
  bool stopped = false;
  {
    RowQueue queue(parts_.world);
    Progress progress(parts_.title, "Mflop", total, 0, rank == 0);
    Watcher watcher(queue, progress, options_.max_wall, static_cast<Index>(left_.size()));
    try {
      while (!stopped) {
        Index mine = rank_of(group) == 0 ? (queue.stopped() ? -1 : queue.take()) : 0;
        STARLING_MPI(MPI_Bcast(&mine, 1, MPI_INT64_T, 0, group));
        stopped = mine < 0;
        if (stopped || mine >= static_cast<Index>(left_.size())) break;
        const datasets::Row& row = parts_.rows[left_[static_cast<std::size_t>(mine)]];
        watcher.begin(work_of(row));
        stopped = !run_row(row, queue, group, watcher);
      }
    } catch (const IoError& error) {
      disk = error.what();
    }
    STARLING_MPI(MPI_Barrier(parts_.world));
    progress.update(queue.done());
    reason = watcher.reason();
  }
  io::agree(parts_.world, disk);
  int any = stopped ? 1 : 0;
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &any, 1, MPI_INT, MPI_MAX, parts_.world));
  log_times();
  if (any != 0)
    throw Error(ExitCode::stopped,
                rank > 0 ? ""
                         : fmt::format("stopped by {}; the same command goes on with the rows that "
                                       "are left",
                                       reason.empty() ? "a signal to another rank" : reason));
  io::on_root(parts_.world, [&] {
    const datasets::Published set = datasets::publish(parts_.folder, parts_.rows);
    log::info("{}: {} files of {} rows, {}, {} data sets", parts_.folder, set.files, set.rows,
              bytes_text(set.bytes), set.datasets.size());
    if (set.failures > 0)
      log::warning("{} of {} rows blew up and are left out: status in split.csv, reasons in rows/",
                   set.failures, set.rows);
  });
}

void Generation::log_times() const {
  std::array<Real, 4> sums = {times_.solvers, times_.targets, times_.writing, times_.all};
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 4, MPI_DOUBLE, MPI_SUM, parts_.world));
  if (sums[3] <= 0) return;
  const auto percent = [&](Real part) { return 100 * part / sums[3]; };
  log::info("{} of core time: {:.1f} % solvers, {:.1f} % targets, {:.1f} % writing, {:.1f} % rest",
            duration_text(sums[3]), percent(sums[0]), percent(sums[1]), percent(sums[2]),
            percent(sums[3] - sums[0] - sums[1] - sums[2]));
}

datasets::RowRecord Generation::rebuild(const Parts& parts, const datasets::Row& row) {
  io::on_root(parts.world, [&] { make_folder(parts.folder + "/rows"); });
  const StopRequest stop;
  RowTimes times;
  const auto record = parts.run(
      row, parts.world, parts.folder, [&](Real) { return stop.requested(); }, times);
  if (!record)
    throw Error(ExitCode::stopped, fmt::format("stopped by {}; nothing is left", stop.reason()));
  io::on_root(parts.world, [&] {
    datasets::write_text(datasets::record_path(parts.folder, row), record->to_json());
  });
  return *record;
}

}  // namespace starling::campaigns
