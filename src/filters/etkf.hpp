// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/global_filter.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <vector>

namespace starling::filters {

/// Ensemble transform Kalman filter (bishop2001) with the symmetric square root (hunt2007, eqs.
/// 20-25; sakov2008a), global. With S, d of ObservationSpace and N members,
///     x_m <- x̄ + sum over k of (w + T_m)_k (x_k - x̄),
///     w = (S S^T + (N - 1) I)^-1 S d,    T = (I + S S^T / (N - 1))^-1/2,
/// so that mean and sample covariance are those of the Kalman update with the background's sample
/// covariance. The N x N problem is a symmetric eigenproblem, about 10 N³ flops on every rank.
class Etkf : public GlobalFilter {
 public:
  struct Options {
    InflationSettings inflation = {};
    bool rotation = false;  ///< rotate the analysis anomalies at random at every analysis
  };

  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// inflation that can't be.
  Etkf(const FilterContext& context, const Options& options);

  static FilterEntry entry();

 private:
  void transform(Index cycle, Report& report) override;

  linalg::SymmetricEigen eigen_;
  std::vector<Real> shrinkage_;
};

/// The key of filters that may rotate.
Key rotation_key();

}  // namespace starling::filters
