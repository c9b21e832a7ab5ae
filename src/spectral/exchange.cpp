// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/exchange.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <limits>
#include <utility>

namespace starling::spectral {
namespace {

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

Exchange::Exchange(MPI_Comm comm, std::vector<Index> front, std::vector<Index> back,
                   Index most_fields)
    : comm_(comm), ranks_(size_of(comm)), rank_(rank_of(comm)) {
  front_.size = std::move(front);
  back_.size = std::move(back);
  STARLING_ASSERT(front_.size.size() == at(ranks_) && back_.size.size() == at(ranks_) &&
                  front_.size[at(rank_)] == back_.size[at(rank_)]);
  lay_out(back_, most_fields, true);
  lay_out(front_, most_fields, false);
  front_.begin[at(rank_)] = back_.begin[at(rank_)];
}

// `own`: with the block that does not travel.
void Exchange::lay_out(Side& side, Index most_fields, bool own) const {
  Index all = 0;
  std::vector<Index> begin;
  for (int q = 0; q < ranks_; ++q) {
    begin.push_back(all);
    if (own || q != rank_) all += most_fields * side.size[at(q)];
  }
  require(all <= std::numeric_limits<int>::max(),
          "{} coefficients are too many for a rank to send; allowed: {}; take more ranks", all,
          std::numeric_limits<int>::max());
  side.memory = Array<Complex*>("spectral::exchange", at(all));
  side.count.resize(at(ranks_));
  for (const Index b : begin) {
    side.begin.push_back(side.memory.data() + b);
    side.displacement.push_back(static_cast<int>(b));
  }
}

void Exchange::send(const Side& to, const Side& from, Index fields) const {
  if (ranks_ == 1) return;
  for (int q = 0; q < ranks_; ++q) {
    to.count[at(q)] = q == rank_ ? 0 : static_cast<int>(fields * to.size[at(q)]);
    from.count[at(q)] = q == rank_ ? 0 : static_cast<int>(fields * from.size[at(q)]);
  }
  STARLING_MPI(MPI_Alltoallv(from.memory.data(), from.count.data(), from.displacement.data(),
                             MPI_C_DOUBLE_COMPLEX, to.memory.data(), to.count.data(),
                             to.displacement.data(), MPI_C_DOUBLE_COMPLEX, comm_));
}

}  // namespace starling::spectral
