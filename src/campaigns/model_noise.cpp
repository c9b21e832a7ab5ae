// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/model_noise.hpp"

#include "core/error.hpp"

namespace starling::campaigns {

filters::ParticleContext particle_context(const CycleParts& parts) {
  return {.comm = parts.processes.members(),
          .particles = parts.ensemble.size(),
          .owned = parts.ensemble.owned(),
          .dofs = parts.ensemble.dofs(),
          .observations = parts.source.max_size(),
          .seed = parts.seed};
}

bool has_plain_noise(const CycleParts& parts) {
  const auto& error = parts.ensemble.model_error();
  return error && error->std() > 0 && error->is_white() &&
         parts.forecast.members_per_state() == 1 && parts.forecast.width() == parts.forecast.dofs();
}

filters::GaussianTransition transition_density(const CycleParts& parts) {
  const auto& error = parts.ensemble.model_error();
  const std::string& name = parts.smoothing.name;
  require(error.has_value(),
          "smoother.name = \"{}\": this model has no transition density; allowed: with a section "
          "[model_error]",
          name);
  require(error->std() == 0 || has_plain_noise(parts),
          "smoother.name = \"{}\": the noise of this model is not white in its states; allowed: "
          "model_error.spectrum = \"white\" and a model of grid-point values",
          name);
  Index before = 0;
  for (Index n = 0; n < parts.smoothing.cycles; ++n) {
    const Index step = parts.source.step(n);
    require(step - before == error->interval(),
            "model_error.interval = {}: analysis {} is {} steps after the one before; allowed with "
            "a smoother: noise at every analysis and nowhere between",
            error->interval(), n, step - before);
    before = step;
  }
  return filters::GaussianTransition(error->std());
}

}  // namespace starling::campaigns
