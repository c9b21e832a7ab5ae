// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/random.hpp"
#include "core/types.hpp"

#include <vector>

namespace starling::diagnostics {

/// An ensemble of independent standard normals and a truth, the same on every rank, and the columns
/// of it that one rank holds.
struct Sample {
  Sample(Index rows, Index width, std::uint64_t seed)
      : members(rows),
        columns(width),
        x(static_cast<std::size_t>(rows * width)),
        truth(static_cast<std::size_t>(width)) {
    for (Index j = 0; j < members; ++j)
      Stream(seed, Purpose::initial_perturbation, static_cast<std::uint64_t>(j), 0)
          .normals(x.data() + j * columns, columns);
    Stream(seed, Purpose::truth_perturbation, 0, 0).normals(truth.data(), columns);
  }

  ConstRows ensemble() const { return make_rows(x.data(), members, columns); }

  /// members x mine.size(), row-major.
  std::vector<Real> share(Range mine) const {
    std::vector<Real> part;
    for (Index j = 0; j < members; ++j)
      part.insert(part.end(), x.begin() + j * columns + mine.begin,
                  x.begin() + j * columns + mine.end);
    return part;
  }

  Index members, columns;
  std::vector<Real> x, truth;
};

}  // namespace starling::diagnostics
