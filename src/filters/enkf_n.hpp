// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/global_filter.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <vector>

namespace starling::filters {

/// Finite-size ensemble Kalman filter, EnKF-N (bocquet2011, bocquet2015): an ETKF whose background
/// anomalies are inflated by a factor that each analysis finds for itself, from a prior of mean and
/// covariance that knows of N members only, so that no inflation for sampling errors has to be
/// tuned. With S, d of ObservationSpace, the factor is sqrt(λ), where λ minimises the dual cost
/// (bocquet2015, eq. 32)
///     J(λ) = d^T (λ S^T S + (N - 1) I)^-1 d + ε / λ + c ln λ,
/// with ε = xN (1 + 1/N) / m, c = xN m (N + g) / (N - 1). Here m is the mode correction, which
/// takes the mode of λ to 1 where nothing is observed (bocquet2015, eq. 36, as in raanes2024), and
/// xN the certainty of the prior as a multiple of that of N members. Primal: the weights w minimise
/// the cost in ensemble space, w = (S S^T + ζ I)^-1 S d with ζ = (N - 1) c / (ε + w^T w), and λ =
/// (N - 1) / ζ; its stationary points are those of the dual. Cost of an ETKF; the search is over
/// scalars.
class EnkfN : public GlobalFilter {
 public:
  struct Options {
    Real certainty = 1;  ///< xN, > 0
    Real nullity = 0;    ///< g, >= 0
    bool dual = true;
    InflationSettings inflation = {};
    bool rotation = false;  ///< rotate the analysis anomalies at random at every analysis
  };

  /// Collective on the context's communicator. Throws InputError for less than 2 members and for
  /// values that can't be.
  EnkfN(const FilterContext& context, const Options& options);

  static FilterEntry entry();

  /// λ from eigenvalues l of S S^T and the squared components of S d along its eigenvectors.
  struct Estimate {
    Real lambda;
    Index iterations;
  };
  static Estimate estimate(const Real* l, const Real* squares, Index members,
                           const Options& options);

 private:
  void transform(Index cycle, Report& report) override;

  Options options_;
  linalg::SymmetricEigen eigen_;
  std::vector<Real> values_, along_, squares_, shrinkage_;
};

}  // namespace starling::filters
