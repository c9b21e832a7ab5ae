// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/initial.hpp"
#include "campaigns/observation_step.hpp"
#include "core/config.hpp"
#include "ensemble/transpose.hpp"
#include "filters/static_covariance.hpp"

#include <vector>

namespace starling::campaigns {

/// [climatology]: a sample of what the model does when nobody looks.
struct ClimatologySettings {
  static const Schema& schema();
  ClimatologySettings() = default;
  /// Throws InputError.
  ClimatologySettings(const Section& section, Real dt);

  /// Of the covariance of the sample, for members of `dofs` values; 0 without a section.
  Index rank(Index dofs) const;

  Index members = 0;
  Index spin_up_steps = 0;
};

/// Mean and covariance of the sample, B = 1 / (M - 1) times the sum of a a^T over the anomalies a
/// of M members, as roots s_k with B = sum of s_k s_k^T: the anomalies over sqrt(M - 1), or, where
/// there are more members than dofs, the eigenvectors of B times the roots of their values. Members
/// start as those of the ensemble do, with random numbers of their own, and run by themselves for a
/// spin-up. Made again at a restart: the same bits for any number of ranks.
///
/// Memory of a rank: 2 (rank + 1) n / ranks numbers (both layouts) and dofs^2 while it is made.
/// Cost: M runs of the spin-up, then M n^2 + n^3 or M n.
class Climatology {
 public:
  /// Everything is borrowed. Collective.
  Climatology(const ProcessGrid& processes, ensemble::Forecast& forecast, const Initial& initial,
              const ClimatologySettings& settings, Index observations);

  /// Members that a rank observes.
  Index rows() const { return owned_.size(); }
  /// Runs the sample. Collective; throws NumericalError if it blows up.
  void prepare();
  bool ready() const { return ready_; }
  /// How the covariance looks through `observations`, which were read and have seen the background;
  /// what they returned before is overwritten. Collective; allocates nothing.
  filters::StaticCovariance observe(ObservationStep& observations);
  /// Of this rank.
  Real bytes() const;

 private:
  void keep_roots(const ensemble::Ensemble& sample);
  void keep_eigenvectors(const ensemble::Ensemble& sample);
  void spread();

  const ProcessGrid& processes_;
  ensemble::Forecast& forecast_;
  const Initial& initial_;
  ClimatologySettings settings_;
  Index rank_;
  Range owned_;  // rows of mean and roots, as members are dealt
  ensemble::MembersTranspose states_, observed_;
  Array<Real**> members_;        // my rows x all dofs: mean, mean + s_k
  Array<Real**> roots_;          // (1 + rank) x my dofs: mean, s_k
  Array<Real*> observed_roots_;  // (1 + rank) x my observations
  bool ready_ = false;
};

}  // namespace starling::campaigns
