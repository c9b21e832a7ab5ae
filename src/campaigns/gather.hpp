// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/types.hpp"

#include <mpi.h>

#include <vector>

namespace starling::campaigns {

/// Brings the columns of a row that the ranks of a communicator have to rank 0.
class Gather {
 public:
  /// `mine` are this rank's; over all ranks they cover the row once. Collective.
  Gather(MPI_Comm comm, const Columns& mine);

  /// On rank 0 `whole` becomes all columns; elsewhere it is left alone. Collective.
  void operator()(Real* whole, const Real* mine);

 private:
  MPI_Comm comm_;
  bool root_;
  int mine_;
  std::vector<int> counts_, places_;
  std::vector<Range> pieces_;   // of all ranks, on rank 0
  std::vector<Real> received_;  // on rank 0
};

}  // namespace starling::campaigns
