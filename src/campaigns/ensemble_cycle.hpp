// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/climatology.hpp"
#include "campaigns/fixed_lag_smoother.hpp"
#include "campaigns/incremental_update.hpp"
#include "campaigns/observed_cycle.hpp"
#include "campaigns/verification.hpp"
#include "ensemble/transpose.hpp"
#include "filters/gaussian_filter.hpp"

#include <memory>
#include <vector>

namespace starling::campaigns {

/// The cycle of filters that see all members of some columns: (my members x all dofs) become (all
/// members x my dofs), so that every rank takes part in the analysis. Allocates nothing after the
/// first cycle but where members fail. Dropped members keep their rows, which stand in for nobody
/// (MemberFailures); all that works with the ensemble is made anew for those that are left.
class EnsembleCycle final : public ObservedCycle {
 public:
  /// Throws InputError if the filter cannot smooth and should, or if analyses are too near to one
  /// another for incremental updates.
  EnsembleCycle(const CycleParts& parts, filters::Filter& filter);

  CycleReport analyse(Index n) override;

  Range columns() const override { return verification_.columns(); }
  const Moments& background() const override { return verification_.background(); }
  const Moments& analysis() const override { return verification_.analysis(); }
  /// Of a dropped member: not a number.
  const Real* member(Index number) const override;
  std::vector<std::int64_t> background_ranks() const override {
    return verification_.background_ranks();
  }
  std::vector<std::int64_t> analysis_ranks() const override {
    return verification_.analysis_ranks();
  }
  Index rank_bins() const override { return verification_.bins(); }
  /// None for filters whose members are no sample, but roots of a covariance, and for those with a
  /// static covariance, which knows nothing of such columns.
  const ExtraMoments* extras() const override {
    const bool sample = gaussian_ == nullptr && !filter_->uses_climatology();
    return extras_.empty() || !sample ? nullptr : &extras_.moments();
  }
  Real bytes() const override;
  void save(io::CheckpointWriter& file) const override;
  void load(const io::Checkpoint& file) override;

 private:
  EnsembleCycle(const CycleParts& parts, filters::Filter& filter,
                std::unique_ptr<Climatology> climatology);
  void repair();
  void go_on_with_healthy();
  std::optional<ensemble::Failure> advance_ensemble(Index first_step, Index count) override;

  filters::Filter* filter_;
  filters::GaussianFilter* gaussian_;  // the same, or null
  std::unique_ptr<Climatology> climatology_;
  mutable ensemble::MembersTranspose states_;  // free between analyses
  ensemble::MembersTranspose observed_;
  Verification verification_;
  diagnostics::InnovationStatistics innovation_;
  std::unique_ptr<FixedLagSmoother> smoother_;
  std::unique_ptr<IncrementalUpdate> incremental_;
  ExtraColumns extras_;
  std::unique_ptr<filters::Filter> fewer_;  // the filter once members have been dropped
  std::vector<Real> missing_;               // a dropped member
  Rows shared_;
};

}  // namespace starling::campaigns
