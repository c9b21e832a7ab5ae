// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/gather.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <numeric>

namespace starling::campaigns {
namespace {

std::vector<int> places_of(const std::vector<int>& counts) {
  std::vector<int> places(counts.size());
  std::exclusive_scan(counts.begin(), counts.end(), places.begin(), 0);
  return places;
}

}  // namespace

Gather::Gather(MPI_Comm comm, const Columns& mine)
    : comm_(comm),
      root_(rank_of(comm) == 0),
      mine_(static_cast<int>(mine.count())),
      counts_(static_cast<std::size_t>(size_of(comm))) {
  STARLING_MPI(MPI_Gather(&mine_, 1, MPI_INT, counts_.data(), 1, MPI_INT, 0, comm_));
  places_ = places_of(counts_);

  const int numbers = 2 * static_cast<int>(mine.pieces().size());
  std::vector<int> counts(counts_.size());
  STARLING_MPI(MPI_Gather(&numbers, 1, MPI_INT, counts.data(), 1, MPI_INT, 0, comm_));
  const std::vector<int> places = places_of(counts);
  if (root_) pieces_.resize(static_cast<std::size_t>(places.back() + counts.back()) / 2);
  static_assert(sizeof(Range) == 2 * sizeof(std::int64_t));
  STARLING_MPI(MPI_Gatherv(mine.pieces().data(), numbers, MPI_INT64_T, pieces_.data(),
                           counts.data(), places.data(), MPI_INT64_T, 0, comm_));
  if (root_) received_.resize(static_cast<std::size_t>(places_.back() + counts_.back()));
  STARLING_ASSERT(!root_ || static_cast<Index>(received_.size()) == mine.all());
}

void Gather::operator()(Real* whole, const Real* mine) {
  STARLING_MPI(MPI_Gatherv(mine, mine_, MPI_DOUBLE, received_.data(), counts_.data(),
                           places_.data(), MPI_DOUBLE, 0, comm_));
  const Real* from = received_.data();
  for (const Range& piece : pieces_) {
    std::copy_n(from, piece.size(), whole + piece.begin);
    from += piece.size();
  }
}

}  // namespace starling::campaigns
