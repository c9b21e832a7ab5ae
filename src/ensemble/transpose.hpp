// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::ensemble {

/// (my members x all columns) <=> (all members x my columns) on members(), members in index order.
/// Columns are dealt to groups in whole blocks, so that per-block sums do not depend on the number
/// of groups. Rows travel in rounds, as many at a time as fit a buffer: besides the result a rank
/// needs 1/32 of its rows, or `chunk` numbers if that is more. With one group nothing is copied.
class MembersTranspose {
 public:
  /// Numbers that are sent at once, at least: messages stay long enough to be cheap.
  static constexpr Index chunk = 1 << 16;

  /// For blocks of up to `columns` columns. Throws InputError if a rank's part is too large for MPI
  /// to count.
  MembersTranspose(const ProcessGrid& processes, Index members, Index columns,
                   Index block = dof_block, Index numbers_at_once = chunk);

  /// The most columns this group has for any number of columns up to `columns`.
  static Index widest_share(const ProcessGrid& processes, Index columns, Index block = dof_block);

  /// Uses only the first `columns` of the capacity from now on (observations vary in number).
  void resize(Index columns);

  /// My columns.
  Range share() const { return share_; }
  /// Of this rank.
  Real bytes() const;

  /// Returns all members x share(); `mine` is my members x columns. Collective on members(). With
  /// one group the result is `mine` itself.
  Rows forward(Rows mine);
  /// Brings what forward returned back into `mine`. Collective on members().
  void backward(Rows mine);

 private:
  Range in_round(Range members, Index round) const;
  void set_counts(Index round);
  void pack(ConstRows mine, Range rows);
  void unpack(Rows mine, Range rows);

  const ProcessGrid* processes_;
  Index members_, columns_ = 0, block_;
  Range owned_, share_;
  Index rows_at_once_ = 0, rounds_ = 0;
  std::vector<int> mine_counts_, mine_displacements_, shared_counts_, shared_displacements_;
  Array<Real*> packed_, shared_;
};

}  // namespace starling::ensemble
