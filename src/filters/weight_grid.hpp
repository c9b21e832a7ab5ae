// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/entry.hpp"
#include "linalg/matrix.hpp"

#include <array>
#include <vector>

namespace starling::filters {

/// A coarse grid of analyses (yang2009): weights are computed at every `spacing`-th point of a line
/// and on every `spacing`-th line, and are linearly interpolated to the points between: from two
/// matrices in one dimension, from four (bilinear) in two. In a direction that is not periodic the
/// last point is one of them; in a periodic one the first follows the last. Lines are those of
/// FilterContext::line; a dof behind the grid, that is everywhere, is a point of its own.
///
/// Keeps the matrices that the columns to come may need, in index order: three with one line, three
/// lines of the coarse grid otherwise. No communication; nothing is allocated after construction.
class WeightGrid {
 public:
  WeightGrid(const FilterContext& context, Index spacing);

  /// The dofs whose weights a dof is given, and their shares, which sum to 1.
  struct Stencil {
    Index count = 0;
    std::array<Index, 4> dof{};
    std::array<Real, 4> share{};
  };
  Stencil around(Index dof) const;

  /// Weights of one dof of a stencil. Those of one stencil do not displace each other.
  struct Weights {
    Index dof;  ///< whose they are; -1: nobody's yet
    bool seen;  ///< false: no observations, `change` is not used
    linalg::Matrix change;
  };
  Weights& at(Index dof);
  void forget();

  Real bytes() const;

 private:
  struct Axis {
    Index points = 1, spacing = 1;
    bool periodic = false;
    Index coarse() const;
    Index slot(Index point, Index slots) const;
  };
  struct Bracket {
    Index low, high;
    Real above;  // share of high
  };
  static Bracket bracket(const Axis& axis, Index point);

  Axis along_, across_;
  Index points_;
  std::vector<Weights> weights_;
};

}  // namespace starling::filters
