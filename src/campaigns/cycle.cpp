// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/cycle.hpp"

#include "campaigns/ensemble_cycle.hpp"

namespace starling::campaigns {

std::unique_ptr<Cycle> make_cycle(const CycleParts& parts, filters::Filter& filter) {
  return std::make_unique<EnsembleCycle>(parts, filter);
}

}  // namespace starling::campaigns
