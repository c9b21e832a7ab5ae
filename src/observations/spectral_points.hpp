// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/domain.hpp"
#include "core/types.hpp"
#include "linalg/matrix.hpp"
#include "observations/batch.hpp"

#include <string>
#include <vector>

namespace starling::observations {

/// The trigonometric interpolant of n values on a period L at arbitrary places (henrici1979),
///     p(x) = sum_i u_i D(x - x_i),   D(s) = sin(n t) / (n tan t) for even n,
///                                          sin(n t) / (n sin t) for odd n,   t = pi s / L:
/// exact for all waves that the grid resolves, the Nyquist mode of an even n taken as a cosine; at
/// a grid point the value there. In several dimensions the product of D along each axis. The
/// weights of q places, n x q for each axis, are kept as long as the places are the same; they are
/// computed with n q divisions for each axis, applied as matrix products along x and a sum along
/// the other axes: 2 q operations for each grid point of the component and member, however near the
/// place. Where the ranks of space() share members, each adds up what it has, and the values are
/// the sums over these ranks. Local.
class SpectralPoints {
 public:
  SpectralPoints(const Domain& domain, const Columns& values);

  void clear();
  /// Observation j of `batch` is such a value. Throws InputError, naming `source`, where the domain
  /// is not periodic.
  void add(const Batch& batch, Index j, const std::string& source);
  /// All have been added: makes the weights unless they are there. Allocates nothing for as many as
  /// there were before.
  void prepare();

  /// The columns of `out` (rows x observations of the batch) that were added, of the values here:
  /// rows x Columns::count() or more. Each row by itself: other rows change no bit of it.
  void apply(Rows out, ConstRows members) const;

 private:
  struct Table {
    std::vector<Real> sines, cosines;  // of pi i / n
  };
  // The places where a component is observed.
  struct Group {
    std::vector<Index> observations;
    std::vector<Point> places, weighed;   // asked for; what the weights are for
    std::vector<linalg::Matrix> weights;  // for each axis points x places
  };
  // Values here from `column` on: `rows` rows along x from number `row` of a component on, of each
  // `points` points from `first` on.
  struct Block {
    std::size_t component;
    Index column, row, rows, first, points;
  };
  void find_blocks(const Columns& values);
  void weigh(linalg::Matrix& weights, int d, Index column, Real x) const;
  void apply_line(const Group& group, const Block& block, Rows out, ConstRows members) const;
  void apply_rows(const Group& group, const Block& block, Real* y, const Real* member) const;

  Domain domain_;
  std::vector<Table> tables_;  // for each axis
  std::vector<Group> groups_;  // for each component
  std::vector<Block> blocks_;
  mutable linalg::Matrix values_;  // a strip of rows x places
};

}  // namespace starling::observations
