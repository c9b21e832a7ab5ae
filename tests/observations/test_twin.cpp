// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "observations/operator.hpp"
#include "observations/twin.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace starling::observations {
namespace {

const Domain ring{.points = 40, .origin = 2, .spacing = 0.5, .periodic = true};

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
    EXPECT_EQ(batch.location[j], ring.coordinate(static_cast<Index>(4 * j + 1)));
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

}  // namespace
}  // namespace starling::observations
