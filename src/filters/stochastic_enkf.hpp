// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/ensemble_update.hpp"
#include "filters/entry.hpp"
#include "filters/observation_space.hpp"

namespace starling::filters {

/// Ensemble Kalman filter with perturbed observations (burgers1998), global. Each member is moved
/// by the Kalman gain of the background's sample covariance towards its own perturbed observations;
/// in ensemble space, with S, d and Z of ObservationSpace and N members,
///     x_m <- x_m + sum over k of D_mk (x_k - x̄),
///     D = (1 (S d)^T - S S^T + Z S^T) (S S^T + (N - 1) I)^-1.
/// The perturbations are centred over the members and scaled by sqrt(N / (N - 1)), so that the mean
/// is the Kalman update without sampling error. Inflation follows.
class StochasticEnkf : public Filter {
 public:
  struct Options {
    Real inflation = 1;  ///< factor on the analysis anomalies, > 0
  };

  /// Collective on the context's communicator. Throws InputError for less than 2 members or an
  /// inflation that is not above 0.
  StochasticEnkf(const FilterContext& context, const Options& options);

  Report analyse(const Analysis& analysis) override;
  static FilterEntry entry();

 private:
  Index members_;
  ObservationSpace space_;
  EnsembleUpdate update_;
  linalg::Matrix denominator_;
};

}  // namespace starling::filters
