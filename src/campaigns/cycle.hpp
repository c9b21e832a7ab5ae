// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/climatology.hpp"
#include "campaigns/extra_columns.hpp"
#include "campaigns/member_failures.hpp"
#include "campaigns/observing.hpp"
#include "campaigns/quality_control.hpp"
#include "campaigns/smoothing.hpp"
#include "campaigns/truth.hpp"
#include "core/process_grid.hpp"
#include "diagnostics/innovation.hpp"
#include "diagnostics/rank_histogram.hpp"
#include "diagnostics/scores.hpp"
#include "ensemble/ensemble.hpp"
#include "filters/entry.hpp"
#include "io/checkpoint.hpp"

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace starling::campaigns {

/// What one cycle tells. Scores are NaN without a truth.
struct CycleReport {
  Real time = 0;
  diagnostics::Scores background, analysis;
  diagnostics::Scores smoothed = diagnostics::no_scores;  ///< of an earlier analysis
  /// Of the average of the state so far, by a running smoother.
  Real average_rmse = std::numeric_limits<Real>::quiet_NaN();
  diagnostics::Innovation innovation;  ///< of the observations that were used
  ObservationCounts counts;
  filters::Report filter;
  Index failed = 0;  ///< members that were not finite, unless these stop the run
};

/// What every kind of cycle works with. Everything is borrowed.
struct CycleParts {
  const ProcessGrid& processes;
  ensemble::Forecast& forecast;
  ensemble::Ensemble& ensemble;
  Truth* truth;  ///< may be null
  ObservationSource& source;
  Domain domain;
  std::uint64_t seed;
  diagnostics::RankHistogram::Strides strides;
  QualityControl quality = {};
  const Initial* initial = nullptr;      ///< for a climatology
  ClimatologySettings climatology = {};  ///< of no members: none
  Index smoother_lag = 0;                ///< [cycles]; 0: no fixed-lag smoother
  Smoothing smoothing = {};              ///< all of [smoother]
  Index incremental_steps = 0;           ///< 0: an analysis is taken at once
  std::vector<ExtraColumn> extras = {};  ///< behind the grid-point values of the members
  std::vector<observations::Sensor> sensors = {};
  OnMemberFailure on_member_failure = OnMemberFailure::stop;
  /// Grid-point values of a member on this rank, without what is behind them, and where they are
  /// among all.
  Index values() const { return ensemble.dofs() - static_cast<Index>(extras.size()); }
  Columns value_columns() const { return ensemble.value_columns(extras.size()); }

  /// To drop members: the same filter for so many. Collective.
  std::function<filters::AnyFilter(Index)> make_filter = {};
};

/// What a smoother that goes back over a run gives for its analyses. RMSE is NaN without a truth.
struct SmoothedRun {
  std::vector<Real> mean, spread;      ///< cycles x dofs
  std::vector<Real> rmse, rms_spread;  ///< cycles
};

/// One cycle of data assimilation: forecast to the time of the observations, observe the
/// background, analyse, score. There is one kind of cycle for each kind of filter; the campaign
/// around it, its files and restarts know only this. All ranks take part; the same bits for any
/// number of them.
class Cycle {
 public:
  virtual ~Cycle() = default;

  /// Advances ensemble and truth by `count` steps. Returns what failed on this rank, "" if nothing;
  /// members only where their failure stops the run. Local.
  virtual std::string forecast(Index first_step, Index count) = 0;
  /// Analysis n, at the end of step source.step(n). Collective. Throws NumericalError on every rank
  /// if a member is not finite and that stops the run.
  virtual CycleReport analyse(Index n) = 0;

  /// This rank's share of the grid-point values, in fields of the result file.
  virtual Range columns() const = 0;
  /// Moments of columns(); extra columns may follow.
  virtual const Moments& background() const = 0;
  virtual const Moments& analysis() const = 0;
  /// columns() of one member of the analysis, until the next call. Collective.
  virtual const Real* member(Index number) const = 0;
  /// Those of the extra columns; null if there are none.
  virtual const ExtraMoments* extras() const { return nullptr; }
  /// The observations as they were read, with what is missing or rejected.
  virtual const observations::Batch& batch() const = 0;
  /// Counts of the rank of the truth, over all ranks: rank_bins() of them. Collective.
  virtual std::vector<std::int64_t> background_ranks() const = 0;
  virtual std::vector<std::int64_t> analysis_ranks() const = 0;
  virtual Index rank_bins() const = 0;

  /// For each of this rank's members the number, over all ranks, of the one that resampling made it
  /// of at the last analysis; null where nothing is resampled.
  virtual const std::vector<std::int64_t>* parents() const { return nullptr; }

  /// What a running smoother expects of x and x^2 as averages over all analyses so far: all dofs of
  /// the one, then of the other. Null where there is none.
  virtual const std::vector<Real>* running_averages() const { return nullptr; }

  // A smoother that goes back over the run does so after the last analysis, in stages: in order,
  // and collective.
  virtual Index stages() const { return 0; }
  virtual void stage(Index) {}
  /// After the last stage; the same on every rank.
  virtual SmoothedRun smoothed() const { return {}; }

  /// Bytes of this rank that an analysis needs besides the states of the members.
  virtual Real bytes() const = 0;

  /// What the next cycle needs besides the ensemble and the truth. Collective.
  virtual void save(io::CheckpointWriter& file) const = 0;
  virtual void load(const io::Checkpoint& file) = 0;
};

/// The cycle that suits the filter, which it borrows.
std::unique_ptr<Cycle> make_cycle(const CycleParts& parts, filters::AnyFilter& filter);

}  // namespace starling::campaigns
