// SPDX-License-Identifier: BSD-3-Clause
// Resampling against what it must be by definition, and the plan that carries it out.
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "filters/relocation.hpp"
#include "filters/resampling.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace starling::filters {
namespace {

using test_support::world;
using test_support::world_rank;
using test_support::world_size;

constexpr Resampler all[] = {Resampler::multinomial, Resampler::residual, Resampler::stratified,
                             Resampler::systematic};

std::vector<Real> random_weights(Index n, Real power, std::uint64_t seed) {
  std::vector<Real> w(static_cast<std::size_t>(n));
  const Stream stream(seed, Purpose::initial_perturbation, 0, 0);
  Real sum = 0;
  for (std::size_t i = 0; i < w.size(); ++i) sum += w[i] = std::pow(stream.uniform(i), power);
  for (Real& each : w) each /= sum;
  return w;
}

std::vector<std::int64_t> draw(const std::vector<Real>& w, Resampler kind, Index cycle,
                               MPI_Comm comm, Range owned) {
  Resampling resampling(comm, static_cast<Index>(w.size()), owned, 7, kind);
  std::vector<std::int64_t> counts(static_cast<std::size_t>(owned.size()));
  resampling.draw(counts.data(), w.data() + owned.begin, cycle);
  return counts;
}

std::vector<std::int64_t> draw(const std::vector<Real>& w, Resampler kind, Index cycle) {
  return draw(w, kind, cycle, MPI_COMM_SELF, {0, static_cast<Index>(w.size())});
}

Range mine_of(Index n) { return deal(n, world_size(), world_rank(), 2); }

TEST(Resampling, KeepsTheNumberOfParticles) {
  for (const Resampler kind : all)
    for (const Index n : {1, 2, 7, 1000}) {
      const auto counts = draw(random_weights(n, 20, 3), kind, 1);
      EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), n);
      for (const auto count : counts) EXPECT_GE(count, 0);
    }
}

TEST(Resampling, OfOneParticleWithAllTheWeightTakesThatOne) {
  std::vector<Real> w(9, 0.0);
  w[4] = 1;
  for (const Resampler kind : all) {
    const auto counts = draw(w, kind, 0);
    EXPECT_EQ(counts[4], 9);
  }
}

// Means within 4.5 standard errors of N w_i, and variances as derived: multinomial N w (1 - w);
// stratified and systematic at most that of a Bernoulli part each; residual at most multinomial.
TEST(Resampling, IsUnbiasedAndItsVariancesAreOrdered) {
  constexpr Index n = 12, repeats = 20000;
  const auto w = random_weights(n, 2, 5);
  Real variance[4] = {};
  for (int k = 0; k < 4; ++k) {
    std::vector<Real> sum(n), squares(n);
    for (Index r = 0; r < repeats; ++r) {
      const auto counts = draw(w, all[k], r);
      for (std::size_t i = 0; i < n; ++i) {
        sum[i] += static_cast<Real>(counts[i]);
        squares[i] += static_cast<Real>(counts[i] * counts[i]);
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      const Real mean = sum[i] / repeats, spread = squares[i] / repeats - mean * mean;
      const Real largest = n * w[i] * (1 - w[i]);
      EXPECT_NEAR(mean, n * w[i], 4.5 * std::sqrt(largest / repeats)) << k << ' ' << i;
      // The variance of a sample variance, with the kurtosis of a binomial number.
      if (k == 0) {
        EXPECT_NEAR(spread, largest, 4.5 * largest * std::sqrt((2 + 1 / largest) / repeats));
      }
      variance[k] += spread;
    }
  }
  // The sum over particles of the part of N w beyond a whole number, Bernoulli each.
  Real bernoulli = 0;
  for (const Real each : w) {
    const Real part = n * each - std::floor(n * each);
    bernoulli += part * (1 - part);
  }
  EXPECT_LT(variance[1], 0.9 * variance[0]);
  EXPECT_LT(variance[2], 0.9 * variance[0]);
  EXPECT_NEAR(variance[3], bernoulli, 0.02 * bernoulli);
}

TEST(Resampling, SystematicIsWithinOneOfTheExpectation) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto w = random_weights(333, static_cast<Real>(1 + seed % 9), seed);
    const auto counts = draw(w, Resampler::systematic, static_cast<Index>(seed));
    for (std::size_t i = 0; i < w.size(); ++i)
      EXPECT_LT(std::abs(static_cast<Real>(counts[i]) - 333 * w[i]), 1 + 1e-9);
  }
}

TEST(Resampling, ResidualKeepsTheWholePart) {
  const auto w = random_weights(50, 3, 8);
  const auto counts = draw(w, Resampler::residual, 3);
  for (std::size_t i = 0; i < w.size(); ++i)
    EXPECT_GE(static_cast<Real>(counts[i]), std::floor(50 * w[i] - 1e-9));
}

// Equal weights: every stratum holds one particle.
TEST(Resampling, OfEqualWeightsChangesNothing) {
  const std::vector<Real> w(64, 1.0 / 64);
  for (const Resampler kind : {Resampler::residual, Resampler::stratified, Resampler::systematic})
    for (const auto count : draw(w, kind, 5)) EXPECT_EQ(count, 1);
}

