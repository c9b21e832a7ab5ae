// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/gaussian_filter.hpp"
#include "filters/root_space.hpp"
#include "linalg/products.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <vector>

namespace starling::filters {

/// The Kalman filter (kalman1960), and for small nonlinear models the extended one
/// (jazwinski1970): the members carry the mean and the columns s_k of a square root of the
/// covariance, P = sum over k of s_k s_k^T, as 2 n members of n dofs,
///     x_2k = x̄ + e s_k,    x_2k+1 = x̄ - e s_k.
/// The forecast of the members is that of mean and covariance: exactly for a linear model, whatever
/// e; for a nonlinear one with a small e it is the tangent linear model, by central differences
/// with an error of order e^2. H is linearised alike. The analysis is
///     s <- (I + S S^T)^-1/2 s,    x̄ <- x̄ + s^T (I + S S^T)^-1 S d    (RootSpace).
/// The first analysis takes mean and sample covariance of the members as they come, which need not
/// be pairs; its forecast is that of the ensemble.
///
/// No process noise. Cost: n^2 (p + 3 n) / ranks + 10 n^3; memory of a rank: n^2 / ranks numbers
/// besides the members, and 3 n^2.
class ExtendedKalman : public GaussianFilter {
 public:
  struct Options {
    Real inflation = 1;  ///< factor on the background's roots (its square on the covariance), > 0
    Real step = 1e-4;    ///< e, > 0
  };

  /// Collective. Throws InputError unless there are two members for each dof.
  ExtendedKalman(const FilterContext& context, const Options& options);

  Report analyse(const Analysis& analysis) override;
  Marginals background(const Analysis& analysis) override;
  Marginals analysed(const Analysis& analysis) override;
  Real bytes() const override;
  std::vector<Real> state() const override { return {paired_ ? 1.0 : 0.0}; }
  void restore(const std::vector<Real>& state) override { paired_ = state.at(0) != 0; }

  static FilterEntry entry();
  static FilterEntry linear_entry();

 private:
  void read(const Analysis& analysis);
  void read_pairs(const Analysis& analysis);
  void read_sample(const Analysis& analysis);
  void deviations(std::vector<Real>& out, ConstRows roots) const;

  MPI_Comm comm_;
  Index dofs_;
  Options options_;
  bool paired_ = false;  // whether the members are those of an earlier analysis
  RootSpace space_;
  linalg::SymmetricEigen eigen_;
  linalg::Matrix gram_, transform_;
  linalg::RowCombination combination_;
  Array<Real*> roots_, observed_roots_;
  std::vector<Real> mean_, observed_mean_, deviation_, observed_deviation_, weights_, factors_;
};

}  // namespace starling::filters
