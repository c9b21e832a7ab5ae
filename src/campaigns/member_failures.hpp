// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"
#include "io/checkpoint.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace starling::campaigns {

/// What becomes of a run of which a member is not finite.
enum class OnMemberFailure {
  stop,      ///< the run ends with NumericalError
  resample,  ///< the member is drawn anew from the others
  drop,      ///< the run goes on without it
};
OnMemberFailure on_member_failure(const std::string& name);

/// Finds the members that are not finite when an analysis begins, and repairs the ensemble. A
/// failure is a number of the member's own block that is not finite, or so large that the sum of
/// their squares is not; nothing is remembered of it before, so that a run that was stopped and
/// goes on finds the same. Where two members are stepped as one complex field both fail.
///
/// Rows of what repair() and the others get are all members in index order, columns any: no number
/// depends on the columns beside it, or on how many ranks there are.
class MemberFailures {
 public:
  /// `members_per_state` is for the message. `processes` is borrowed.
  MemberFailures(const ProcessGrid& processes, Index members, Index members_per_state,
                 OnMemberFailure policy, std::uint64_t seed);

  bool stops() const { return policy_ == OnMemberFailure::stop; }
  bool drops() const { return policy_ == OnMemberFailure::drop; }

  /// Looks at `mine` (my members x any columns) as analysis n at `time` begins: failed() and
  /// healthy() are those of this analysis then. Warns. Does nothing if failures stop the run.
  /// Throws NumericalError on every rank if more than half of the members failed, or fewer than two
  /// are left. Collective on members().
  void find(ConstRows mine, Index n, Real time);

  /// Who failed since the analysis before, in ascending order. Dropped members do not fail again.
  const std::vector<Index>& failed() const { return failed_; }
  /// Who is finite and has not been dropped, in ascending order.
  const std::vector<Index>& healthy() const { return healthy_; }
  /// Whether every member takes part in the analysis.
  bool complete() const { return !drops() || static_cast<Index>(healthy_.size()) == members_; }

  /// Makes all rows finite. resample: each failed member f becomes a draw from the normal
  /// distribution with mean and covariance of the healthy ones, of which there are H,
  ///     x_f = xbar + sum_m z_m (x_m - xbar) / sqrt(H - 1),   m healthy,
  /// z_m = normal at (member_replacement, f, n, m): E x_f = xbar, and the covariance of x_f is that
  /// of the healthy members, sum_m (x_m - xbar)(x_m - xbar)^T / (H - 1) (evensen2003).
  /// drop: a dropped member's row stands in for nobody: a copy of its partner in the pair, or else
  /// of the first healthy member.
  void repair(Rows all) const;

  /// drop: moves the rows of the healthy members to the front and returns these.
  Rows pack(Rows all) const;
  /// Moves them back, and repairs the rows of the others.
  void unpack(Rows all) const;

  /// Who was dropped. Collective.
  void save(io::CheckpointWriter& file) const;
  void load(const io::Checkpoint& file);

 private:
  std::string describe(Index n, Real time) const;
  void redraw(Rows all) const;
  void stand_in(Rows all) const;

  const ProcessGrid* processes_;
  Index members_, per_state_;
  OnMemberFailure policy_;
  std::uint64_t seed_;
  Range owned_;
  Index analysis_ = 0;
  std::vector<Index> failed_, healthy_;
};

}  // namespace starling::campaigns
