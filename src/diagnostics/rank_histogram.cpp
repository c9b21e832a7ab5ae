// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/rank_histogram.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "diagnostics/gaussian_scores.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <numeric>

namespace starling::diagnostics {
namespace {

// Counts of a bin for which chi^2 is about right (cochran1954).
constexpr Real fewest = 5;

}  // namespace

FlatnessTest test_flatness(const std::vector<std::int64_t>& counts) {
  FlatnessTest test;
  const Real total =
      static_cast<Real>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  const auto bins = static_cast<Index>(counts.size());
  const Index groups =
      std::clamp(static_cast<Index>(total / fewest), std::min<Index>(bins, 2), bins);
  test.degrees = groups - 1;
  test.expected = total / static_cast<Real>(groups);
  if (total == 0 || test.degrees < 1) return test;
  for (Index g = 0; g < groups; ++g) {
    const Index first = g * bins / groups, end = (g + 1) * bins / groups;
    const Real expected = total * static_cast<Real>(end - first) / static_cast<Real>(bins);
    const Real count = static_cast<Real>(
        std::accumulate(counts.begin() + first, counts.begin() + end, std::int64_t{0}));
    test.statistic += (count - expected) * (count - expected) / expected;
  }
  test.p_value = boost::math::gamma_q(static_cast<Real>(test.degrees) / 2, test.statistic / 2);
  return test;
}

RankHistogram::RankHistogram(MPI_Comm comm, Index ensemble_size, const Columns& my_columns,
                             std::uint64_t seed, Strides strides)
    : comm_(comm),
      size_(ensemble_size),
      seed_(seed),
      strides_(strides),
      mine_(static_cast<std::size_t>(ensemble_size + 1), 0) {
  STARLING_ASSERT(ensemble_size >= 1 && strides.columns >= 1 && strides.cycles >= 1);
  for (const Range& piece : my_columns.pieces())
    for (Index j = piece.begin; j < piece.end; ++j) numbers_.push_back(j);
}

void RankHistogram::add(ConstRows ensemble, const Real* truth, Index cycle) {
  STARLING_ASSERT(rows_of(ensemble) == size_ && width_of(ensemble) >= std::ssize(numbers_));
  if (cycle % strides_.cycles != 0) return;
  const Stream ties(seed_, Purpose::rank_ties, 0, static_cast<std::uint64_t>(cycle));
  const Index width = std::ssize(numbers_);
  for (Index first = 0; first < width; first += dof_block) {
    const Index count = std::min(dof_block, width - first);
    const Lanes y = load_lanes(truth, width, first);
    Lanes below, equal;
    for (Index j = 0; j < size_; ++j) {
      const Real* x = ensemble.data() + j * width_of(ensemble) + first;
      for (Index l = 0; l < count; ++l) {
        below[l] += x[l] < y[l] ? 1 : 0;
        equal[l] += x[l] == y[l] ? 1 : 0;
      }
    }
    for (Index l = 0; l < count; ++l) {
      const Index column = numbers_[static_cast<std::size_t>(first + l)];
      if (column % strides_.columns != 0) continue;
      auto rank = static_cast<Index>(below[l]);
      if (equal[l] > 0)
        rank +=
            static_cast<Index>((equal[l] + 1) * ties.uniform(static_cast<std::uint64_t>(column)));
      ++mine_[static_cast<std::size_t>(rank)];
    }
  }
}

void RankHistogram::add(const Real* mean, const Real* deviation, const Real* truth, Index cycle) {
  if (cycle % strides_.cycles != 0) return;
  for (Index j = 0; j < std::ssize(numbers_); ++j) {
    if (numbers_[static_cast<std::size_t>(j)] % strides_.columns != 0) continue;
    const Real p = gaussian_probability(mean[j], deviation[j], truth[j]);
    ++mine_[static_cast<std::size_t>(
        std::min(size_, static_cast<Index>(p * static_cast<Real>(size_ + 1))))];
  }
}

std::vector<std::int64_t> RankHistogram::counts() const {
  std::vector<std::int64_t> total(mine_.size());
  STARLING_MPI(MPI_Allreduce(mine_.data(), total.data(), static_cast<int>(mine_.size()),
                             MPI_INT64_T, MPI_SUM, comm_));
  return total;
}

void RankHistogram::restore(const std::vector<std::int64_t>& counts) {
  require(counts.size() == mine_.size(),
          "a rank histogram of {} bins cannot go on with {} members; allowed: {} bins",
          counts.size(), size_, mine_.size());
  std::fill(mine_.begin(), mine_.end(), 0);
  if (rank_of(comm_) == 0) mine_ = counts;
}

}  // namespace starling::diagnostics
