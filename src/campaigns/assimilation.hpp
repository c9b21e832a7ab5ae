// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/assimilation_output.hpp"
#include "campaigns/control.hpp"
#include "campaigns/cycle.hpp"
#include "campaigns/initial.hpp"
#include "campaigns/settings.hpp"
#include "campaigns/summary.hpp"

#include <functional>
#include <memory>
#include <string>

namespace starling::campaigns {

/// [assimilation]: how many cycles, and which of them count.
const Schema& assimilation_schema();

/// A run of data assimilation: initial ensemble or checkpoint, cycles of forecast and analysis,
/// result file, observation file, checkpoints, averages. Everything is borrowed but what is made
/// here.
class Assimilation {
 public:
  struct Parts {
    const ProcessGrid& processes;
    ensemble::Forecast& forecast;
    ensemble::Ensemble& ensemble;
    Truth* truth;  ///< may be null
    ObservationSource& source;
    filters::AnyFilter& filter;
    const Initial& initial;
    Domain domain;
    std::string title;   ///< of the progress line
    std::string save;    ///< observation file to write, "" for none
    std::string config;  ///< resolved
    std::uint64_t seed;
    QualityControl quality = {};
    ClimatologySettings climatology = {};
    Smoothing smoothing = {};
    std::vector<ExtraColumn> extras = {};  ///< behind the grid-point values of the members
    std::vector<observations::Sensor> sensors = {};
    std::function<filters::AnyFilter(Index)> make_filter = {};  ///< see CycleParts
  };

  Assimilation(const Parts& parts, const Section& settings, const OutputSettings& output,
               const Options& options);

  Index cycles() const { return cycles_; }
  const std::string& path() const { return output_.path(); }
  /// Of the result file.
  Real bytes() const { return output_.bytes(); }
  Cycle& cycle() { return *cycle_; }

  /// Runs to the end and returns the averages. Collective. Throws NumericalError, IoError, or an
  /// Error with ExitCode::stopped after the checkpoint of a run that was told to stop.
  Summary run();

 private:
  bool resume();
  void checkpoint(Index next_cycle, Index next_stage = 0);
  void go_back(Control& control);
  std::string status(const CycleReport& report) const;

  Parts parts_;
  OutputSettings output_settings_;
  Options options_;
  Index cycles_, burn_in_;
  std::unique_ptr<Cycle> cycle_;
  AssimilationOutput output_;
  std::unique_ptr<observations::Writer> saved_;
  Index first_cycle_ = 0, first_stage_ = 0;
  Index step_ = 0;  // steps taken
  Index failures_ = 0;
};

}  // namespace starling::campaigns
