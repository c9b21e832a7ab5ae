// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <vector>

namespace starling {

/// Which columns of a row a rank has where the ranks of space() share rows: pieces of all columns,
/// in ascending order, which are one after the other in its memory. Usually all of them, one piece.
class Columns {
 public:
  /// All of `all` columns.
  explicit Columns(Index all = 0) : Columns(all, {{0, all}}) {}
  Columns(Index all, std::vector<Range> pieces);

  /// Columns of the whole row, and of those here.
  Index all() const { return all_; }
  Index count() const { return starts_.empty() ? 0 : starts_.back(); }
  bool is_whole() const { return count() == all_; }
  const std::vector<Range>& pieces() const { return pieces_; }

  /// Where my column is among all.
  Index global(Index mine) const;
  /// Those of my columns [mine.begin, mine.end).
  Columns part(Range mine) const;
  /// Those of `times` such rows, one after the other, as one row.
  Columns repeated(Index times) const;

 private:
  Index all_;
  std::vector<Range> pieces_;
  std::vector<Index> starts_;  // end of each piece among my columns
};

}  // namespace starling
