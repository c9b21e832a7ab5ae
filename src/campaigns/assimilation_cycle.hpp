// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/observing.hpp"
#include "campaigns/truth.hpp"
#include "core/process_grid.hpp"
#include "diagnostics/innovation.hpp"
#include "diagnostics/rank_histogram.hpp"
#include "diagnostics/scores.hpp"
#include "ensemble/ensemble.hpp"
#include "ensemble/transpose.hpp"
#include "filters/filter.hpp"
#include "observations/operator.hpp"

#include <string>
#include <vector>

namespace starling::campaigns {

/// What one cycle tells. Scores are NaN without a truth.
struct CycleReport {
  Real time = 0;
  diagnostics::Scores background, analysis;
  diagnostics::Innovation innovation;
  filters::Report filter;
};

/// Mean and spread of this rank's columns.
struct Moments {
  std::vector<Real> mean, spread;
};

/// One cycle of data assimilation: forecast to the time of the observations, observe the
/// background, analyse, score. All ranks take part; the same bits for any number of them. Allocates
/// nothing after the first cycle.
class AssimilationCycle {
 public:
  /// `truth` may be null. Everything is borrowed.
  AssimilationCycle(const ProcessGrid& processes, ensemble::Ensemble& ensemble, Truth* truth,
                    ObservationSource& source, filters::Filter& filter, const Domain& domain,
                    std::uint64_t seed, diagnostics::RankHistogram::Strides strides);

  /// Advances ensemble and truth by `count` steps. Returns what failed on this rank, "" if nothing.
  /// Local.
  std::string forecast(Index first_step, Index count);
  /// Analysis n, at the end of step source.step(n). Collective. Throws NumericalError on every rank
  /// if a member is not finite.
  CycleReport analyse(Index n);

  Range columns() const { return states_.share(); }
  const Moments& background() const { return background_; }
  const Moments& analysis() const { return analysis_; }
  /// All members x columns(): the analysis.
  ConstRows shared() const { return shared_; }
  const observations::Batch& batch() const { return batch_; }
  diagnostics::RankHistogram& background_ranks() { return background_ranks_; }
  diagnostics::RankHistogram& analysis_ranks() { return analysis_ranks_; }

 private:
  const ProcessGrid* processes_;
  ensemble::Ensemble* ensemble_;
  Truth* truth_;
  ObservationSource* source_;
  filters::Filter* filter_;
  Real dt_;
  ensemble::MembersTranspose states_, observed_;
  observations::Operator operator_;
  observations::Batch batch_;
  Array<Real*> observed_block_;
  diagnostics::EnsembleScores scores_;
  diagnostics::InnovationStatistics innovation_;
  diagnostics::RankHistogram background_ranks_, analysis_ranks_;
  Moments background_, analysis_;
  Rows shared_;
};

}  // namespace starling::campaigns
