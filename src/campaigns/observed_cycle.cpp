// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/observed_cycle.hpp"

#include "campaigns/settings.hpp"

namespace starling::campaigns {

ObservedCycle::ObservedCycle(const CycleParts& parts, Index rows)
    : parts_(parts),
      observations_(parts.processes, parts.source, parts.domain, rows, parts.ensemble.size(),
                    parts.quality,
                    observations::Sensors(parts.sensors, parts.extras, parts.values()),
                    parts.value_columns()),
      failures_(parts.processes, parts.ensemble.size(), parts.ensemble.members_per_state(),
                parts.on_member_failure, parts.seed) {}

std::optional<ensemble::Failure> ObservedCycle::advance_ensemble(Index first_step, Index count) {
  return parts_.ensemble.advance(first_step, count);
}

std::string ObservedCycle::forecast(Index first_step, Index count) {
  auto failure = advance_ensemble(first_step, count);
  if (!failures_.stops()) failure.reset();
  if (parts_.truth != nullptr && !failure) failure = parts_.truth->advance(first_step, count);
  return failure ? describe_failure(*failure, parts_.ensemble) : "";
}

CycleReport ObservedCycle::begin(Index n) {
  if (parts_.truth != nullptr) parts_.truth->publish();
  observations_.read(n, truth());
  parts_.ensemble.update_members();
  CycleReport report;
  report.time = parts_.ensemble.dt() * static_cast<Real>(parts_.source.step(n));
  failures_.find(parts_.ensemble.members(), n, report.time);
  report.failed = static_cast<Index>(failures_.failed().size());
  return report;
}

}  // namespace starling::campaigns
