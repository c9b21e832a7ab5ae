// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/weighted_scores.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::diagnostics {
namespace {

constexpr Index pair = 2;     // particles in a block of a sum
constexpr Index strip = 8;    // dofs in one message of bins
constexpr Index numbers = 3;  // of a bin: weight, moment, particles
constexpr Real unit = 0x1.0p62;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

WeightedScores::WeightedScores(MPI_Comm comm, Index particles, Range owned, Index dofs,
                               std::uint64_t seed, RankHistogram::Strides strides)
    : comm_(comm),
      particles_(particles),
      dofs_(dofs),
      seed_(seed),
      strides_(strides),
      tree_(comm, blocks_of(owned, pair), sums * dofs),
      totals_(at(sums * dofs)),
      limits_(at(2 * dofs)),
      counted_(at(std::min(strip, dofs) * bins * numbers)) {}

Index WeightedScores::ranks() const { return std::min(particles_ + 1, most_ranks); }

Real WeightedScores::bytes() const {
  return 8 * static_cast<Real>(totals_.size() + limits_.size() + counted_.size());
}

void WeightedScores::sum_up(const WeightedSample& sample, const Real* truth) {
  const Index count = rows_of(sample.mine);
  for (Index first = 0; first < count; first += pair) {
    Real* block = tree_.next();
    std::fill_n(block, sums * dofs_, 0.0);
    for (Index i = first; i < std::min(first + pair, count); ++i) {
      const Real* x = sample.mine.data() + i * dofs_;
      const Real w = sample.weights[i];
      for (Index j = 0; j < dofs_; ++j) {
        block[near * dofs_ + j] += w * std::abs(x[j] - truth[j]);
        block[below * dofs_ + j] += x[j] < truth[j] ? w : 0;
        block[equal * dofs_ + j] += x[j] == truth[j] ? w : 0;
      }
    }
    tree_.add();
  }
  tree_.finish(totals_.data());
}

void WeightedScores::find_limits(ConstRows mine) {
  std::fill(limits_.begin(), limits_.end(), -std::numeric_limits<Real>::infinity());
  for (Index i = 0; i < rows_of(mine); ++i)
    for (Index j = 0; j < dofs_; ++j) {
      const Real x = mine.data()[i * dofs_ + j];
      limits_[at(j)] = std::max(limits_[at(j)], -x);
      limits_[at(dofs_ + j)] = std::max(limits_[at(dofs_ + j)], x);
    }
  if (size_of(comm_) > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, limits_.data(), static_cast<int>(limits_.size()),
                               MPI_DOUBLE, MPI_MAX, comm_));
}

void WeightedScores::count(const WeightedSample& sample, Index first, Index columns) {
  std::fill(counted_.begin(), counted_.end(), 0);
  for (Index i = 0; i < rows_of(sample.mine); ++i) {
    const Real weight = std::min(sample.weights[i], 1.0) * unit;
    const auto whole = static_cast<std::int64_t>(weight);
    for (Index c = 0; c < columns; ++c) {
      const Index j = first + c;
      const Real low = -limits_[at(j)], range = limits_[at(dofs_ + j)] - low;
      const Real place =
          range > 0 ? (sample.mine.data()[i * dofs_ + j] - low) / range * static_cast<Real>(bins)
                    : 0;
      // What is not a number, which the filter finds, falls into bin 0.
      const Index bin = place >= 0 ? static_cast<Index>(std::min(place, Real{bins - 1})) : 0;
      const Real inside = std::clamp(place - static_cast<Real>(bin), 0.0, 1.0);
      std::int64_t* out = counted_.data() + (c * bins + bin) * numbers;
      out[0] += whole;
      out[1] += inside >= 0 ? static_cast<std::int64_t>(weight * inside) : 0;
      ++out[2];
    }
  }
  if (size_of(comm_) > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, counted_.data(),
                               static_cast<int>(columns * bins * numbers), MPI_INT64_T, MPI_SUM,
                               comm_));
}

// G of a dof, the one counted in `column`; adds to the bound on its error. In units of the width of
// a bin: sum over bins l of M_l W_<l - W_l M_<l, with the weights W and moments M.
Real WeightedScores::difference(Index dof, Index column) {
  const Real width = (limits_[at(dofs_ + dof)] + limits_[at(dof)]) / static_cast<Real>(bins);
  const std::int64_t* bin = counted_.data() + column * bins * numbers;
  Real weights = 0, moments = 0, apart = 0, inside = 0;
  for (Index l = 0; l < bins; ++l, bin += numbers) {
    if (bin[2] == 0) continue;
    const Real w = static_cast<Real>(bin[0]) / unit;
    const Real m = w * static_cast<Real>(l) + static_cast<Real>(bin[1]) / unit;
    apart += m * weights - w * moments;
    weights += w;
    moments += m;
    if (bin[2] < 2) continue;
    apart += w * w / 6 * (1 - 1 / static_cast<Real>(bin[2]));
    inside += w * w;
  }
  error_ += width * inside / 4;
  return width * apart;
}

Scores WeightedScores::evaluate(std::vector<std::int64_t>& ranks, const WeightedSample& sample,
                                const Real* truth, Index cycle) {
  STARLING_ASSERT(width_of(sample.mine) == dofs_);
  STARLING_ASSERT(static_cast<Index>(ranks.size()) == this->ranks());
  sum_up(sample, truth);
  find_limits(sample.mine);
  Real squares = 0, variance = 0, distance = 0, apart = 0;
  error_ = 0;
  for (Index first = 0; first < dofs_; first += strip) {
    const Index columns = std::min(strip, dofs_ - first);
    count(sample, first, columns);
    for (Index c = 0; c < columns; ++c) apart += difference(first + c, c);
  }
  for (Index j = 0; j < dofs_; ++j) {
    squares += (sample.mean[j] - truth[j]) * (sample.mean[j] - truth[j]);
    variance += sample.variance[j];
    distance += totals_[at(near * dofs_ + j)];
  }
  const Real dofs = static_cast<Real>(dofs_), size = sample.effective_size;
  error_ /= dofs;
  distance /= dofs;
  apart /= dofs;

  if (cycle % strides_.cycles == 0) {
    const Stream ties(seed_, Purpose::rank_ties, 0, static_cast<std::uint64_t>(cycle));
    for (Index j = 0; j < dofs_; j += strides_.columns) {
      const Real u = ties.uniform(static_cast<std::uint64_t>(j));
      const Real rank = (totals_[at(below * dofs_ + j)] * size +
                         u * (totals_[at(equal * dofs_ + j)] * size + 1)) /
                        (size + 1);
      const Real bin = std::clamp(rank, 0.0, 1.0) * static_cast<Real>(ranks.size());
      ++ranks[at(std::min(static_cast<Index>(bin), this->ranks() - 1))];
    }
  }

  Scores scores;
  scores.rmse = std::sqrt(squares / dofs);
  scores.crps = distance - apart;
  const Real share = 1 / size;
  if (particles_ == 1) {
    scores.spread = scores.fair_crps = scores.almost_fair_crps =
        std::numeric_limits<Real>::quiet_NaN();
    return scores;
  }
  // With all weight on one particle there is no spread, and G / (1 - s) is 0 / 0.
  const Real fair = share < 1 ? apart / (1 - share) : 0;
  scores.spread = std::sqrt(variance / dofs);
  scores.fair_crps = distance - fair;
  scores.almost_fair_crps = distance - (1 - (1 - EnsembleScores::alpha) * share) * fair;
  return scores;
}

}  // namespace starling::diagnostics
