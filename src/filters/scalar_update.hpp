// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <cstdint>
#include <vector>

namespace starling::filters {

/// What one observation does to the members' images of it. In units of its error, with y_m the N
/// anomalies of the images, s = sum over m of y_m², and d the observation minus their mean, a rule
/// gives the increments Δ_m of the images; members follow by regression on the image
/// (anderson2003),
///     x_m <- x_m + (Δ_m / s) sum over k of y_k x_k.
///
/// - square_root: mean by d s / (s + N - 1), anomalies times sqrt((N - 1) / (s + N - 1)): the
///   ensemble square-root filter (whitaker2002) and the adjustment filter (anderson2003), which are
///   the same for one observation at a time;
/// - stochastic: (d + z_m - y_m) s / (s + N - 1) with normals z_m, centred and scaled by
///   sqrt(N / (N - 1));
/// - rank_histogram: the images become the quantiles m / (N + 1) of the posterior of a prior that
/// has
///   1 / (N + 1) of its mass between neighbouring images and in each of two Gaussian tails, with
///   the spread of the ensemble (anderson2010). Between images the density is constant and the
///   likelihood the mean of that at both; in the tails it is that of the Gaussian. The order of the
///   members is kept. N log N.
///
/// No communication, no allocation.
class ScalarUpdate {
 public:
  enum class Rule { square_root, stochastic, rank_histogram };

  ScalarUpdate(Rule rule, Index members, std::uint64_t seed);

  /// step[m] = Δ_m / s for observation number `index` of analysis `cycle`. Returns whether there is
  /// anything to do.
  bool operator()(Real* step, const Real* y, Real d, Index index, Index cycle);

 private:
  void perturb(Index index, Index cycle);
  void quantiles(Real* step, const Real* y, Real d, Real s);

  Rule rule_;
  Index members_;
  std::uint64_t seed_;
  std::vector<Real> z_, mass_;
  std::vector<Index> order_;
};

}  // namespace starling::filters
