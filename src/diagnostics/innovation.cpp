// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/innovation.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace starling::diagnostics {
namespace {

enum Sum : Index { departure, squared, expectation, normalised, sums };

Range dealt(Index observations, MPI_Comm comm, Index block) {
  return deal(observations, size_of(comm), rank_of(comm), block);
}

}  // namespace

InnovationStatistics::InnovationStatistics(MPI_Comm members, Index ensemble_size,
                                           Index max_observations, Index block)
    : comm_(members),
      size_(ensemble_size),
      block_(block),
      observations_(max_observations),
      sums_(members, blocks_of(dealt(max_observations, members, block), block), sums),
      mean_(static_cast<std::size_t>(block)),
      squares_(static_cast<std::size_t>(block)) {
  STARLING_ASSERT(ensemble_size >= 1);
}

void InnovationStatistics::deal_blocks(Index observations) {
  if (observations == observations_) return;
  sums_.deal(blocks_of(dealt(observations, comm_, block_), block_));
  observations_ = observations;
}

// mean_ and squares_ hold mean and variance of the background at `count` observations.
void InnovationStatistics::add_block(const Real* value, const Real* variance, Index count) {
  Real* out = sums_.next();
  std::fill_n(out, static_cast<Index>(sums), 0.0);
  for (Index i = 0; i < count; ++i) {
    const Real d = value[i] - mean_[i];
    const Real expected = squares_[i] + variance[i];
    out[departure] += d;
    out[squared] += d * d;
    out[expectation] += expected;
    out[normalised] += d * d / expected;
  }
  sums_.add();
}

Innovation InnovationStatistics::evaluate(ConstRows observed, const Real* value,
                                          const Real* variance, Index observations) {
  const Index mine = width_of(observed);
  STARLING_ASSERT(rows_of(observed) == size_ && mine == dealt(observations, comm_, block_).size());
  deal_blocks(observations);
  const Real per_member = 1 / static_cast<Real>(size_);
  const Real per_degree = size_ > 1 ? 1 / static_cast<Real>(size_ - 1) : 0;
  for (Index first = 0; first < mine; first += block_) {
    const Index count = std::min(block_, mine - first);
    std::fill_n(mean_.begin(), count, 0.0);
    std::fill_n(squares_.begin(), count, 0.0);
    Real* mean = mean_.data();
    Real* squares = squares_.data();
    for (Index j = 0; j < size_; ++j) {
      const Real* x = observed.data() + j * mine + first;
      for (Index i = 0; i < count; ++i) mean[i] += x[i];
    }
    for (Index i = 0; i < count; ++i) mean[i] *= per_member;
    for (Index j = 0; j < size_; ++j) {
      const Real* x = observed.data() + j * mine + first;
      for (Index i = 0; i < count; ++i) squares[i] += (x[i] - mean[i]) * (x[i] - mean[i]);
    }
    for (Index i = 0; i < count; ++i) squares[i] *= per_degree;
    add_block(value + first, variance + first, count);
  }
  return finish(observations);
}

Innovation InnovationStatistics::evaluate(const Real* mean, const Real* deviation,
                                          const Real* value, const Real* variance,
                                          Index observations) {
  const Index mine = dealt(observations, comm_, block_).size();
  deal_blocks(observations);
  for (Index first = 0; first < mine; first += block_) {
    const Index count = std::min(block_, mine - first);
    for (Index i = 0; i < count; ++i) {
      mean_[i] = mean[first + i];
      squares_[i] = deviation[first + i] * deviation[first + i];
    }
    add_block(value + first, variance + first, count);
  }
  return finish(observations);
}

Innovation InnovationStatistics::finish(Index observations) {
  std::array<Real, sums> total{};
  sums_.finish(total.data());

  if (observations == 0) {
    constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
    return {nan, nan, nan, nan, nan};
  }
  for (Real& each : total) each /= static_cast<Real>(observations);
  Innovation result;
  result.mean = total[departure];
  result.variance = total[squared] - total[departure] * total[departure];
  result.expected = total[expectation];
  result.ratio = total[squared] / total[expectation];
  result.chi_square = total[normalised];
  return result;
}

}  // namespace starling::diagnostics
