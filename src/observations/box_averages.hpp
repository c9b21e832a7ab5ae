// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"
#include "observations/batch.hpp"

#include <string>
#include <vector>

namespace starling::observations {

/// Means over boxes [x - w/2, x + w/2] around the location x, w the extent, of the linear
/// interpolant of the grid-point values: its exact integral over w, as weights of the points
/// involved. Exact for fields that are linear over the box, and equal to the mean of the values
/// where the box is the whole of a periodic domain. Costs about w / spacing + 2 operations for each
/// observation and member. Local.
class BoxAverages {
 public:
  explicit BoxAverages(const Domain& domain) : domain_(domain) {}

  void clear();
  /// Observation j of `batch` is such a mean. Throws InputError, naming `source`, unless the extent
  /// is above 0 and at most the period, or the box within the domain. Allocates nothing for as much
  /// as was there before.
  void add(const Batch& batch, Index j, const std::string& source);
  bool empty() const { return means_.empty(); }

  /// The columns of `out` (rows x observations of the batch) that were added, of rows x points.
  void apply(Rows out, ConstRows members) const;

 private:
  struct Mean {
    Index observation, first_point, weights, count;
  };
  Domain domain_;
  std::vector<Mean> means_;
  std::vector<Real> weights_;
};

}  // namespace starling::observations
