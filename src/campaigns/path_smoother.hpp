// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/conditional_filter.hpp"
#include "campaigns/cycle.hpp"
#include "filters/backward_sampling.hpp"
#include "filters/weighted_moments.hpp"

#include <memory>
#include <vector>

namespace starling::campaigns {

/// Smoothers that go back over a whole run of a particle filter: backward sampling from its
/// generations, and the particle Gibbs sampler, which starts with one of the trajectories this
/// draws. A sweep holds the trajectory in a conditional filter, draws N new ones backward from
/// that, keeps the first for the next sweep, and takes the moments of all N. As averages over
/// trajectories drawn backward they have the expectation of the PaRIS estimates of cardoso2023
/// given the particles, and so their bias, which falls geometrically with the sweeps left out.
///
/// Nothing of the run is forgotten: 8 N T (3 n + 1) / ranks bytes for T analyses. Sampling costs
/// N^2 T densities, a sweep that and a run.
class PathSmoother {
 public:
  /// `observations` is borrowed. Collective. Throws InputError if the model has no transition
  /// density, and as ConditionalFilter does.
  PathSmoother(const CycleParts& parts, ObservationStep& observations);
  PathSmoother(const PathSmoother&) = delete;

  /// Before analysis n, where the particles of the one before went. Local.
  void forecast(ConstRows forecasts);
  /// The particles of analysis n. `truth` may be null. Local; allocates nothing.
  void keep(ConstRows particles, const Real* log_weights, const Real* truth, Index n);

  /// 1 for backward sampling; particle Gibbs has one for each sweep besides.
  Index stages() const { return 1 + sweeps_; }
  /// In order, after the last analysis. Collective. Throws NumericalError.
  void stage(Index number);
  /// Of what the stages gave.
  SmoothedRun result() const;

  Real bytes() const;
  void save(io::CheckpointWriter& file) const;
  void load(const io::Checkpoint& file);

 private:
  void add_moments();

  Index particles_, dofs_, cycles_, sweeps_, burn_in_;
  Range owned_;
  bool has_truth_;
  filters::GaussianTransition density_;
  filters::BackwardSampling sampling_;
  filters::WeightedMoments moments_;
  std::unique_ptr<ConditionalFilter> conditional_;
  Index done_ = 0, count_ = 0;                     // stages; of them in the sums
  std::vector<Real> truths_, path_;                // cycles x dofs; path_ where particle 0 is
  std::vector<Real> means_, squares_, variances_;  // sums over sweeps: cycles x dofs
  std::vector<Real> weights_, mean_, variance_;
};

}  // namespace starling::campaigns
