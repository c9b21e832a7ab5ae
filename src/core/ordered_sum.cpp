// SPDX-License-Identifier: BSD-3-Clause
#include "core/ordered_sum.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/process_grid.hpp"

namespace starling {

OrderedSum::OrderedSum(MPI_Comm comm, Index my_blocks, Index width)
    : comm_(comm), my_blocks_(my_blocks), width_(width) {
  const auto ranks = static_cast<std::size_t>(size_of(comm));
  counts_.resize(ranks);
  displacements_.resize(ranks);
  const int mine = static_cast<int>(my_blocks * width);
  STARLING_MPI(MPI_Allgather(&mine, 1, MPI_INT, counts_.data(), 1, MPI_INT, comm_));
  int total = 0;
  for (std::size_t r = 0; r < ranks; ++r) {
    displacements_[r] = total;
    total += counts_[r];
  }
  mine_.resize(static_cast<std::size_t>(mine));
  all_.resize(static_cast<std::size_t>(total));
}

void OrderedSum::reduce(Real* out) {
  const Real* terms = mine_.data();
  if (counts_.size() > 1) {
    STARLING_MPI(MPI_Allgatherv(mine_.data(), static_cast<int>(mine_.size()), MPI_DOUBLE,
                                all_.data(), counts_.data(), displacements_.data(), MPI_DOUBLE,
                                comm_));
    terms = all_.data();
  }
  std::fill_n(out, width_, 0.0);
  for (std::size_t i = 0; i < all_.size(); ++i) out[static_cast<Index>(i) % width_] += terms[i];
}

}  // namespace starling
