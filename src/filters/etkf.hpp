// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/ensemble_update.hpp"
#include "filters/entry.hpp"
#include "filters/observation_space.hpp"
#include "linalg/random_rotation.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <cstdint>
#include <vector>

namespace starling::filters {

/// Ensemble transform Kalman filter (bishop2001) with the symmetric square root (hunt2007, eqs.
/// 20-25; sakov2008a), global. With S, d of ObservationSpace and N members,
///     x_m <- x̄ + sum over k of (w + T_m)_k (x_k - x̄),
///     w = (S S^T + (N - 1) I)^-1 S d,    T = (I + S S^T / (N - 1))^-1/2,
/// so that mean and sample covariance are those of the Kalman update with the background's sample
/// covariance. Optionally a random mean-preserving rotation of the anomalies follows (sakov2008a),
/// then inflation.
class Etkf : public Filter {
 public:
  struct Options {
    Real inflation = 1;     ///< factor on the analysis anomalies, > 0
    bool rotation = false;  ///< rotate the analysis anomalies at random at every analysis
  };

  /// Collective on the context's communicator. Throws InputError for less than 2 members or an
  /// inflation that is not above 0.
  Etkf(const FilterContext& context, const Options& options);

  Report analyse(const Analysis& analysis) override;
  static FilterEntry entry();

 private:
  void transform_anomalies(Index cycle);
  void shift_mean();

  Index members_;
  std::uint64_t seed_;
  bool rotates_;
  ObservationSpace space_;
  linalg::SymmetricEigen eigen_;
  linalg::RandomRotation rotation_;
  EnsembleUpdate update_;
  std::vector<Real> shrinkage_, weights_;
};

}  // namespace starling::filters
