// SPDX-License-Identifier: BSD-3-Clause
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "diagnostics/weighted_scores.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace starling::diagnostics {
namespace {

using test_support::world;
using test_support::world_rank;
using test_support::world_size;

// All particles, and their moments by definition.
struct Sample {
  Sample(Index n, Index dofs, Real power, std::uint64_t seed)
      : x("x", static_cast<std::size_t>(n), static_cast<std::size_t>(dofs)),
        weights(static_cast<std::size_t>(n)),
        mean(static_cast<std::size_t>(dofs)),
        variance(mean.size()),
        truth(mean.size()) {
    Real sum = 0, squares = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const Stream stream(seed, Purpose::initial_perturbation, i, 0);
      stream.normals(x.data() + i * mean.size(), dofs);
      sum += weights[i] = std::pow(stream.uniform(1000), power);
    }
    for (Real& w : weights) {
      w /= sum;
      squares += w * w;
    }
    size = 1 / squares;
    Stream(seed, Purpose::truth_perturbation, 0, 0).normals(truth.data(), dofs);
    for (std::size_t j = 0; j < mean.size(); ++j) {
      for (std::size_t i = 0; i < weights.size(); ++i) mean[j] += weights[i] * x(i, j);
      for (std::size_t i = 0; i < weights.size(); ++i)
        variance[j] += weights[i] * (x(i, j) - mean[j]) * (x(i, j) - mean[j]) / (1 - squares);
    }
  }

  // A - G and G, means over the dofs, as double sums.
  Real crps(Real factor) const {
    Real total = 0;
    for (std::size_t j = 0; j < mean.size(); ++j)
      for (std::size_t i = 0; i < weights.size(); ++i) {
        total += weights[i] * std::abs(x(i, j) - truth[j]);
        for (std::size_t k = 0; k < weights.size(); ++k)
          total -= factor * weights[i] * weights[k] * std::abs(x(i, j) - x(k, j)) / 2;
      }
    return total / static_cast<Real>(mean.size());
  }

  Array<Real**> x;
  std::vector<Real> weights, mean, variance, truth;
  Real size = 0;
};

Scores evaluate(const Sample& sample, MPI_Comm comm, std::vector<std::int64_t>& ranks,
                Real* error = nullptr) {
  const auto n = static_cast<Index>(sample.weights.size());
  const Range owned = deal(n, size_of(comm), rank_of(comm), 2);
  WeightedScores scores(comm, n, owned, static_cast<Index>(sample.mean.size()), 3, {});
  ranks.assign(static_cast<std::size_t>(scores.ranks()), 0);
  const Scores result = scores.evaluate(ranks,
                                        {row_range(ConstRows(sample.x), owned.begin, owned.size()),
                                         sample.weights.data() + owned.begin, sample.size,
                                         sample.mean.data(), sample.variance.data()},
                                        sample.truth.data(), 0);
  if (error != nullptr) *error = scores.crps_error();
  return result;
}

TEST(WeightedScores, AreTheirDefinitionsWithinTheStatedError) {
  for (const Index n : {2, 30, 700})
    for (const Real power : {0.0, 1.0, 6.0}) {
      const Sample sample(n, 11, power, 5);
      std::vector<std::int64_t> ranks;
      Real error = 0;
      const Scores scores = evaluate(sample, world(), ranks, &error);
      const Real share = 1 / sample.size, fair = 1 / (1 - share);
      EXPECT_NEAR(scores.crps, sample.crps(1), error + 1e-12);
      EXPECT_NEAR(scores.fair_crps, sample.crps(fair), fair * (error + 1e-12));
      EXPECT_NEAR(scores.almost_fair_crps, sample.crps(fair * (1 - 0.05 * share)),
                  fair * (error + 1e-12));
      EXPECT_LT(error, 1e-3);
      Real squares = 0, variance = 0;
      for (std::size_t j = 0; j < 11; ++j) {
        squares += (sample.mean[j] - sample.truth[j]) * (sample.mean[j] - sample.truth[j]) / 11;
        variance += sample.variance[j] / 11;
      }
      EXPECT_NEAR(scores.rmse, std::sqrt(squares), 1e-13);
      EXPECT_NEAR(scores.spread, std::sqrt(variance), 1e-13);
    }
}

