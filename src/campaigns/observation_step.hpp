// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/observing.hpp"
#include "core/geometry.hpp"
#include "observations/operator.hpp"

#include <vector>

namespace starling::campaigns {

/// The observations of one analysis, and what members make of them: the first steps of every kind
/// of cycle. Every rank holds the whole batch. Allocates nothing once batches have been seen.
class ObservationStep {
 public:
  /// For up to `rows` members of this rank. `source` is borrowed.
  ObservationStep(ObservationSource& source, const Domain& domain, Index rows);

  ObservationSource& source() const { return *source_; }
  /// Reads batch n; `truth` may be null where the source needs none. Collective for files.
  void read(Index n, const Real* truth);

  const observations::Batch& batch() const { return batch_; }
  /// Where the observations of the batch are.
  const std::vector<Place>& places() const { return places_; }
  /// H of each of `members` (rows x dofs): rows x batch().size(), valid until the next call. Local.
  Rows observe(ConstRows members);

 private:
  ObservationSource* source_;
  Domain domain_;
  observations::Operator operator_;
  observations::Batch batch_;
  std::vector<Place> places_;
  Array<Real*> block_;
};

}  // namespace starling::campaigns
