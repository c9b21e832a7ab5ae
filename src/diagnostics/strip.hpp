// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "core/types.hpp"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace starling::diagnostics {

/// One value for each column of a strip. A strip is one block of dof_block columns, the unit of
/// ordered sums and a whole number of vector registers: loops over its lanes have no dependences.
struct alignas(64) Lanes {
  std::array<Real, static_cast<std::size_t>(dof_block)> at{};

  Real& operator[](Index lane) { return at[static_cast<std::size_t>(lane)]; }
  const Real& operator[](Index lane) const { return at[static_cast<std::size_t>(lane)]; }
};

/// The lanes added in a fixed order.
inline Real sum(const Lanes& x) {
  return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]));
}

/// All members of dof_block columns of an ensemble, copied together so that they are in cache,
/// padded with zeros where the ensemble ends. Sorts each column without branches: Batcher's merge
/// exchange (knuth1998, 5.2.2, algorithm M) over whole rows, O(N log^2 N) minima and maxima of
/// vectors, for up to network_limit members; beyond that std::sort, O(N log N). Allocates nothing
/// after construction.
class Strip {
 public:
  /// Where std::sort becomes the faster one.
  static constexpr Index network_limit = 8192;

  explicit Strip(Index members);

  Index members() const { return members_; }
  /// The lanes of one member; after sort(), of one order statistic.
  Lanes* rows() { return rows_.data(); }
  const Lanes* rows() const { return rows_.data(); }

  /// Copies columns [first, first + dof_block) of `ensemble` as far as they are among its first
  /// `columns`.
  void load(ConstRows ensemble, Index first, Index columns);
  void load(ConstRows ensemble, Index first) { load(ensemble, first, width_of(ensemble)); }

  /// Every column ascending. With a NaN in a column the order of that column is arbitrary.
  void sort();

 private:
  Index members_;
  std::vector<Lanes> rows_;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> exchanges_;
  std::vector<Real> column_;
};

/// The values [first, first + dof_block) of `row` as far as they exist, zeros beyond.
Lanes load_lanes(const Real* row, Index columns, Index first);

}  // namespace starling::diagnostics
