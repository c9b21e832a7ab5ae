// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::ensemble {

/// (my members x all columns) <=> (all members x my columns) on members(), members in index order.
/// Columns are dealt to groups in whole blocks, so that per-block sums do not depend on the number
/// of groups. Buffers are made once; with one group nothing is copied.
class MembersTranspose {
 public:
  /// For blocks of up to `columns` columns.
  MembersTranspose(const ProcessGrid& processes, Index members, Index columns,
                   Index block = dof_block);

  /// The most columns this group has for any number of columns up to `columns`.
  static Index widest_share(const ProcessGrid& processes, Index columns, Index block = dof_block);

  /// Uses only the first `columns` of the capacity from now on (observations vary in number).
  void resize(Index columns);

  /// My columns.
  Range share() const { return share_; }

  /// Returns all members x share(); `mine` is my members x columns. Collective on members(). With
  /// one group the result is `mine` itself.
  Rows forward(Rows mine);
  /// Brings what forward returned back into `mine`. Collective on members().
  void backward(Rows mine);

 private:
  void pack(ConstRows mine);
  void unpack(Rows mine);

  const ProcessGrid* processes_;
  Index members_, columns_ = 0, block_;
  Range owned_, share_;
  std::vector<int> mine_counts_, mine_displacements_, shared_counts_, shared_displacements_;
  Array<Real*> packed_, shared_;
};

}  // namespace starling::ensemble
