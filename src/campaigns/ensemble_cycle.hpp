// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/climatology.hpp"
#include "campaigns/cycle.hpp"
#include "campaigns/fixed_lag_smoother.hpp"
#include "campaigns/incremental_update.hpp"
#include "campaigns/observation_step.hpp"
#include "diagnostics/gaussian_scores.hpp"
#include "ensemble/transpose.hpp"
#include "filters/gaussian_filter.hpp"

#include <memory>

namespace starling::campaigns {

/// The cycle of filters that see all members of some columns: (my members x all dofs) become (all
/// members x my dofs), so that every rank takes part in the analysis. Allocates nothing after the
/// first cycle.
class EnsembleCycle final : public Cycle {
 public:
  /// Throws InputError if the filter cannot smooth and should, or if analyses are too near to one
  /// another for incremental updates.
  EnsembleCycle(const CycleParts& parts, filters::Filter& filter);

  std::string forecast(Index first_step, Index count) override;
  CycleReport analyse(Index n) override;

  Range columns() const override { return columns_; }
  const Moments& background() const override { return background_; }
  const Moments& analysis() const override { return analysis_; }
  const Real* member(Index number) const override {
    return shared_.data() + number * width_of(shared_);
  }
  const observations::Batch& batch() const override { return observations_.original(); }
  std::vector<std::int64_t> background_ranks() const override { return background_ranks_.counts(); }
  std::vector<std::int64_t> analysis_ranks() const override { return analysis_ranks_.counts(); }
  Index rank_bins() const override { return bins_; }
  const ExtraMoments* extras() const override {
    return extras_.empty() ? nullptr : &extras_.moments();
  }
  Real bytes() const override;
  void save(io::CheckpointWriter& file) const override;
  void load(const io::Checkpoint& file) override;

 private:
  void score(diagnostics::Scores& scores, Moments& moments, diagnostics::RankHistogram& ranks,
             const filters::Marginals& marginals, const Real* truth, Index n);

  CycleParts parts_;
  filters::Filter* filter_;
  filters::GaussianFilter* gaussian_;  // the same, or null
  Index bins_;
  mutable ensemble::MembersTranspose states_;  // free between analyses
  ensemble::MembersTranspose observed_;
  Range columns_;  // of mine, those of grid points
  std::unique_ptr<Climatology> climatology_;
  ObservationStep observations_;
  diagnostics::EnsembleScores scores_;
  diagnostics::GaussianScores gaussian_scores_;
  diagnostics::InnovationStatistics innovation_;
  diagnostics::RankHistogram background_ranks_, analysis_ranks_;
  Moments background_, analysis_;
  std::unique_ptr<FixedLagSmoother> smoother_;
  std::unique_ptr<IncrementalUpdate> incremental_;
  ExtraColumns extras_;
  Rows shared_;
};

}  // namespace starling::campaigns
