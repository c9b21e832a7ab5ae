// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"

#include <mpi.h>

#include <array>
#include <vector>

namespace starling::spectral {

/// Contiguous parts of something along one axis, one a rank of a communicator.
struct Parts {
  Parts() = default;
  Parts(Index count, int parts, Index block = 1);

  std::vector<Range> of;
  const Range& operator[](int part) const { return of[static_cast<std::size_t>(part)]; }
};

/// The P1 x P2 ranks that share a box, rank p1 P2 + p2, and what each of them has: modes of x and
/// pairs of rows (2j, 2j + 1) of y are dealt to P1, modes of y and planes of z to P2. A pair is
/// never split: it is one complex row (spectral/row_transform.hpp), so that its rounding is the
/// same for any number of ranks.
class BoxRanks {
 public:
  /// P1 = P2 = 0: as many slabs as there are modes of y and planes of z (P1 = 1, one exchange of
  /// kept modes only), then pencils; in two dimensions P1 = all. Throws InputError unless P1 P2 is
  /// the number of ranks. Collective on `space`.
  BoxRanks(MPI_Comm space, std::array<int, 2> ranks, int dimensions, std::array<Index, 3> modes,
           Index planes);

  int p1() const { return rank_of(over_x_); }
  int p2() const { return rank_of(over_y_); }
  int parts1() const { return size_of(over_x_); }
  int parts2() const { return size_of(over_y_); }
  /// The ranks of the same p2, in the order of p1, and those of the same p1.
  MPI_Comm over_x() const { return over_x_; }
  MPI_Comm over_y() const { return over_y_; }

 private:
  Communicator over_x_, over_y_;
};

/// Modes of the kept coefficients along y or z, 0, 1, ..., cut - 1, -(cut - 1), ..., -1, as
/// numbers.
inline Index signed_mode(Index i, Index cut) { return i < cut ? i : i - (2 * cut - 1); }

/// [outer][middle of all][inner] numbers of which the ranks have [outer mine][middle mine][inner]:
/// where mine are, in their order; adjacent pieces as one.
std::vector<Range> pieces(Range outer, Range middle, Index all_middle, Index inner);

}  // namespace starling::spectral
