// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "filters/filter.hpp"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace starling::filters {

/// What a particle filter must know of the run to make its workspace.
struct ParticleContext {
  MPI_Comm comm;       ///< the ranks that the particles are dealt to
  Index particles;     ///< of all ranks
  Range owned;         ///< of this rank, as ProcessGrid::members_of deals them: in whole pairs
  Index dofs;          ///< of a particle
  Index observations;  ///< the most in any analysis
  std::uint64_t seed;  ///< of the run
};

/// One analysis as a particle filter sees it: this rank's weighted particles, whole, and all
/// observations.
struct ParticleAnalysis {
  Rows particles;         ///< mine x dofs: the background, becomes the analysis
  Real* log_weights;      ///< of mine; over all ranks the weights sum to 1
  ConstRows observed;     ///< mine x observations: H applied to each background particle
  const Real* value;      ///< all observations, observed.extent(1) of them
  const Real* variance;   ///< their error variances, > 0; may be infinite
  Index cycle;            ///< number of this analysis: addresses the random numbers
  std::int64_t* parents;  ///< of mine: see resample()
};

/// What a filter that looks ahead sees of the last noise of the model.
struct ModelNoise {
  ConstRows forecasts;  ///< mine x dofs: the particles without it
  /// Of white noise, its variance; 0 where there is none, or where the law of it is not asked for.
  Real variance = 0;
  /// Then also observations x dofs: H linearised about the mean of the forecasts.
  ConstRows slope = {};
};

/// Member-wise filters: particles stay where they are stepped, only sums over them and the few
/// that move travel. An analysis is two calls, so that the weighted analysis can be judged before
/// resampling adds its noise:
///
///   weigh()     gives particles and weights that stand for the analysis;
///   resample()  replaces particles by copies of others where the weights ask for it. parents[i]
///               becomes the number, over all ranks, of the particle of weigh() that particle i of
///               mine is a copy of (its own number where it stays).
///
/// A filter that looks ahead is called before them, when the particles have got the last noise of
/// the model but the observations were applied to them without it:
///
///     look_ahead()  replaces particles by what other forecasts and noise make: those that will
///                   suit the observations. parents are then those of it, and resample() keeps them
///                   and the particles. Weights need not sum to 1 until weigh() has seen them.
///
/// All are collective on the communicator of the constructor, give the same bits for any number of
/// ranks, and allocate nothing. Without observations, or where all error variances are infinite,
/// particles and weights keep their bits. Throws NumericalError, the same on every rank, if a
/// particle or the observations are not finite, and names the member, or if all weights vanish.
class ParticleFilter {
 public:
  virtual ~ParticleFilter() = default;
  /// Whether particles leave the places where model and noise brought them, by jitter or a kernel.
  virtual bool moves_particles() const { return false; }
  /// Whether there is a look_ahead().
  virtual bool looks_ahead() const { return false; }
  /// Whether it wants the law of the noise.
  virtual bool uses_noise() const { return false; }
  /// Reports copies and moves.
  virtual Report look_ahead(const ParticleAnalysis&, const ModelNoise&) { return {}; }
  virtual Report weigh(const ParticleAnalysis& analysis) = 0;
  virtual void resample(const ParticleAnalysis& analysis, Report& report) = 0;

  /// Bytes of workspace on this rank.
  virtual Real bytes() const { return 0; }
};

}  // namespace starling::filters
