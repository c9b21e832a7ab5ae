// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/cycle.hpp"

#include "campaigns/ensemble_cycle.hpp"
#include "campaigns/particle_cycle.hpp"

namespace starling::campaigns {

namespace {

std::unique_ptr<Cycle> make(const CycleParts& parts, filters::Filter& filter) {
  return std::make_unique<EnsembleCycle>(parts, filter);
}
std::unique_ptr<Cycle> make(const CycleParts& parts, filters::ParticleFilter& filter) {
  return std::make_unique<ParticleCycle>(parts, filter);
}

}  // namespace

std::unique_ptr<Cycle> make_cycle(const CycleParts& parts, filters::AnyFilter& filter) {
  return std::visit([&](const auto& any) { return make(parts, *any); }, filter);
}

}  // namespace starling::campaigns
