// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"
#include "observations/kinds.hpp"
#include "observations/operator.hpp"
#include "observations/twin.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace starling::observations {
namespace {

const Domain ring{40, 2, 0.5, true};

std::vector<Real> ramp() {
  std::vector<Real> truth(40);
  for (std::size_t i = 0; i < 40; ++i) truth[i] = static_cast<Real>(i) / 8;
  return truth;
}

TEST(Twin, ObservesTheTruthWithNumberedErrors) {
  Twin twin(Network::every(ring, 4, 1), 0.5, 11);
  Batch batch;
  twin.observe(batch, ramp().data(), 6, 1.75);
  EXPECT_EQ(twin.size(), 10);
  EXPECT_EQ(batch.time, 1.75);
  EXPECT_EQ(batch.first, 60);
  EXPECT_EQ(batch.size(), 10);
  for (std::size_t j = 0; j < 10; ++j) {
    const Real error = 0.5 * Stream(11, Purpose::observation_noise, 0, 6).normal(j);
    EXPECT_EQ(batch.location[j], ring.axis().coordinate(static_cast<Index>(4 * j + 1)));
    EXPECT_EQ(batch.kind[j], Kind::state);
    EXPECT_DOUBLE_EQ(batch.value[j], ramp()[4 * j + 1] + error);
    EXPECT_EQ(batch.variance[j], 0.25);
  }
}

// Errors of mean 0 and the stated variance, independent from point to point and time to time.
TEST(Twin, MakesIndependentErrors) {
  constexpr Index times = 5000;
  Twin twin(Network::all(ring), 2, 3);
  const std::vector<Real> truth = ramp();
  Batch batch;
  Real sum = 0, squares = 0, neighbours = 0, later = 0;
  std::vector<Real> before(40, 0.0);
  for (Index n = 0; n < times; ++n) {
    twin.observe(batch, truth.data(), n, 0);
    for (std::size_t j = 0; j < 40; ++j) {
      batch.value[j] -= truth[j];
      sum += batch.value[j];
      squares += batch.value[j] * batch.value[j];
      later += batch.value[j] * before[j];
      if (j > 0) neighbours += batch.value[j] * batch.value[j - 1];
    }
    before = batch.value;
  }
  const Real count = 40.0 * times, scatter = 4 / std::sqrt(count);
  EXPECT_NEAR(sum / count / 2, 0, scatter);
  EXPECT_NEAR(squares / count / 4, 1, scatter * std::sqrt(2.0));
  EXPECT_NEAR(neighbours / count / 4, 0, scatter);
  EXPECT_NEAR(later / count / 4, 0, scatter);
}

// Errors of blocks have the covariance that the batch states, all others are independent. The mean
// of T products of normals with covariance C scatters by sqrt((C_ii C_kk + C_ik^2) / T), their
// fourth moment; 5 of that are exceeded by one of all pairs in fewer than 1 of 2,000 such tests.
TEST(Twin, MakesErrorsWithTheCovarianceOfTheirBlocks) {
  constexpr Index times = 5000, block = 7;
  Twin::Settings settings;
  settings.kinds = {Kind::state, Kind::state};
  settings.error_std = {2, 0.5};
  settings.error_block = block;
  settings.correlation_length = 1.5;
  Twin twin(Network::all(ring), settings, 3);
  const std::vector<Real> truth = ramp();
  EXPECT_EQ(twin.blocks(), 6);
  Batch batch;
  std::vector<Real> products(40 * 40);
  for (Index n = 0; n < times; ++n) {
    twin.observe(batch, truth.data(), n, 0);
    for (std::size_t j = 0; j < 40; ++j) batch.value[j] -= truth[j];
    for (std::size_t i = 0; i < 40; ++i)
      for (std::size_t k = 0; k < 40; ++k) products[40 * i + k] += batch.value[i] * batch.value[k];
  }
  // The last block has 5 observations.
  ASSERT_EQ(batch.blocks.size(), 6U);
  EXPECT_EQ(batch.blocks[5], (ErrorBlock{35, 5, 5 * block * block}));
  const auto std_of = [&](std::size_t j) { return settings.error_std[j % 2]; };
  for (std::size_t i = 0; i < 40; ++i)
    for (std::size_t k = 0; k < 40; ++k) {
      const Real distance = 0.5 * std::abs(static_cast<Real>(i) - static_cast<Real>(k));
      const Real stated =
          i / block == k / block ? std_of(i) * std_of(k) * std::exp(-distance / 1.5) : 0;
      const Real scatter =
          std::sqrt((std_of(i) * std_of(i) * std_of(k) * std_of(k) + stated * stated) / times);
      EXPECT_NEAR(products[40 * i + k] / times, stated, 5 * scatter) << i << " " << k;
      if (i / block != k / block) continue;
      const ErrorBlock& of = batch.blocks[i / block];
      const auto row = static_cast<Index>(i) - of.first, column = static_cast<Index>(k) - of.first;
      EXPECT_DOUBLE_EQ(
          batch.covariance[static_cast<std::size_t>(of.offset + row * of.count + column)], stated);
    }
}

TEST(Twin, ObservesWhatItsOperatorSees) {
  Twin twin(Network::random(ring, 7, true, 4), 1e-12, 3);
  const std::vector<Real> truth = ramp();
  Operator observation(ring, twin.size());
  std::vector<Real> seen(7);
  Batch batch;
  for (Index n = 0; n < 5; ++n) {
    twin.observe(batch, truth.data(), n, 0);
    observation.set(batch, "twin");
    observation.apply(make_rows(seen.data(), 1, 7), make_rows(truth.data(), 1, 40));
    for (std::size_t j = 0; j < 7; ++j) EXPECT_NEAR(batch.value[j], seen[j], 1e-10);
  }
}

TEST(Twin, IsReadFromTheInput) {
  Config config = Config::parse("[observations]\nnetwork = \"all\"\nerror_std = 0.25\n", "in.toml");
  Twin twin(config.section("observations", Twin::schema()), ring, 1);
  Batch batch;
  twin.observe(batch, ramp().data(), 0, 0);
  EXPECT_EQ(batch.variance[0], 0.0625);
  EXPECT_THROW(Twin(Network::all(ring), 0, 1), InputError);
  EXPECT_THROW(Twin(Network::all(ring), std::nan(""), 1), InputError);
  Config zero = Config::parse("[observations]\nnetwork = \"all\"\nerror_std = 0\n", "in.toml");
  EXPECT_THROW(zero.section("observations", Twin::schema()), InputError);
}

TEST(Twin, ObservesWithoutAllocation) {
  const std::vector<Real> truth = ramp();
  Twin twin(Network::random(ring, 7, true, 4), 1, 3);
  Batch batch;
  batch.reserve(twin.size());
  const test_support::AllocationCounter allocations;
  twin.observe(batch, truth.data(), 1, 0);
  twin.observe(batch, truth.data(), 2, 0);
  EXPECT_EQ(allocations.count(), 0U);
}

const Domain plane({{8, 0, 0.5, true}, {6, 0, 1, true}},
                   {{.name = "u"}, {.name = "v", .level = 1}});

std::vector<Real> ramp_of_plane() {
  std::vector<Real> truth(static_cast<std::size_t>(plane.values()));
  for (std::size_t i = 0; i < truth.size(); ++i) truth[i] = static_cast<Real>(i) / 8;
  return truth;
}

TEST(Twin, ObservesComponentsInThePlane) {
  Twin twin(Network::every(plane, 2, 1).with({1, 0}), 0.5, 11);
  Batch batch;
  twin.observe(batch, ramp_of_plane().data(), 6, 1.75);
  ASSERT_EQ(batch.size(), 24);
  for (std::size_t j = 0; j < 24; ++j) {
    const std::size_t component = j < 12 ? 1 : 0, x = 1 + 2 * (j % 4), y = 1 + 2 * (j % 12 / 4);
    EXPECT_EQ(batch.component[j], static_cast<std::int32_t>(component));
    EXPECT_EQ(batch.location[j], plane.point(static_cast<Index>(8 * y + x)));
    const Real error = 0.5 * Stream(11, Purpose::observation_noise, 0, 6).normal(j);
    EXPECT_DOUBLE_EQ(batch.value[j], static_cast<Real>(48 * component + 8 * y + x) / 8 + error);
  }
}

// Correlations by the distance in the plane, the shortest way around; none between components, also
// in one block.
TEST(Twin, CorrelatesErrorsInThePlane) {
  Twin::Settings settings;
  settings.error_block = 8;
  settings.correlation_length = 2;
  Twin twin(Network::at(plane, {{0, 0}, {3.5, 0}, {1, 5}, {1, 2}}).with({0, 1}), settings, 3);
  Batch batch;
  twin.observe(batch, ramp_of_plane().data(), 0, 0);
  ASSERT_EQ(batch.blocks.size(), 1U);
  const auto between = [&](std::size_t i, std::size_t k) { return batch.covariance[8 * i + k]; };
  for (const std::size_t first : {0, 4}) {
    EXPECT_DOUBLE_EQ(between(first, first + 1), std::exp(-0.25));
    EXPECT_DOUBLE_EQ(between(first, first + 2), std::exp(-std::sqrt(2.0) / 2));
    EXPECT_DOUBLE_EQ(between(first + 2, first + 3), std::exp(-1.5));
    EXPECT_DOUBLE_EQ(between(first, first), 1);
  }
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t k = 4; k < 8; ++k) EXPECT_EQ(between(i, k), 0);
}

