// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "ensemble/ensemble.hpp"
#include "io/checkpoint.hpp"

namespace starling::campaigns {

/// Incremental analysis updating (bloom1996): the increment of an analysis is not added at once but
/// in equal parts, one after each of the next `steps` steps, so that no step sees a shock and what
/// a multistep scheme remembers stays valid. A random rotation of members makes large increments
/// that mean nothing: Lorenz-96 loses the truth with it (RMSE 0.18 to 0.30 over one quarter of a
/// cycle, and 0.190 to 0.196 without it). Increments are states: to_states is linear. Memory of a
/// rank: its members once as grid-point values, once as states.
class IncrementalUpdate {
 public:
  /// Everything is borrowed.
  IncrementalUpdate(ensemble::Ensemble& ensemble, ensemble::Forecast& forecast, Index steps);

  /// Before an analysis changes the members.
  void remember_background();
  /// After it: the increment will be added; the states stay those of the background.
  void take_analysis();

  /// Advances the ensemble as Ensemble::advance does, adding what is due.
  std::optional<ensemble::Failure> advance(Index first_step, Index count);

  Real bytes() const;
  void save(io::CheckpointWriter& file) const;
  void load(const io::Checkpoint& file);

 private:
  ensemble::Ensemble& ensemble_;
  ensemble::Forecast& forecast_;
  Index steps_, left_ = 0;
  Array<Real**> members_;     // background, then increment; padded as the ensemble's
  Array<Real**> increments_;  // states: one part
};

}  // namespace starling::campaigns
