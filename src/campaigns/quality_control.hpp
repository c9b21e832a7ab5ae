// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/process_grid.hpp"
#include "ensemble/transpose.hpp"
#include "observations/batch.hpp"

#include <limits>
#include <utility>
#include <vector>

namespace starling::campaigns {

/// Which observations are believed.
struct QualityControl {
  /// Of the background check; infinite: there is none.
  Real background_check = std::numeric_limits<Real>::infinity();
  /// Of the gross range check: values outside are rejected.
  Real lowest = -std::numeric_limits<Real>::infinity();
  Real highest = std::numeric_limits<Real>::infinity();

  /// [quality_control]: background_check, range. Without the section nothing is rejected.
  static Schema schema();
  QualityControl() = default;
  explicit QualityControl(const Section& section);

  bool checks_background() const {
    return background_check < std::numeric_limits<Real>::infinity();
  }
};

/// Observations of one analysis: in the batch, and what became of them.
struct ObservationCounts {
  Index used = 0, missing = 0, rejected = 0;
};

/// The background check (lorenc1981): an observation is rejected where its innovation is more than
/// k times what the ensemble and its error variance predict,
///     |y - mean(H x)| > k sqrt((H P H^T + R)_ii),
/// P of the members with N - 1. For Gaussian innovations a fraction 2 Phi(-k) is rejected in error:
/// 6e-7 for k = 5. Each rank decides for its share of the observations, for which it sees all
/// members; decisions are shared as integers, so that all ranks know the same.
class BackgroundCheck {
 public:
  /// For up to `observations` in a batch. Collective on members().
  BackgroundCheck(const ProcessGrid& processes, Index members, Index observations);

  /// keep[j] = 0 for every observation j that is rejected, 1 for the others; `observed` is my
  /// members x the observations of the batch. One exchange of `observed` between the groups and a
  /// few operations for each of its numbers. What is not finite is kept: filters name the member.
  /// Collective; allocates nothing.
  void decide(std::vector<char>& keep, Rows observed, const observations::Batch& batch, Real k);

  /// From now on P is that of these members, in ascending order.
  void use(std::vector<Index> members) { members_ = std::move(members); }

  /// Bytes of this rank.
  Real bytes() const;

 private:
  const ProcessGrid* processes_;
  std::vector<Index> members_;
  ensemble::MembersTranspose transpose_;
};

}  // namespace starling::campaigns
