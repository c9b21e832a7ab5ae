// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/observing.hpp"
#include "campaigns/quality_control.hpp"
#include "core/columns.hpp"
#include "core/geometry.hpp"
#include "observations/error_blocks.hpp"
#include "observations/operator.hpp"
#include "observations/sensors.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace starling::campaigns {

/// The observations of one analysis, and what members make of them: the first steps of every kind
/// of cycle. Every rank holds the whole batch. What is missing or rejected is left out, and
/// correlated errors are made independent, before a filter sees anything. Allocates nothing once
/// batches have been seen.
class ObservationStep {
 public:
  /// For up to `rows` members of this rank, `members` in all. `source` and `processes` are
  /// borrowed. `values`: the grid-point values of a member on this rank where the ranks of
  /// processes.space() share members; without: all. Collective on processes.members().
  ObservationStep(const ProcessGrid& processes, ObservationSource& source, const Domain& domain,
                  Index rows, Index members, const QualityControl& quality,
                  observations::Sensors sensors = {}, std::optional<Columns> values = std::nullopt);

  ObservationSource& source() const { return *source_; }
  /// Reads batch n and leaves out what is missing or out of range; `truth` may be null where the
  /// source needs none. Collective for files.
  void read(Index n, const Real* truth);

  /// What each of `members` (rows x dofs) would observe, with its own gains and biases of sensors:
  /// rows x batch().size(), valid until the next call. The
  /// first call after read() is with the background: it is then that observations are rejected and
  /// errors made independent, and it is collective if there is a background check. Later calls,
  /// with any states, are local; every call is collective on processes.space() where its ranks
  /// share members.
  Rows observe(ConstRows members);

  /// The background check looks at these members only from now on, in ascending order.
  void use(const std::vector<Index>& members) {
    if (background_check_) background_check_->use(members);
  }

  /// What the filter assimilates: ready after the first observe().
  const observations::Batch& batch() const { return batch_; }
  /// Where the observations of batch() are.
  const std::vector<Place>& places() const { return places_; }
  /// The batch as it was read, with what is missing or rejected.
  const observations::Batch& original() const { return original_; }
  const ObservationCounts& counts() const { return counts_; }

  /// Bytes of this rank.
  Real bytes() const;

 private:
  void prepare();

  ObservationSource* source_;
  Domain domain_;
  QualityControl quality_;
  observations::Operator operator_;
  observations::Sensors sensors_;
  observations::ErrorBlocks blocks_;
  std::unique_ptr<BackgroundCheck> background_check_;
  observations::Batch original_, batch_;
  ObservationCounts counts_;
  std::vector<Place> places_;
  std::vector<char> keep_;
  Array<Real*> block_;
  std::string name_;  // of the source
  bool ready_ = false;
};

}  // namespace starling::campaigns
