// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/cycle.hpp"
#include "filters/additive_smoother.hpp"
#include "filters/particle_weights.hpp"

#include <vector>

namespace starling::campaigns {

/// An AdditiveSmoother beside the cycle of a particle filter: at analysis n the expectations, given
/// all observations so far, of the averages over analyses k = 0 ... n of x_k and x_k^2, and how far
/// the first is from that of the truth.
class RunningSmoother {
 public:
  /// Collective. Throws InputError if the model has no transition density.
  explicit RunningSmoother(const CycleParts& parts);
  RunningSmoother(const RunningSmoother&) = delete;

  /// After a filter has looked ahead: particle i of mine came along parents[i]. Collective.
  void look_ahead(const std::int64_t* parents);
  /// See AdditiveSmoother::advance. Collective; allocates nothing.
  void advance(ConstRows particles, ConstRows forecasts, const Real* log_weights, Index n);
  /// Of analysis n, with its weights. Returns the RMSE of the average, NaN without a truth.
  /// Collective; allocates nothing.
  Real evaluate(const Real* log_weights, const Real* truth, Index n);
  /// Collective; allocates nothing.
  void resample(const std::int64_t* parents) { smoother_.resample(parents); }

  /// All dofs: of x, then of x^2.
  const std::vector<Real>& averages() const { return averages_; }

  Real bytes() const { return smoother_.bytes(); }
  void save(io::CheckpointWriter& file) const;
  void load(const io::Checkpoint& file);

 private:
  Index particles_, dofs_;
  Range owned_;
  bool genealogical_;
  filters::GaussianTransition density_;
  filters::AdditiveSmoother smoother_;
  filters::ParticleWeights weights_;
  std::vector<Real> averages_, truth_;  // truth_: sum so far
};

}  // namespace starling::campaigns
