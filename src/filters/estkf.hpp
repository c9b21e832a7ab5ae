// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/global_filter.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <vector>

namespace starling::filters {

/// Error-subspace transform Kalman filter (nerger2012), global: the analysis in the N - 1
/// directions that N members span. With Ω the last N - 1 columns of the Householder reflection that
/// takes (1, ..., 1) / sqrt(N) to the first axis, so that Ω Ω^T = I - 1 1^T / N, and S, d of
/// ObservationSpace,
///     G = Ω^T S S^T Ω,  w = Ω (G + (N - 1) I)^-1 Ω^T S d,
///     x_m <- x̄ + sum over k of (w + Ω (I + G / (N - 1))^-1/2 Ω^T)_mk (x_k - x̄).
/// With the symmetric root that is the ensemble of the ETKF, from a smaller eigenproblem in which
/// the direction of the mean, where nothing is known, does not occur. About 10 N³ flops on every
/// rank.
class Estkf : public GlobalFilter {
 public:
  struct Options {
    InflationSettings inflation = {};
    bool rotation = false;  ///< rotate the analysis anomalies at random at every analysis
  };

  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// inflation that can't be.
  Estkf(const FilterContext& context, const Options& options);

  static FilterEntry entry();

 private:
  void transform(Index cycle, Report& report) override;
  void reflect(Real* x) const;
  void reflect(linalg::Matrix& a);

  linalg::SymmetricEigen eigen_;
  linalg::Matrix subspace_, root_;
  std::vector<Real> axis_, product_, shrinkage_;
};

}  // namespace starling::filters
