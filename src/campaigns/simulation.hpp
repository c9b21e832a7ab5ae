// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/common_output.hpp"
#include "campaigns/control.hpp"
#include "campaigns/field_statistics.hpp"
#include "campaigns/initial.hpp"
#include "campaigns/measurements.hpp"
#include "campaigns/settings.hpp"
#include "campaigns/summary.hpp"
#include "core/tree_sum.hpp"
#include "diagnostics/lyapunov.hpp"
#include "diagnostics/spectrum.hpp"
#include "ensemble/ensemble.hpp"
#include "ensemble/transpose.hpp"
#include "io/checkpoint.hpp"
#include "io/series_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace starling::campaigns {

/// [simulation]: how long, and how often there is output.
const Schema& simulation_schema();

/// [lyapunov]: exponents of the model, from where member 0 ends.
const Schema& lyapunov_schema();
diagnostics::LyapunovSettings lyapunov_settings(const Section& section, Real dt,
                                                std::uint64_t seed);

/// A free run of one member or an ensemble: frames of mean, spread and chosen members, and what the
/// model measures of its states; of a model that measures nothing, mean, mean square and extremes
/// in time, and in one dimension the mean energy spectrum.
class Simulation {
 public:
  struct Parts {
    const ProcessGrid& processes;
    ensemble::Forecast& forecast;
    ensemble::Ensemble& ensemble;
    const Initial& initial;
    diagnostics::Measurable& model;
    Domain domain;
    std::string title;
    std::string config;  ///< resolved
    std::uint64_t seed;
    std::optional<diagnostics::LyapunovSettings> lyapunov;
  };

  Simulation(const Parts& parts, const Section& settings, const OutputSettings& output,
             const Options& options);

  /// Steps of the whole run, and outputs.
  Index steps() const { return outputs_ * interval_; }
  Index outputs() const { return outputs_; }
  const std::string& path() const { return file_.path(); }
  /// Of the result file.
  Real bytes() const { return file_.bytes(); }
  /// Of this rank in memory, besides the states of the members.
  Real memory() const;

  /// Runs to the end and returns the averages. Collective. Throws as Assimilation::run.
  Summary run();

 private:
  bool resume();
  void checkpoint(Index next_output);
  void record(Index output);
  void record_values(Index output, const Rows& block);
  void add_spectrum();
  void find_lyapunov_exponents(Summary& summary, const Control& control);
  Summary finish(const Control& control);

  Parts parts_;
  OutputSettings settings_;
  Options options_;
  Index interval_, outputs_;
  ensemble::MembersTranspose transpose_;
  TreeSum sums_;
  diagnostics::Spectrum spectrum_;
  TreeSum spectra_;
  io::SeriesFile file_;
  CommonOutput common_;
  bool has_spectrum_;  // the grid-point values have one
  io::Series time_, energy_{}, mean_{}, largest_{};
  FieldSeries frame_mean_, frame_spread_;
  std::optional<Measurements> measurements_;
  std::optional<FieldStatistics> statistics_;
  io::Fixed energy_spectrum_{}, exponents_{}, exponent_errors_{};
  std::vector<Real> spectrum_sum_, spectrum_now_, column_mean_, column_spread_;
  std::int64_t spectra_added_ = 0;
  Index first_output_ = 0, step_ = 0;
};

}  // namespace starling::campaigns
