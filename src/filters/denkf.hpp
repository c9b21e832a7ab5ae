// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/global_filter.hpp"

namespace starling::filters {

/// Deterministic ensemble Kalman filter (sakov2008, eqs. 9-12), global: the mean moves by the
/// Kalman gain K, the anomalies by half of it, A <- A - K H A / 2; in ensemble space, with S and d
/// of ObservationSpace and N members,
///     w = (S S^T + (N - 1) I)^-1 S d,    D = -1/2 S S^T (S S^T + (N - 1) I)^-1.
/// The covariance is that of the Kalman filter plus K H P H^T K^T / 4: never too small, close to it
/// where observations correct little. A Cholesky factorisation, about 4/3 N³ flops on every rank.
class Denkf : public GlobalFilter {
 public:
  struct Options {
    InflationSettings inflation = {};
    bool rotation = false;  ///< rotate the analysis anomalies at random at every analysis
  };

  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// inflation that can't be.
  Denkf(const FilterContext& context, const Options& options);

  static FilterEntry entry();

 private:
  void transform(Index cycle, Report& report) override;

  linalg::Matrix solution_;  // rows of D, then w
};

}  // namespace starling::filters
