// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "filters/entry.hpp"

#include <mpi.h>

#include <vector>

namespace starling::filters {

/// The observations that local analyses on this rank need, one row each and divided by sqrt(R):
/// with x_m the members, a bar their mean, y the observations,
///     S_i = ((H x_m - H x̄)_i / sqrt(R_ii), m < N),     d_i = (y - H x̄)_i / sqrt(R_ii).
/// A rank has what it owns and is sent what it asks for, nothing else. What has infinite variance
/// is 0.
class LocalObservations {
 public:
  explicit LocalObservations(const FilterContext& context);

  /// Brings all i with wanted[i] != 0 here. Collective on the context's communicator: with one rank
  /// nothing is sent. Throws NumericalError on every rank if an observation is not finite.
  /// Allocates when a rank needs more than ever before.
  void collect(const Analysis& analysis, const std::vector<char>& wanted);

  /// S_i and d_i of an observation that was wanted.
  const Real* anomalies(Index i) const { return rows_->data() + slot_[i] * width_; }
  Real innovation(Index i) const { return anomalies(i)[width_ - 1]; }

  Real bytes() const;

 private:
  void whiten(const Analysis& analysis);
  void exchange(const Analysis& analysis, const std::vector<char>& wanted);

  MPI_Comm comm_;
  int ranks_;
  Index width_;
  std::vector<Real> own_, sent_, received_;
  const std::vector<Real>* rows_;
  std::vector<Index> slot_;
  std::vector<int> ask_, asked_, ask_counts_, asked_counts_, ask_at_, asked_at_;
  std::vector<long> ranges_;
};

}  // namespace starling::filters
