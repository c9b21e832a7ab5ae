// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "observations/operator.hpp"
#include "support/allocation_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

namespace starling::observations {
namespace {

using testing::HasSubstr;

// Numbers that are not exact in binary, so that (x - origin) / spacing is not always an integer.
const Domain ring{96, 0.1, 22.0 / 96, true};
const Domain interval{31, -0.7, 0.1, false};

Batch at(const std::vector<Real>& locations) {
  Batch batch;
  batch.resize(static_cast<Index>(locations.size()));
  batch.location.assign(locations.begin(), locations.end());
  return batch;
}

std::vector<Real> observe(const Domain& domain, const std::vector<Real>& locations,
                          const std::vector<Real>& members) {
  const Index rows = static_cast<Index>(members.size()) / domain.axis().points;
  Operator observation(domain, 0);
  observation.set(at(locations), "test");
  EXPECT_EQ(observation.size(), static_cast<Index>(locations.size()));
  std::vector<Real> out(locations.size() * static_cast<std::size_t>(rows));
  observation.apply(make_rows(out.data(), rows, observation.size()),
                    make_rows(members.data(), rows, domain.axis().points));
  return out;
}

std::vector<Real> noise(Index count) {
  std::vector<Real> values(static_cast<std::size_t>(count));
  Stream(1, Purpose::initial_perturbation, 0, 0).normals(values.data(), count);
  return values;
}

TEST(Operator, IsExactAtGridPoints) {
  for (const Domain& domain : {ring, interval}) {
    const std::vector<Real> members = noise(3 * domain.axis().points);
    std::vector<Real> all, some, expected;
    for (Index i = 0; i < domain.axis().points; ++i) all.push_back(domain.axis().coordinate(i));
    EXPECT_EQ(observe(domain, all, members), members);
    for (const Index i : {5, 3, 30, 5}) some.push_back(domain.axis().coordinate(i));
    for (Index m = 0; m < 3; ++m)
      for (const Index i : {5, 3, 30, 5})
        expected.push_back(members[static_cast<std::size_t>(m * domain.axis().points + i)]);
    EXPECT_EQ(observe(domain, some, members), expected);
    // Also where a neighbour of a point is observed between points.
    some.push_back(domain.axis().coordinate(7) + 0.3 * domain.axis().spacing);
    const std::vector<Real> mixed = observe(domain, some, members);
    for (std::size_t m = 0; m < 3; ++m)
      for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(mixed[5 * m + j], expected[4 * m + j]);
  }
}

TEST(Operator, InterpolatesLinearly) {
  std::vector<Real> line, locations;
  for (Index i = 0; i < interval.axis().points; ++i)
    line.push_back(2 - 3 * interval.axis().coordinate(i));
  for (int j = 0; j <= 300; ++j) locations.push_back(std::min(-0.7 + 0.01 * j, 2.3));
  const std::vector<Real> values = observe(interval, locations, line);
  for (std::size_t j = 0; j < locations.size(); ++j)
    EXPECT_NEAR(values[j], 2 - 3 * locations[j], 1e-13) << locations[j];
}

// The error of linear interpolation is at most h^2 / 8 max |u''|, also across the seam.
TEST(Operator, InterpolatesAWaveToSecondOrderAroundTheRing) {
  const Real k = 2 * std::numbers::pi / ring.axis().length();
  std::vector<Real> wave, locations;
  for (Index i = 0; i < ring.axis().points; ++i)
    wave.push_back(std::sin(k * ring.axis().coordinate(i)));
  for (int j = 0; j < 1000; ++j) locations.push_back(0.1 + ring.axis().length() * j / 1000);
  locations.push_back(ring.axis().origin + ring.axis().length() * (1 - 1e-14));
  const std::vector<Real> values = observe(ring, locations, wave);
  const Real bound = ring.axis().spacing * ring.axis().spacing / 8 * k * k;
  Real worst = 0;
  for (std::size_t j = 0; j < locations.size(); ++j)
    worst = std::max(worst, std::abs(values[j] - std::sin(k * locations[j])));
  EXPECT_LE(worst, bound * (1 + 1e-9));
  EXPECT_GT(worst, 0.9 * bound);
}

TEST(Operator, InterpolatesAcrossTheSeam) {
  std::vector<Real> values(96, 0.0);
  values.back() = 3;
  values.front() = 5;
  const Real x = ring.axis().coordinate(95) + 0.25 * ring.axis().spacing;
  EXPECT_NEAR(observe(ring, {x}, values).at(0), 3.5, 1e-12);
}

TEST(Operator, RefusesLocationsOutsideTheDomain) {
  const auto refusal = [](const Domain& domain, Real location) -> std::string {
    Batch batch = at({domain.axis().origin, location});
    batch.first = 40;
    batch.time = 2.5;
    try {
      Operator(domain, 2).set(batch, "obs.h5");
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  const Domain unit{4, 1, 0.5, true};
  EXPECT_EQ(refusal(unit, 3),
            "obs.h5: observation 41 at time 2.5: location = 3 is outside the domain; "
            "allowed: 1 <= x < 3");
  EXPECT_THAT(refusal(unit, 0.999), HasSubstr("location = 0.999"));
  EXPECT_THAT(refusal(unit, std::numeric_limits<Real>::quiet_NaN()), HasSubstr("= nan"));
  EXPECT_THAT(refusal(interval, 2.31), HasSubstr("allowed: -0.7 <= x <= 2.3"));
  EXPECT_EQ(refusal(interval, interval.axis().coordinate(30)), "accepted");
  EXPECT_EQ(refusal(interval, 2.3), "accepted");
  EXPECT_EQ(refusal(interval, std::nextafter(2.3, 3)), "accepted");
  EXPECT_EQ(refusal(unit, 2.999), "accepted");
}

TEST(Operator, AllocatesNothingForBatchesItHasRoomFor) {
  const std::vector<Real> members = noise(2 * 96);
  std::vector<Real> out(2 * 20);
  const Batch between = at({1, 2, 3}),
              on = at({ring.axis().coordinate(3), ring.axis().coordinate(9)});
  Operator observation(ring, 20);
  const test_support::AllocationCounter allocations;
  for (const Batch* batch : {&between, &on}) {
    observation.set(*batch, "twin");
    observation.apply(make_rows(out.data(), 2, observation.size()),
                      make_rows(members.data(), 2, 96));
  }
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace starling::observations
