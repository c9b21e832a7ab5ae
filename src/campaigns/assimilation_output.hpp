// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/common_output.hpp"
#include "campaigns/cycle.hpp"
#include "campaigns/gather.hpp"
#include "campaigns/settings.hpp"
#include "campaigns/summary.hpp"
#include "diagnostics/spectrum.hpp"
#include "io/checkpoint.hpp"
#include "io/series_file.hpp"

#include <array>
#include <string>
#include <vector>

namespace starling::campaigns {

/// The result file of an assimilation (docs/files.md): scores of every cycle, frames of fields
/// every so many cycles, averages over what follows the burn-in.
class AssimilationOutput {
 public:
  struct Facts {
    Index cycles, burn_in, members;
    Index rank_bins;  ///< of the rank histograms
    bool has_truth;
    bool particles = false;         ///< whether the filter weights and resamples members
    bool ancestry = false;          ///< whether parents are recorded
    Range my_members = {};          ///< then: this rank's
    bool smooths = false;           ///< whether there is a fixed-lag smoother
    bool averages = false;          ///< whether there is a running smoother
    bool goes_back = false;         ///< whether there is a smoother of the whole run
    bool members_may_fail = false;  ///< without an end of the run
    Domain domain;
    std::string config;  ///< resolved
    std::uint64_t seed;
    std::vector<ExtraColumn> extras = {};
  };

  /// `values` is what this rank has of the grid-point values of a member, and `share` which of
  /// these it has after the members were transposed.
  AssimilationOutput(const ProcessGrid& processes, const OutputSettings& settings,
                     const Options& options, Facts facts, const Columns& values, Range share);

  void create(bool force) { common_.create(force); }
  void resume(const io::Checkpoint& checkpoint);
  void save(io::CheckpointWriter& checkpoint);

  /// Result of cycle n. Collective only now and then.
  void record(Index n, const CycleReport& report, const Cycle& cycle, const Real* truth);
  void flush() { file_.flush(); }

  /// Averages over the cycles after the burn-in, from the file; on rank 0. Collective.
  Summary summarise(const Cycle& cycle);
  /// Writes the summary and gives the file its name. Collective.
  void commit(const Summary& summary, const Cycle& cycle);

  const std::string& path() const { return file_.path(); }
  std::string part_path() const { return file_.part_path(); }
  /// Bytes of the finished file.
  Real bytes() const { return file_.bytes(); }

 private:
  struct ExtraSeries {
    io::Series truth, background_mean, background_spread, analysis_mean, analysis_spread;
  };
  struct Spectra {
    io::Fixed dataset;
    diagnostics::Spectrum mean;
  };
  void record_fields(Index frame, const CycleReport& report, const Cycle& cycle, const Real* truth,
                     bool counts);
  bool has(bool needs_truth, bool needs_particles, bool needs_smoother, bool needs_failures) const;
  void declare_smoothed();
  void summarise_smoothed(Summary& summary, const SmoothedRun& run) const;
  void record_extras(Index n, const ExtraMoments& moments);
  bool has_frame(Index n) const;
  std::vector<Real> counted(const std::string& name) const;
  Real climatology_rmse() const;

  const ProcessGrid* processes_;
  MPI_Comm world_;
  OutputSettings settings_;
  Facts facts_;
  Columns values_;  // of a member on this rank
  Range columns_;   // those of them that this rank puts
  Index frames_;
  io::SeriesFile file_;
  CommonOutput common_;
  std::vector<io::Series> scalars_;
  FieldSeries truth_, background_mean_, background_spread_, analysis_mean_, analysis_spread_;
  io::Series parents_{};
  std::vector<Real> parents_buffer_;
  io::Series average_{}, average_square_{}, average_rmse_{};
  io::Fixed background_ranks_{}, analysis_ranks_{};
  io::Fixed smoothed_mean_{}, smoothed_spread_{}, smoothed_rmse_{}, smoothed_rms_spread_{};
  std::vector<Spectra> spectra_;
  std::vector<ExtraSeries> extras_;
  Gather gather_;
  std::vector<Real> whole_, other_, whole_truth_;  // on rank 0
  Array<Real**> climate_;  // sums of the truth and of its squares, of each value on this rank
  Index climate_count_ = 0;
};

}  // namespace starling::campaigns
