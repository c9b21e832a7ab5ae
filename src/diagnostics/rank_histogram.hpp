// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/types.hpp"
#include "diagnostics/strip.hpp"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace starling::diagnostics {

/// Pearson's test of whether all ranks are equally likely.
struct FlatnessTest {
  Real statistic = 0;  ///< sum of (count - expected)^2 / expected
  Index degrees = 0;   ///< of freedom: bins - 1, or groups of bins - 1
  Real p_value = 1;    ///< P(chi^2 with these degrees >= statistic)
  Real expected = 0;   ///< count of a bin or group under flatness, on average
};

/// The test for counts of independent ranks. Correlated ranks give p-values that are too small: see
/// the subsampling of RankHistogram. Where fewer than five counts a bin are expected, neighbouring
/// bins are counted together (cochran1954). With no counts at all the statistic is 0.
FlatnessTest test_flatness(const std::vector<std::int64_t>& counts);

/// How often the truth was the r-th smallest of itself and the M members, r = 0..M (hamill2001),
/// counted over dofs and cycles. A perfect ensemble gives a flat histogram; a U shape tells of too
/// little spread, a slope of bias.
///
/// A tie with t members takes one of the t + 1 ranks at random (Purpose::rank_ties, addressed by
/// cycle and dof), so the counts are the same for any number of ranks. Neighbours in space and time
/// have correlated ranks; a test of flatness needs strides longer than the correlation.
class RankHistogram {
 public:
  struct Strides {
    Index columns = 1;  ///< count global columns 0, s, 2 s, ...
    Index cycles = 1;   ///< count cycles 0, s, 2 s, ...
  };

  /// `my_columns` of this rank, dealt in whole blocks of dof_block. Where members are shared,
  /// `comm` has all ranks.
  RankHistogram(MPI_Comm comm, Index ensemble_size, const Columns& my_columns, std::uint64_t seed,
                Strides strides);
  RankHistogram(MPI_Comm comm, Index ensemble_size, Range my_columns, std::uint64_t seed,
                Strides strides)
      : RankHistogram(comm, ensemble_size, Columns(my_columns.end, {my_columns}), seed, strides) {}

  /// Counts the ranks of `truth` (my columns) in `ensemble`: all members x my columns, which may be
  /// the first of more. Local; allocates nothing.
  void add(ConstRows ensemble, const Real* truth, Index cycle);

  /// Counts in which of M + 1 equal parts of (0, 1) the probability falls that N(mean, deviation^2)
  /// gives to values below `truth`, for each of my columns. Local; allocates nothing.
  void add(const Real* mean, const Real* deviation, const Real* truth, Index cycle);

  /// The M + 1 counts over all ranks. Collective.
  std::vector<std::int64_t> counts() const;

  /// Goes on from counts() of an earlier run on any number of ranks. Collective.
  void restore(const std::vector<std::int64_t>& counts);

 private:
  MPI_Comm comm_;
  Index size_;
  std::vector<Index> numbers_;  // of my columns among all
  std::uint64_t seed_;
  Strides strides_;
  std::vector<std::int64_t> mine_;
};

}  // namespace starling::diagnostics
