// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/extra_column.hpp"
#include "core/process_grid.hpp"
#include "core/types.hpp"

#include <cstdint>
#include <vector>

namespace starling::campaigns {

/// Mean and spread of this rank's columns.
struct Moments {
  std::vector<Real> mean, spread;
};

/// Mean and spread over the members of the values of all extra columns, on every rank.
struct ExtraMoments {
  Moments background, analysis;
};

/// Which of a rank's columns are among the first `values`, the grid-point values: extra columns
/// come behind them.
Range grid_points_of(Range share, Index values);

/// What a cycle does with extra columns (core/extra_column.hpp) besides giving them to the filter:
/// their moments, their own inflation, and the noise they get from one analysis to the next,
///     z <- z + random_walk * normal at (random_walk, member, n, column).
/// Works on all members x the share of a rank. Allocates nothing after construction.
class ExtraColumns {
 public:
  /// `share` is this rank's of the columns of the members, dealt in blocks of dof_block; `first` is
  /// the number of grid-point values before the extra columns.
  ExtraColumns(const ProcessGrid& processes, std::vector<ExtraColumn> columns, Index first,
               Range share, std::uint64_t seed);

  bool empty() const { return columns_.empty(); }
  /// Of the background. Local.
  void background(ConstRows shared);
  /// Inflates, if there were observations, notes the moments of the analysis, then adds the noise
  /// after analysis n. Collective on members().
  void analysis(Rows shared, Index n, bool observed);
  /// Of the last analysis.
  const ExtraMoments& moments() const { return moments_; }

 private:
  struct Four {
    Real background_mean, background_spread, analysis_mean, analysis_spread;
  };
  void measure(Real& mean, Real& spread, ConstRows shared, Index column) const;
  void inflate(Rows shared, Index column) const;

  MPI_Comm comm_;
  std::vector<ExtraColumn> columns_;
  std::uint64_t seed_;
  Range mine_;    // of the extra columns
  Index offset_;  // of the first of mine in the share
  std::vector<Four> own_, all_;
  std::vector<int> counts_, displacements_;
  ExtraMoments moments_;
};

/// Gives `member`, first grid-point values, its z: mean + std * normal at (extra_column, number, 0,
/// column).
void start_extra_columns(Real* member, const std::vector<ExtraColumn>& columns, Index first,
                         std::uint64_t seed, Index number);

}  // namespace starling::campaigns
