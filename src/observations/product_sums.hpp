// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/domain.hpp"
#include "core/types.hpp"

#include <array>
#include <vector>

namespace starling::observations {

/// Weighted sums of the grid-point values of a component, whose weights are products of weights
/// along the axes,
///     y = sum over i, j, k of w_x(i) w_y(j) w_z(k) u(i, j, k),
/// across the seams of periodic axes. Where the ranks of space() share members, each adds up the
/// values it has, and y is the sum over these ranks. Costs one operation for each value involved.
/// Local.
class ProductSums {
 public:
  ProductSums(const Domain& domain, const Columns& values);

  void clear();
  /// Room for the weights, 0 at first, of points first, ..., first + count - 1 of axis d in the
  /// next sum. Points of a bounded axis that do not exist must keep weight 0.
  Real* weights(int d, Index first, Index count);
  /// Column `observation` is such a sum, with the weights given for each axis since the last one.
  /// Allocates nothing for as much as was there before.
  void add(Index observation, Index component);

  /// The columns of `out` (rows x observations) that were added, of the values here: rows x
  /// Columns::count() or more.
  void apply(Rows out, ConstRows members) const;

 private:
  struct Line {
    Index first = 0, count = 0;
  };
  // Values [column, column + count) here with the weights from `weights` on, times `factor`.
  struct Run {
    Index column, count, weights;
    Real factor;
  };
  struct Sum {
    Index observation, first_run, end_run;
  };
  void add_row(Index row_begin, Real factor);
  void add_run(Index begin, Index count, Index weights, Real factor);

  Domain domain_;
  std::vector<Range> pieces_;   // of the columns
  std::vector<Index> columns_;  // where each begins here
  std::array<Line, 3> lines_;
  Index along_x_ = 0;                          // the weights of the next sum along x
  std::array<std::vector<Real>, 2> along_yz_;  // and along the others
  std::vector<Real> weights_;
  std::vector<Run> runs_;
  std::vector<Sum> sums_;
};

}  // namespace starling::observations
