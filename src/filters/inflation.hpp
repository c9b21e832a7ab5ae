// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/tree_sum.hpp"
#include "filters/entry.hpp"
#include "linalg/matrix.hpp"

#include <mpi.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace starling::filters {

/// The keys of inflation, the same for every ensemble filter; each default is the identity.
struct InflationSettings {
  Real posterior = 1;            ///< factor on the analysis anomalies, > 0
  Real prior = 1;                ///< factor on the background anomalies, > 0
  Real relax_perturbations = 0;  ///< RTPP, 0 to 1
  Real relax_spread = 0;         ///< RTPS, 0 to 1
  Real additive = 0;             ///< standard deviation of white noise, >= 0 [units of the state]
  bool adaptive = false;         ///< the prior factor follows the innovations
  Real adaptive_std = 0.04;      ///< of the previous estimate, > 0

  static Schema schema();
  static InflationSettings from(const Section& section);
};

/// What makes up for the spread that an ensemble filter loses: by sampling errors, by errors of the
/// model. For N members x_m of mean x̄, in this order:
///
/// 1. background anomalies times a factor f (anderson1999; PDAF's forgetting factor is f^-2,
///    nerger2013). Adaptive: f^2 = λ, estimated at each analysis from the innovations d and the
///    sample covariance H P H^T of the background as it came,
///        λ_o = (d^T R^-1 d - p) / tr(H P H^T R^-1)                              (wang2003),
///        v_o = 2/p ((λ σ² + 1) / σ²)²,  σ² = tr(H P H^T R^-1) / p,
///        λ <- (v_o λ + v_b λ_o) / (v_o + v_b), at least 1                      (miyoshi2011),
///    with v_b = adaptive_std²; the first guess of λ is prior²;
/// 2. the analysis, by the filter;
/// 3. relaxation to prior perturbations, x'_a <- (1 - α) x'_a + α x'_b (zhang2004), x'_b those of
///    the background as it came;
/// 4. rotation, if the filter has one;
/// 5. relaxation to prior spread, x'_a <- x'_a ((1 - α) + α σ_b / σ_a), column by column
///    (whitaker2012), σ_b of the background as it came;
/// 6. analysis anomalies times a factor (anderson1999);
/// 7. additive inflation: independent normals for each member and dof, their mean over the members
///    removed. Dofs that are everywhere (parameters) get none.
///
/// Step 1, 3 and 6 are changes of an N x N matrix D, with which x_m <- x_m + sum over k of
/// D_mk (x_k - x̄), so that no copy of the ensemble is needed: local filters change the D of each
/// domain. Steps 5 and 7 take the ensemble. A filter writes
///
///     inflation.begin(analysis);             // collective
///     ... D of the analysis of x̄ + background() (x_m - x̄), f S and f S d in place of S and S d ...
///     inflation.relax(D); [rotation]; inflation.inflate(D); x += D (x - x̄)
///     inflation.finish(analysis);
///
/// With default settings no step changes a bit. Local but for begin(); allocates nothing.
/// Cost: N p for adaptive, N n for RTPS, N n normals for additive inflation, divided by the ranks.
/// Memory: one number for each of this rank's columns for RTPS.
class Inflation {
 public:
  /// Collective on the context's communicator if adaptive. Throws InputError for settings that
  /// can't be.
  Inflation(const FilterContext& context, const InflationSettings& settings);

  const InflationSettings& settings() const { return settings_; }

  /// Before a finite background is changed: its spread, and the estimate. Collective if adaptive.
  void begin(const Analysis& analysis);
  /// Factor on the background anomalies, valid from begin() on.
  Real background() const { return factor_; }

  /// Makes D, of the analysis of an inflated background, that of the background as it came, and
  /// relaxes its perturbations: D <- f w + (1 - α) (f D' + (f - 1) I), where w is the mean of the
  /// rows, D' = D - 1 w^T, f = background().
  void relax(linalg::Matrix& deviation);
  /// D <- w + g D' + (g - 1) I with the factor g on the analysis anomalies.
  void inflate(linalg::Matrix& deviation);
  /// RTPS and additive inflation of the analysis, all columns of this rank.
  void finish(const Analysis& analysis);

  /// For filters that don't work with a D: steps 3 and 6 for one column, x_m of N members, whose
  /// background was `before`; an inflated background is made with scale().
  void relax_column(Real* x, const Real* before) const;
  /// x_m <- x̄ + factor (x_m - x̄), m < N; a factor of 1 changes no bit.
  static void scale(Real* x, Index members, Real factor);

  /// Factor of 1 times factor of 6: for Report.
  Real reported() const { return factor_ * settings_.posterior; }

  /// λ of adaptive inflation; for Filter::state().
  std::vector<Real> state() const;
  void restore(const std::vector<Real>& state);

 private:
  void estimate(const Analysis& analysis);
  void change_anomalies(linalg::Matrix& deviation, Real mean_factor, Real factor, Real identity);
  void relax_spread(Rows ensemble) const;
  void add_noise(Rows ensemble, Index cycle);

  InflationSettings settings_;
  Index members_, first_column_;
  std::function<Index(Index)> number_;  // of a column among all, if it is another
  std::uint64_t seed_;
  Real factor_, lambda_;
  std::optional<TreeSum> sum_;
  std::vector<Real> mean_, new_mean_, spread_, noise_;
  std::vector<char> placed_;  // columns that get noise; empty: all
};

}  // namespace starling::filters