// All ranks have all observations of a truth of which each has a part.
TEST(Twin, ObservesATruthThatRanksShare) {
  const int ranks = size_of(test_support::world()), rank = rank_of(test_support::world());
  const Range rows = deal(6, ranks, rank);
  const Columns mine = Columns(48, {{8 * rows.begin, 8 * rows.end}}).repeated(2);
  const std::vector<Real> truth = ramp_of_plane();
  std::vector<Real> part;
  for (Index i = 0; i < mine.count(); ++i)
    part.push_back(truth[static_cast<std::size_t>(mine.global(i))]);
  Twin::Settings settings;
  settings.kinds = {Kind::state, find("speed")->kind};
  settings.error_std = {0.5};
  const Network network = Network::random_places(plane, 30, true, 4).with({0, 1});
  Twin whole(network, settings, 3), shared(network, settings, 3, {}, {mine, test_support::world()});
  Batch expected, seen;
  for (Index n = 0; n < 3; ++n) {
    whole.observe(expected, truth.data(), n, 0);
    shared.observe(seen, part.data(), n, 0);
    ASSERT_EQ(seen.location, expected.location);
    for (std::size_t j = 0; j < 60; ++j) EXPECT_NEAR(seen.value[j], expected.value[j], 1e-13);
  }
}

}  // namespace
}  // namespace starling::observations
