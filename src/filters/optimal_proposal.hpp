// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/entry.hpp"
#include "filters/selection.hpp"

namespace starling::filters {

/// Particle filter with the optimal proposal (doucet2000; bocquet2010) for the Gaussian kernel
/// N(x_i, B), B = (kernel h)^2 P, about each forecast x_i, with P the weighted covariance and h
/// Scott's bandwidth; as OptPF in DAPPER (raanes2024). The kernel stands for model noise. With
/// C = H B H^T + R and K = B H^T C^-1,
///     w_i <- w_i exp(-1/2 (y - H x_i)^T C^-1 (y - H x_i)),
///     x_i <- x_i + d + K (y - H (x_i + d) - e),   d from N(0, B), e from N(0, R):
/// every particle is drawn from its own posterior, and the weights vary less than those of the
/// bootstrap filter, which it is with kernel = 0. H d is drawn together with d from the joint
/// covariance of particles and their images: exact for linear H, a linearisation otherwise. Random
/// numbers: Purpose::particle_proposal at (particle, cycle).
///
/// O(N (n + p)^2 / ranks + (n + p)^3) operations, (n + p)^2 / 2 numbers in messages.
class OptimalProposal final : public ParticleFilter {
 public:
  struct Options {
    Real kernel = 0.3;  ///< width of the kernels: factor on Scott's bandwidth, >= 0
    Selection::Options selection = {};
  };
  /// Collective on the context's communicator.
  OptimalProposal(const ParticleContext& context, const Options& options);

  Report weigh(const ParticleAnalysis& analysis) override;
  void resample(const ParticleAnalysis& analysis, Report& report) override;
  bool moves_particles() const override { return width_ > 0 || selection_.moves_particles(); }
  Real bytes() const override;
  static FilterEntry entry();

 private:
  Real prepare(const ParticleAnalysis& analysis);
  void whiten(const ParticleAnalysis& analysis, Index particle);
  Real distance() const;
  void move(const ParticleAnalysis& analysis, Index particle);

  ParticleContext context_;
  Real width_;  // of the kernels
  ParticleWeights weights_;
  WeightedCovariance covariance_;
  Selection selection_;
  linalg::SymmetricEigen eigen_;
  linalg::Matrix joint_, root_;             // of (x, H x), times width_^2; its square root
  linalg::Matrix inverse_, factor_, gain_;  // C^-1 and K for whitened observations
  std::vector<Real> roots_, whitened_, precision_, normals_, kick_;
};

}  // namespace starling::filters
