// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/observed_cycle.hpp"
#include "campaigns/path_smoother.hpp"
#include "campaigns/running_smoother.hpp"
#include "diagnostics/weighted_scores.hpp"
#include "filters/particle_filter.hpp"
#include "filters/particle_weights.hpp"
#include "filters/weighted_moments.hpp"

#include <memory>

namespace starling::campaigns {

/// The cycle of particle filters: members stay whole on their rank, (my members x all dofs), and
/// carry weights; only sums over members and the few states that resampling moves travel. The
/// analysis that is scored and whose mean and spread are written is the weighted one, before
/// resampling; members that are written one by one are those after it. The background of a filter
/// that looks ahead is the one before it does. Allocates nothing after the first cycle.
class ParticleCycle final : public ObservedCycle {
 public:
  /// Throws InputError if the filter or a smoother wants to know the law of the model's noise and
  /// there is none that is known, or the filter does not suit the smoother.
  ParticleCycle(const CycleParts& parts, filters::ParticleFilter& filter);

  CycleReport analyse(Index n) override;

  Range columns() const override { return columns_; }
  const Moments& background() const override { return background_; }
  const Moments& analysis() const override { return analysis_; }
  const Real* member(Index number) const override;
  std::vector<std::int64_t> background_ranks() const override { return background_ranks_; }
  std::vector<std::int64_t> analysis_ranks() const override { return analysis_ranks_; }
  Index rank_bins() const override { return scores_.ranks(); }
  const std::vector<std::int64_t>* parents() const override { return &parents_; }
  const std::vector<Real>* running_averages() const override {
    return running_ ? &running_->averages() : nullptr;
  }
  Index stages() const override { return paths_ ? paths_->stages() : 0; }
  void stage(Index number) override { paths_->stage(number); }
  SmoothedRun smoothed() const override { return paths_ ? paths_->result() : SmoothedRun{}; }
  Real bytes() const override;
  void save(io::CheckpointWriter& file) const override;
  void load(const io::Checkpoint& file) override;

 private:
  bool is_noisy(Index n) const;
  filters::Report look_ahead(filters::ParticleAnalysis& analysis);
  ConstRows slope(ConstRows forecasts);
  diagnostics::Scores judge(Moments& out, std::vector<std::int64_t>& ranks, const Real* truth,
                            Index n);
  diagnostics::Innovation innovation(ConstRows observed);
  void take_weight_of_failed(Index n);

  filters::ParticleFilter* filter_;
  Range columns_;
  filters::ParticleWeights weights_;
  filters::WeightedMoments moments_, observed_moments_;
  diagnostics::WeightedScores scores_;
  std::vector<std::int64_t> background_ranks_, analysis_ranks_, parents_;
  std::vector<Real> log_weights_;
  std::vector<Real> mean_, variance_, observed_mean_, observed_variance_;
  mutable std::vector<Real> member_;
  Moments background_, analysis_;
  Array<Real**> probes_;  // 2 dofs x dofs: steps forth and back from the mean forecast
  std::vector<Real> slope_;
  std::unique_ptr<RunningSmoother> running_;
  std::unique_ptr<PathSmoother> paths_;
  std::vector<Real> before_;  // log-weights before the filter looked ahead
};

}  // namespace starling::campaigns
