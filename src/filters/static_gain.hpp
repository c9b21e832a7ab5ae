// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/root_space.hpp"
#include "filters/static_covariance.hpp"
#include "linalg/products.hpp"

#include <vector>

namespace starling::filters {

/// The Kalman gain of a static covariance times a factor f,
///     K = f B H^T (H f B H^T + R)^-1 = s^T (S S^T + I/f)^-1 S R^-1/2
/// in the space of its roots (RootSpace), and what it leaves of the variance,
///     (I - K H) f B = s^T (S S^T + I/f)^-1 s.
/// Cost for each analysis: rank^2 (p + 2 n) / ranks + rank^3. Memory: rank n / ranks numbers.
class StaticGain {
 public:
  /// The context has the rank of the covariance. Collective.
  StaticGain(const FilterContext& context, Real factor);

  /// The gain for these observations, and its innovation, value - observed_mean. Collective.
  void solve(const Analysis& analysis, const Real* observed_mean);
  /// state (my dofs) += weight K d. Local.
  void add_increment(Real* state, const StaticCovariance& covariance, Real weight = 1) const;
  /// Standard deviations of my dofs: of f B, and of what solve() left of it. Local.
  void prior(Real* deviation, ConstRows roots) const;
  void posterior(Real* deviation, ConstRows roots);

  Real bytes() const;

 private:
  Index rank_;
  Real factor_;
  RootSpace space_;
  linalg::Matrix inverse_, workspace_;
  linalg::RowCombination combination_;
  Array<Real*> solved_;  // rank x my dofs
  std::vector<Real> weights_;
};

/// The static covariance that an analysis must have. Throws LogicError.
const StaticCovariance& climatology_of(const Analysis& analysis);

}  // namespace starling::filters
