// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/row_plan.hpp"
#include "datasets/product.hpp"
#include "datasets/record.hpp"
#include "ensemble/ensemble.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace starling::campaigns {

/// Where the time of a row goes [s], on this rank.
struct RowTimes {
  Real solvers = 0;  ///< steps of all levels
  Real targets = 0;  ///< coarse-graining, subgrid targets, derived fields
  Real writing = 0;  ///< files, their statistics and hashes
  Real all = 0;

  void add(const RowTimes& other);
};

/// One row of a manifest: all levels of the ladder in step, and all files that it makes. The
/// trajectories are dealt to the ranks of systems.processes.
class RowRun {
 public:
  /// How far it is, as a share of 1. Returns whether the run is to stop.
  using Watch = std::function<bool(Real share)>;

  RowRun(const datasets::Row& row, RowSystems& systems, const std::string& folder);

  /// The record, complete on rank 0; nothing if `watch` stopped it on any rank, and then no file is
  /// left. Collective. Throws NumericalError if a run blows up, IoError if it cannot be written, on
  /// every rank and with no file left.
  std::optional<datasets::RowRecord> run(const Watch& watch);

  const RowTimes& times() const { return times_; }

 private:
  /// A level below the first: its free run, its run from coarsened states, and what makes them.
  struct Lower {
    std::unique_ptr<datasets::Snapshot> snapshot, coarse;
    std::unique_ptr<datasets::Subgrid> start;
    std::unique_ptr<ensemble::Ensemble> free, restarted;
    LevelSteps steps{};
  };
  struct Pair {
    std::size_t level;
    std::unique_ptr<datasets::Subgrid> subgrid;
    datasets::Product* product;
  };
  enum class Verdict : int { go_on, stop, blow_up, disk };

  void make_products();
  void start();
  void advance(Index frame);
  void advance_high(Index frame);
  void probe(Real time);
  void save_samples();
  Real flux_error() const;
  void advance(ensemble::Ensemble& members, const LevelSystem& level, Index first, Index count);
  void record(Index frame);
  void record_high(Index frame, bool segment_begins);
  void record_run(const ensemble::Ensemble& members, datasets::Snapshot& snapshot,
                  datasets::Product& product, Index first, Index stride, Index frame);
  void put(datasets::Snapshot& snapshot, datasets::Product& product, Index trajectory, Index frame);
  void take(datasets::Snapshot& snapshot, const ensemble::Ensemble& members, Index member);
  Verdict agree(Verdict mine);
  template <class Work>
  void timed(Real& seconds, const Work& work);

  datasets::Row row_;
  RowSystems* systems_;
  std::string folder_;
  RowTimes times_;
  Range mine_;
  LevelSteps high_steps_{};
  std::unique_ptr<ensemble::Ensemble> high_;
  std::unique_ptr<datasets::Snapshot> fine_;
  std::unique_ptr<datasets::FineSpectra> spectra_;
  std::vector<Lower> lowers_;
  std::vector<std::unique_ptr<datasets::Product>> products_;
  datasets::Product* high_product_ = nullptr;
  std::vector<datasets::Product*> free_products_, restarted_products_;
  std::vector<datasets::PointSamples::Samples> samples_;  // of my trajectories
  std::vector<Real> quantities_;
  std::vector<Pair> pairs_;
  std::string failure_;  // of this rank
};

}  // namespace starling::campaigns