// Equal weights: what is known of ensembles, whose CRPS is exact.
TEST(WeightedScores, OfEqualWeightsAreThoseOfAnEnsemble) {
  const Sample sample(40, 8, 0, 7);
  std::vector<std::int64_t> ranks;
  Real error = 0;
  const Scores weighted = evaluate(sample, MPI_COMM_SELF, ranks, &error);
  EnsembleScores ensemble(MPI_COMM_SELF, 40, {0, 8}, 8);
  const Scores scores = ensemble.evaluate(ConstRows(sample.x), sample.truth.data());
  EXPECT_NEAR(weighted.rmse, scores.rmse, 1e-13);
  EXPECT_NEAR(weighted.spread, scores.spread, 1e-13);
  EXPECT_NEAR(weighted.crps, scores.crps, error + 1e-13);
  EXPECT_NEAR(weighted.fair_crps, scores.fair_crps, 1.1 * error + 1e-13);
  RankHistogram histogram(MPI_COMM_SELF, 40, {0, 8}, 3, {});
  histogram.add(ConstRows(sample.x), sample.truth.data(), 0);
  EXPECT_EQ(ranks, histogram.counts());
}

TEST(WeightedScores, SameBitsForAnyNumberOfRanks) {
  const Sample sample(301, 19, 3, 8);
  std::vector<std::int64_t> ranks, alone_ranks;
  const Scores scores = evaluate(sample, world(), ranks);
  const Scores alone = evaluate(sample, MPI_COMM_SELF, alone_ranks);
  EXPECT_EQ(scores.rmse, alone.rmse);
  EXPECT_EQ(scores.spread, alone.spread);
  EXPECT_EQ(scores.crps, alone.crps);
  EXPECT_EQ(scores.fair_crps, alone.fair_crps);
  EXPECT_EQ(scores.almost_fair_crps, alone.almost_fair_crps);
  EXPECT_EQ(ranks, alone_ranks);
}

// Importance weights exp(x) on draws from N(0, 1) make a sample of N(1, 1). For a truth from there
// the ranks are flat: chi^2 of 10 classes of 4,000 truths, which has 9 degrees of freedom.
TEST(WeightedScores, RanksOfAWeightedSampleAreFlat) {
  constexpr Index n = 400, truths = 4000;
  WeightedScores scores(MPI_COMM_SELF, n, {0, n}, 1, 3, {});
  std::vector<std::int64_t> ranks(static_cast<std::size_t>(scores.ranks()));
  Array<Real**> x("x", n, 1);
  std::vector<Real> weights(n);
  for (std::uint64_t t = 0; t < truths; ++t) {
    Stream(t, Purpose::initial_perturbation, 0, 0).normals(x.data(), n);
    Real sum = 0, squares = 0;
    for (std::size_t i = 0; i < n; ++i) sum += weights[i] = std::exp(x(i, 0));
    for (Real& w : weights) {
      w /= sum;
      squares += w * w;
    }
    const Real mean = 0, variance = 1;
    const Real truth = 1 + Stream(t, Purpose::truth_perturbation, 0, 0).normal(0);
    scores.evaluate(ranks, {ConstRows(x), weights.data(), 1 / squares, &mean, &variance}, &truth,
                    static_cast<Index>(t));
  }
  std::vector<std::int64_t> classes(10);
  for (std::size_t r = 0; r < ranks.size(); ++r) classes[r / 10] += ranks[r];
  EXPECT_GT(test_flatness(classes).p_value, 1e-3);
}

}  // namespace
}  // namespace starling::diagnostics
