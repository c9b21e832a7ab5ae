// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/cycle.hpp"
#include "filters/particle_filter.hpp"
#include "filters/transition_density.hpp"

/// What those who work beside a particle filter must know of the particles and of [model_error].
namespace starling::campaigns {

/// How what stands beside a filter sees the particles.
filters::ParticleContext particle_context(const CycleParts& parts);

/// Whether there is noise and it is N(0, std^2 I) of the states: white, and of a model of
/// grid-point values, which keeps all of it.
bool has_plain_noise(const CycleParts& parts);

/// The density of the model from one analysis to the next. Throws InputError unless its noise is
/// plain and is added at every analysis and nowhere between.
filters::GaussianTransition transition_density(const CycleParts& parts);

}  // namespace starling::campaigns
