// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/particle_filter.hpp"
#include "filters/particle_weights.hpp"

#include <mpi.h>

/// What particle filters make of the observations.
namespace starling::filters {

/// What is the same for all particles.
struct ObservationErrors {
  bool informative = false;  ///< whether an error variance is finite
  /// -1/2 sum over finite variances of log(2 pi variance): makes exp(log_likelihood + this) the
  /// density of the observations, those of infinite variance left out.
  Real log_scale = 0;
};

/// Throws NumericalError, the same on every rank, if a particle, its image, an observation or its
/// variance is not finite (variances may be infinite), naming the first such particle of all.
/// Collective on the context's communicator; allocates nothing.
ObservationErrors check(const ParticleAnalysis& analysis, const ParticleContext& context);

/// -1/2 sum over observations of (y - observed)^2 / variance, of one of my particles. Local.
Real log_likelihood(const ParticleAnalysis& analysis, Index particle);

/// Multiplies the weights by the likelihood. Without informative observations nothing changes.
/// Throws as check(), and if all weights vanish. Collective; allocates nothing.
Report weigh_by_likelihood(const ParticleAnalysis& analysis, const ParticleContext& context,
                           ParticleWeights& weights);

}  // namespace starling::filters
