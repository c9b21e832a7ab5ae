// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/cycle.hpp"
#include "campaigns/observation_step.hpp"
#include "filters/backward_sampling.hpp"
#include "filters/particle_weights.hpp"
#include "filters/relocation.hpp"
#include "filters/resampling.hpp"

#include <cstdint>
#include <vector>

namespace starling::campaigns {

/// The conditional particle filter (andrieu2010, sec. 4.3): a bootstrap filter over all analyses
/// with particle 0 held on a given trajectory; the N - 1 others are drawn anew at the start, and at
/// every analysis by independent draws from all N. A trajectory drawn from what it leaves, given
/// one that had the smoothing distribution, has it too, for any N >= 2.
///
/// Sweep s of a run of N members and T analyses has the random numbers of members s N + i and
/// analyses s T + n, as if it were a part of a larger ensemble that runs on.
class ConditionalFilter {
 public:
  /// `parts` and `observations` are borrowed; the ensemble is run again by every sweep. Collective.
  /// Throws InputError for one member, or a start or a quality control that one trajectory cannot
  /// be held in.
  ConditionalFilter(const CycleParts& parts, ObservationStep& observations);

  /// `generations` becomes those of this sweep. `path` is held (cycles x dofs, as group 0 knows it)
  /// and `truths` is observed in twin experiments. Collective. Throws NumericalError if a member
  /// blows up or all weights vanish.
  void run(filters::BackwardSampling& generations, const std::vector<Real>& path,
           const std::vector<Real>& truths, Index sweep);

  Real bytes() const;

 private:
  void advance(Index from, Index to);
  void weigh(Index n, const Real* truth);
  void resample(Index address);

  CycleParts parts_;
  ObservationStep* observations_;
  filters::ParticleContext context_;
  filters::ParticleWeights weights_;
  filters::Resampling resampling_;
  filters::Relocation relocation_;
  std::vector<Real> log_weights_;
  std::vector<std::int64_t> counts_;
};

}  // namespace starling::campaigns
