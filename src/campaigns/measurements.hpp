// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/common_output.hpp"
#include "campaigns/summary.hpp"
#include "core/process_grid.hpp"
#include "core/tree_sum.hpp"
#include "diagnostics/measurable.hpp"
#include "ensemble/ensemble.hpp"
#include "io/checkpoint.hpp"
#include "io/series_file.hpp"

#include <string>
#include <vector>

namespace starling::campaigns {

/// What a free run records of the quantities, spectra and derived fields that its model knows
/// (diagnostics/measurable.hpp): quantities of every member and their mean at every output, spectra
/// averaged over members and outputs, derived fields of the chosen members in every frame, and how
/// well budgets close.
class Measurements {
 public:
  /// Declares all of it; `derived` are names of the model's derived fields. Throws InputError if
  /// there is no such field. Everything is borrowed. Collective on members().
  Measurements(const ProcessGrid& processes, diagnostics::Measurable& model,
               const ensemble::Ensemble& ensemble, io::SeriesFile& file, CommonOutput& common,
               io::Axis outputs, Index outputs_count, const OutputSettings& settings);

  /// Of the present states at output number `output`. Collective on all ranks.
  void record(Index output, Real time);
  /// Derived fields of a frame. Collective on all ranks.
  void record_fields(Index frame);

  /// Averages and residuals of the budgets from what was recorded under `part_path`. Writes the
  /// spectra. Collective.
  void finish(Summary& summary, const std::string& part_path);

  void save(io::CheckpointWriter& file) const;
  void load(const io::Checkpoint& file);

 private:
  struct DerivedSeries {
    Index member, field;
    io::Series series;
  };
  void declare_derived(const OutputSettings& settings, CommonOutput& common);
  void close_budgets(Summary& summary, const std::string& part_path);

  const ProcessGrid* processes_;
  diagnostics::Measurable* model_;
  const ensemble::Ensemble* ensemble_;
  io::SeriesFile* file_;
  Index outputs_;
  std::vector<diagnostics::Quantity> quantities_, spectra_;
  Index bins_;
  std::vector<io::Series> means_, each_;
  std::vector<io::Fixed> spectrum_series_, residuals_;
  std::vector<std::string> budgets_;  // quantities that have one
  std::vector<DerivedSeries> derived_;
  Index derived_fields_ = 0, points_ = 0;
  TreeSum sums_, spectrum_sums_;
  std::vector<Real> numbers_;  // [quantity][my member]
  std::vector<Real> now_, spectra_now_, spectra_sum_, fields_;
  std::int64_t spectra_added_ = 0;
};

}  // namespace starling::campaigns
