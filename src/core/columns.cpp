// SPDX-License-Identifier: BSD-3-Clause
#include "core/columns.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <utility>

namespace starling {

Columns::Columns(Index all, std::vector<Range> pieces) : all_(all) {
  Index end = 0, count = 0;
  for (const Range& piece : pieces) {
    STARLING_ASSERT(end <= piece.begin && piece.begin <= piece.end && piece.end <= all);
    end = piece.end;
    if (piece.size() == 0) continue;
    count += piece.size();
    if (!pieces_.empty() && pieces_.back().end == piece.begin) {
      pieces_.back().end = piece.end;
      starts_.back() = count;
    } else {
      pieces_.push_back(piece);
      starts_.push_back(count);
    }
  }
}

Index Columns::global(Index mine) const {
  STARLING_ASSERT(0 <= mine && mine < count());
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), mine);
  const auto piece = static_cast<std::size_t>(after - starts_.begin());
  return pieces_[piece].end - (*after - mine);
}

Columns Columns::part(Range mine) const {
  std::vector<Range> pieces;
  Index first = 0;
  for (const Range& piece : pieces_) {
    const Index begin = std::max(mine.begin, first), end = std::min(mine.end, first + piece.size());
    if (begin < end) pieces.push_back({piece.begin + begin - first, piece.begin + end - first});
    first += piece.size();
  }
  return {all_, std::move(pieces)};
}

Columns Columns::repeated(Index times) const {
  std::vector<Range> pieces;
  for (Index t = 0; t < times; ++t)
    for (const Range& piece : pieces_)
      pieces.push_back({t * all_ + piece.begin, t * all_ + piece.end});
  return {times * all_, std::move(pieces)};
}

}  // namespace starling