TEST(Resampling, SameOffspringForAnyNumberOfRanks) {
  for (const Resampler kind : all)
    for (const Index n : {1, 6, 501}) {
      const auto w = random_weights(n, 6, 4);
      const auto alone = draw(w, kind, 2);
      const Range owned = mine_of(n);
      const auto counts = draw(w, kind, 2, world(), owned);
      EXPECT_TRUE(std::equal(counts.begin(), counts.end(), alone.begin() + owned.begin));
    }
}

// By the definition, with all counts in sight: copies in order fill free places in order.
std::vector<std::int64_t> serial_parents(const std::vector<std::int64_t>& counts) {
  std::vector<std::int64_t> copies, parents(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i)
    for (std::int64_t c = 1; c < counts[i]; ++c) copies.push_back(static_cast<std::int64_t>(i));
  std::size_t next = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    parents[i] = counts[i] > 0 ? static_cast<std::int64_t>(i) : copies[next++];
  return parents;
}

void expect_relocated(const std::vector<std::int64_t>& counts) {
  const auto n = static_cast<Index>(counts.size());
  const Range owned = mine_of(n);
  const auto expected = serial_parents(counts);
  Array<Real**> rows("rows", static_cast<std::size_t>(owned.size()), 3);
  for (Index i = 0; i < owned.size(); ++i)
    for (Index j = 0; j < 3; ++j) rows(i, j) = static_cast<Real>(10 * (owned.begin + i) + j);
  Relocation relocation(world(), owned);
  relocation.plan(counts.data() + owned.begin);
  relocation.apply(rows);
  std::vector<std::int64_t> parents(static_cast<std::size_t>(owned.size()));
  relocation.parents(parents.data());
  for (Index i = 0; i < owned.size(); ++i) {
    const auto parent = expected[static_cast<std::size_t>(owned.begin + i)];
    EXPECT_EQ(parents[static_cast<std::size_t>(i)], parent);
    for (Index j = 0; j < 3; ++j) EXPECT_EQ(rows(i, j), static_cast<Real>(10 * parent + j));
  }
  EXPECT_EQ(relocation.copies(), std::count(counts.begin(), counts.end(), 0));
  // Brute force: distinct pairs of a particle and another rank it is needed on.
  Index moves = 0;
  for (int r = 0; r < world_size(); ++r) {
    const Range there = deal(n, world_size(), r, 2);
    std::vector<std::int64_t> wanted;
    for (Index i = there.begin; i < there.end; ++i)
      if (!there.contains(expected[static_cast<std::size_t>(i)]))
        wanted.push_back(expected[static_cast<std::size_t>(i)]);
    std::sort(wanted.begin(), wanted.end());
    moves += std::unique(wanted.begin(), wanted.end()) - wanted.begin();
  }
  EXPECT_EQ(relocation.moves(), moves);
}

TEST(Relocation, PutsCopiesWhereTheDefinitionSays) {
  for (const Resampler kind : all)
    for (const Index n : {1, 2, 9, 200})
      for (const Real power : {1.0, 8.0, 60.0})
        expect_relocated(draw(random_weights(n, power, 6), kind, 3));
}

TEST(Relocation, OneParticleForAllCostsOneStateARank) {
  constexpr Index n = 40;
  for (const std::size_t winner : {0, 19, 39}) {
    std::vector<std::int64_t> counts(n, 0);
    counts[winner] = n;
    expect_relocated(counts);
    Relocation relocation(world(), mine_of(n));
    relocation.plan(counts.data() + mine_of(n).begin);
    EXPECT_EQ(relocation.moves(), world_size() - 1);
    EXPECT_EQ(relocation.copies(), n - 1);
  }
}

// No plan lets fewer copies cross from the ranks before a boundary to those after it.
TEST(Relocation, OnTwoRanksMovesTheLeastThereIs) {
  if (world_size() != 2) GTEST_SKIP() << "for two ranks";
  const auto counts = draw(random_weights(300, 0.2, 9), Resampler::multinomial, 1);
  const Index here = deal(300, 2, 0, 2).size();
  const auto net = std::accumulate(counts.begin(), counts.begin() + here, std::int64_t{0}) - here;
  Relocation relocation(world(), mine_of(300));
  relocation.plan(counts.data() + mine_of(300).begin);
  EXPECT_LE(relocation.moves(), std::abs(net));
}

TEST(Resampling, AllocatesNothing) {
  const auto w = random_weights(500, 4, 2);
  for (const Resampler kind : all) {
    Resampling resampling(MPI_COMM_SELF, 500, {0, 500}, 1, kind);
    Relocation relocation(MPI_COMM_SELF, {0, 500});
    std::vector<std::int64_t> counts(500);
    Array<Real**> rows("rows", 500, 3);
    const test_support::AllocationCounter allocations;
    resampling.draw(counts.data(), w.data(), 0);
    relocation.plan(counts.data());
    relocation.apply(rows);
    EXPECT_EQ(allocations.count(), 0U);
  }
}

}  // namespace
}  // namespace starling::filters
