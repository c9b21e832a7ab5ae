// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/entry.hpp"
#include "filters/selection.hpp"
#include "linalg/matrix.hpp"

namespace starling::filters {

/// Auxiliary particle filter (pitt1999): particles are selected by how well their forecasts will
/// suit the observations, before the noise of the model is added. With f_j the forecasts without
/// noise, w_j their weights, eta ~ N(0, Q), Q = q I, and G any linear approximation of H:
///
///     C = G Q G^T + R,  K = Q G^T C^-1,  d_j = y - H(f_j)
///     first stage    parents a_i drawn in proportion to w_j N(d_j; 0, C), by Selection
///     noise          u_i = eta_i + K (d_a - G eta_i - e_i),  e_i ~ N(0, R),  x_i = f_a + u_i
///     second stage   w_i <- mean first-stage weight x N(y - H(x_i); 0, R) / N(d_a - G u_i; 0, R)
///
/// u_i has the law of the noise given the observations where H = G is linear; the filter is then
/// fully adapted and all second-stage weights are equal. Otherwise the second stage mends what the
/// approximation is worth, and the estimate of the likelihood is unbiased for any G. G is the slope
/// of H at the mean forecast if `adapted`, and otherwise 0: C = R, u = eta. eta_i is the noise
/// particle i already has; e_i are Purpose::particle_proposal at (particle, cycle).
///
/// Needs [model_error] at the time of an analysis: without noise, copies stay equal but for the
/// jitter of Selection. O(N (n + p) p / ranks + p^2 (n + p)) operations if adapted, O(N (n + p) /
/// ranks) otherwise, and the messages of Selection; 8 (n + p) bytes a particle besides.
class Auxiliary final : public ParticleFilter {
 public:
  struct Options {
    bool adapted = true;
    Selection::Options selection = {};
  };
  /// Collective on the context's communicator.
  Auxiliary(const ParticleContext& context, const Options& options);

  bool moves_particles() const override { return selection_.moves_particles(); }
  bool looks_ahead() const override { return true; }
  bool uses_noise() const override { return adapted_; }
  Report look_ahead(const ParticleAnalysis& analysis, const ModelNoise& noise) override;
  Report weigh(const ParticleAnalysis& analysis) override;
  /// look_ahead() has done it.
  void resample(const ParticleAnalysis&, Report&) override {}
  Real bytes() const override;
  static FilterEntry entry();

 private:
  Real* departure(Index particle);
  void prepare(const ParticleAnalysis& analysis, const ModelNoise& noise);
  Real distance(Index particle);
  Real rest(Index particle, const Real* u);
  void adapt(Real* noise, Index particle, Index cycle);

  ParticleContext context_;
  bool adapted_;
  ParticleWeights weights_;
  Selection selection_;
  std::vector<Real> forecasts_;    // mine x dofs
  std::vector<Real> departures_;   // mine x observations: R^(-1/2) d
  linalg::Matrix slope_, factor_;  // R^(-1/2) G; the Cholesky factor of R^(-1/2) C R^(-1/2)
  Real variance_ = 0;              // of the noise; 0: not adapted
  Real half_log_determinant_ = 0;
  std::vector<Real> precision_, innovation_;
};

}  // namespace starling::filters
