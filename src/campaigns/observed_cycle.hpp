// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/cycle.hpp"
#include "campaigns/member_failures.hpp"
#include "campaigns/observation_step.hpp"

#include <optional>

namespace starling::campaigns {

/// What every kind of cycle begins with: ensemble and truth are run to the time of the
/// observations, and these are read.
class ObservedCycle : public Cycle {
 public:
  std::string forecast(Index first_step, Index count) override;
  const observations::Batch& batch() const override { return observations_.original(); }

 protected:
  /// For up to `rows` members of this rank at once. Collective on members().
  ObservedCycle(const CycleParts& parts, Index rows);

  /// How forecast() advances the ensemble. Local.
  virtual std::optional<ensemble::Failure> advance_ensemble(Index first_step, Index count);
  /// Publishes the truth, reads batch n, refreshes the grid-point values of the members and finds
  /// those that are not finite: a report with nothing but the time and their number. Collective.
  CycleReport begin(Index n);
  /// All dofs, after begin(); null without a truth.
  const Real* truth() const { return parts_.truth == nullptr ? nullptr : parts_.truth->values(); }

  CycleParts parts_;
  ObservationStep observations_;
  MemberFailures failures_;
};

}  // namespace starling::campaigns
