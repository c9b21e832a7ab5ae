// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "filters/annealing.hpp"
#include "filters/particle_filter.hpp"
#include "filters/particle_weights.hpp"
#include "filters/relocation.hpp"
#include "filters/resampling.hpp"
#include "filters/weighted_moments.hpp"
#include "linalg/symmetric_eigen.hpp"

#include <memory>
#include <vector>

namespace starling::filters {

/// What particle filters have in common after the weights are known: where the effective size
/// 1 / sum of w_i^2 is at most threshold N, particles are resampled, and those that have become
/// equal are told apart by a jitter of covariance
///     (regularisation h)^2 P,   h = N^(-1 / (n + 4)),
/// P the weighted covariance before resampling and h the bandwidth of Scott's rule (doucet2001,
/// ch. 12). Random numbers of the jitter: Purpose::particle_jitter at (particle, cycle).
///
/// O(N n / r) for N particles of n values on r ranks, and with regularisation O(N n^2 / r + n^3)
/// and n^2 / 2 numbers in messages and memory; see Resampling and Relocation for the rest.
class Selection {
 public:
  struct Options {
    Resampler resampling = Resampler::systematic;
    Real threshold = 0.5;     ///< of the effective size, as a fraction of N
    Real regularisation = 0;  ///< factor on Scott's bandwidth
    Annealing annealing = {};
  };
  static const Schema& schema();
  /// Throws InputError.
  static Options options(const Section& section);

  /// Collective on the context's communicator.
  Selection(const ParticleContext& context, const Options& options);

  /// Resamples where report.effective_size asks for it, and tells the report. The rows of `beside`
  /// (mine x anything, or none at all) go where the particles go. Collective; allocates nothing.
  void apply(const ParticleAnalysis& analysis, Report& report, Rows beside = {});

  /// Whether there is a jitter.
  bool moves_particles() const { return covariance_ != nullptr; }
  Real bytes() const;

 private:
  void reweight(const ParticleAnalysis& analysis, Real temperature);
  void jitter(const ParticleAnalysis& analysis);

  ParticleContext context_;
  Options options_;
  ParticleWeights weights_;
  Resampling resampling_;
  Relocation relocation_;
  std::vector<std::int64_t> counts_;
  std::vector<Real> tempered_;
  // For the jitter.
  std::unique_ptr<WeightedCovariance> covariance_;
  linalg::Matrix matrix_, root_;
  std::unique_ptr<linalg::SymmetricEigen> eigen_;
  std::vector<Real> roots_, normals_;
};

/// N^(-1 / (n + 4)): Scott's bandwidth for N particles of n values.
Real scott_bandwidth(Index particles, Index dofs);

/// root = the symmetric square root of `matrix`, which is destroyed; `roots` holds eigen.size()
/// Reals. Local; allocates nothing.
void square_root(linalg::Matrix& root, linalg::Matrix& matrix, linalg::SymmetricEigen& eigen,
                 std::vector<Real>& roots);

}  // namespace starling::filters
