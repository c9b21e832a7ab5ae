// SPDX-License-Identifier: BSD-3-Clause
#include "spectral/box_layout.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::spectral {
namespace {

std::array<int, 2> choose(int ranks, int dimensions, std::array<Index, 3> modes, Index planes) {
  if (dimensions == 2) return {ranks, 1};
  const Index most = std::min(modes[1], planes);
  int slabs = 1;
  for (int p = 1; p <= ranks && p <= most; ++p)
    if (ranks % p == 0) slabs = p;
  return {ranks / slabs, slabs};
}

MPI_Comm split(MPI_Comm comm, int colour, int key) {
  MPI_Comm part = MPI_COMM_NULL;
  STARLING_MPI(MPI_Comm_split(comm, colour, key, &part));
  return part;
}

}  // namespace

Parts::Parts(Index count, int parts, Index block) {
  for (int p = 0; p < parts; ++p) of.push_back(deal(count, parts, p, block));
}

BoxRanks::BoxRanks(MPI_Comm space, std::array<int, 2> ranks, int dimensions,
                   std::array<Index, 3> modes, Index planes) {
  const int all = size_of(space), rank = rank_of(space);
  if (ranks == std::array{0, 0}) ranks = choose(all, dimensions, modes, planes);
  require(ranks[0] > 0 && ranks[1] > 0 && ranks[0] * ranks[1] == all,
          "a box on {} x {} ranks; allowed: two numbers whose product is {}", ranks[0], ranks[1],
          all);
  require(dimensions == 3 || ranks[1] == 1, "a plane on {} x {} ranks; allowed: {} x 1", ranks[0],
          ranks[1], all);
  over_x_ = Communicator(split(space, rank % ranks[1], rank));
  over_y_ = Communicator(split(space, rank / ranks[1], rank));
}

std::vector<Range> pieces(Range outer, Range middle, Index all_middle, Index inner) {
  std::vector<Range> all;
  if (middle.size() == 0 || inner == 0) return all;
  for (Index o = outer.begin; o < outer.end; ++o) {
    const Range piece{(o * all_middle + middle.begin) * inner,
                      (o * all_middle + middle.end) * inner};
    if (!all.empty() && all.back().end == piece.begin)
      all.back().end = piece.end;
    else
      all.push_back(piece);
  }
  return all;
}

}  // namespace starling::spectral
