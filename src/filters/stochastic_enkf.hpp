// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/global_filter.hpp"

namespace starling::filters {

/// Ensemble Kalman filter with perturbed observations (burgers1998), global. Each member is moved
/// by the Kalman gain of the background's sample covariance towards its own perturbed observations;
/// in ensemble space, with S, d and Z of ObservationSpace and N members,
///     x_m <- x_m + sum over k of D_mk (x_k - x̄),
///     D = (1 (S d)^T - S S^T + Z S^T) (S S^T + (N - 1) I)^-1.
/// The perturbations are centred over the members and scaled by sqrt(N / (N - 1)), so that the mean
/// is the Kalman update without sampling error. N p normals; the N x N problem is a Cholesky
/// factorisation, about 4/3 N³ flops on every rank.
class StochasticEnkf : public GlobalFilter {
 public:
  struct Options {
    InflationSettings inflation = {};
  };

  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// inflation that can't be.
  StochasticEnkf(const FilterContext& context, const Options& options);

  static FilterEntry entry();

 private:
  void transform(Index cycle, Report& report) override;

  linalg::Matrix denominator_;
};

}  // namespace starling::filters
