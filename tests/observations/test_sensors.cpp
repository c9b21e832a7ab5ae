// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "observations/kinds.hpp"
#include "observations/sensors.hpp"
#include "observations/twin.hpp"
#include "support/allocation_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace starling::observations {
namespace {

using testing::HasSubstr;

const Domain ring{12, 0, 1, true};

std::vector<Real> ramp() {
  std::vector<Real> truth(12);
  for (std::size_t i = 0; i < 12; ++i) truth[i] = static_cast<Real>(i) - 4;
  return truth;
}

Sensor sensor(const std::string& keys, bool twin = true) {
  Config config = Config::parse("[sensor.a]\n" + keys, "in.toml");
  return Sensor::from_section(config.section("sensor.a", Sensor::schema()), "a", twin);
}

// Known ones, estimated ones, and observations of none or of one that nobody described.
TEST(Sensors, GiveEachMemberItsOwnGainAndBias) {
  Batch batch;
  batch.resize(5);
  batch.sensor = {3, -1, 8, 3, 99};
  ExtraColumn forcing{.name = "forcing"}, bias{.name = "sensor.b.bias"};
  ExtraColumn gain{.name = "sensor.b.gain", .transform = ExtraColumn::Transform::log};
  Sensors sensors({{.name = "a", .number = 8, .gain = 2, .bias = -1}, {.name = "b", .number = 3}},
                  {forcing, bias, gain}, 2);
  // Two grid-point values, then forcing, bias and log of the gain.
  std::vector<Real> members = {0, 0, 7, 0.25, std::log(3.0), 0, 0, 9, -0.5, std::log(0.5)};
  std::vector<Real> seen = {1, 2, 3, 4, 5, -1, -2, -3, -4, -5};
  sensors.set(batch);
  sensors.apply(make_rows(seen.data(), 2, 5), make_rows(members.data(), 2, 5));
  const std::vector<Real> expected = {3.25, 2, 5, 12.25, 5, -1, -2, -7, -2.5, -5};
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(seen[i], expected[i], 1e-14) << i;

  const test_support::AllocationCounter allocations;
  sensors.set(batch);
  sensors.apply(make_rows(seen.data(), 2, 5), make_rows(members.data(), 2, 5));
  EXPECT_EQ(allocations.count(), 0U);
}

TEST(Sensors, MakeTheObservationsOfTheirConditions) {
  Batch batch;
  batch.resize(6);
  batch.location = {0, 2, 4, 6, 8, 10};
  batch.kind[2] = find("speed")->kind;
  const auto made = [&](const std::string& keys) {
    const Sensor one = sensor("number = 1\n" + keys);
    std::string list;
    for (Index j = 0; j < 6; ++j)
      if (one.makes(batch, j)) list += static_cast<char>('0' + j);
    return list;
  };
  EXPECT_EQ(made(""), "012345");
  EXPECT_EQ(made("kinds = [\"speed\", \"square\"]\n"), "2");
  EXPECT_EQ(made("region = [2.0, 6.0]\n"), "12");
  EXPECT_EQ(made("stride = 2\noffset = 1\n"), "135");
  EXPECT_EQ(made("stride = 2\nregion = [1.0, 9.0]\nkinds = [\"point\"]\n"), "4");
}

TEST(Sensors, OfAnInputThatCannotBeAreRefused) {
  const auto refusal = [](const std::string& keys, bool twin = true) -> std::string {
    try {
      sensor(keys, twin);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal("number = 4\ngain = 2.0\nbias = -3.0\n", false), "accepted");
  EXPECT_THAT(refusal(""), HasSubstr("sensor.a.number: is missing"));
  EXPECT_THAT(refusal("number = -1\n"), HasSubstr("sensor.a.number = -1"));
  EXPECT_THAT(refusal("number = 1\nregion = [2.0]\n"), HasSubstr("[from, to] with from < to"));
  EXPECT_THAT(refusal("number = 1\nregion = [2.0, 2.0]\n"), HasSubstr("is no region"));
  EXPECT_THAT(refusal("number = 1\noffset = 1\n"), HasSubstr("allowed: 0 to 0"));
  EXPECT_THAT(refusal("number = 1\nkinds = [\"radar\"]\n"),
              HasSubstr("in.toml:3:1: sensor.a.kinds"));
  EXPECT_THAT(refusal("number = 1\nstride = 2\n", false), HasSubstr("is for twin experiments"));
}

// y = gain h(x) + bias + e: the errors are those without sensors.
TEST(Sensors, OfATwinChangeWhatIsSeenAndNotTheErrors) {
  Twin::Settings settings;
  settings.kinds = {Kind::state, find("square")->kind};
  settings.error_std = {0.5, 2};
  const std::vector<Sensor> sensors = {
      {.name = "all", .number = 9, .gain = 0.5, .bias = 3},
      {.name = "few", .number = 2, .gain = 1.5, .bias = -7, .from = 0, .to = 4}};
  Twin plain(Network::all(ring), settings, 5), biased(Network::all(ring), settings, 5, sensors);
  Batch without, with;
  plain.observe(without, ramp().data(), 3, 1);
  biased.observe(with, ramp().data(), 3, 1);
  EXPECT_EQ(with.variance, without.variance);
  for (std::size_t j = 0; j < 12; ++j) {
    // The lowest number is first.
    EXPECT_EQ(with.sensor[j], j < 4 ? 2 : 9);
    EXPECT_EQ(without.sensor[j], -1);
    const Real u = ramp()[j], h = j % 2 == 0 ? u : u * u;
    const Real error = without.value[j] - h;
    EXPECT_NEAR(with.value[j], j < 4 ? 1.5 * h - 7 + error : 0.5 * h + 3 + error, 1e-13);
  }
}

TEST(Sensors, OfATwinMustMakeSomething) {
  const std::vector<Sensor> away = {{.name = "far", .number = 1, .from = 20, .to = 30}};
  try {
    Twin(Network::all(ring), Twin::Settings{}, 5, away);
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("sensor.far: makes none of the 12 observations"));
  }
  // Where places are drawn anew it may have its turn.
  EXPECT_NO_THROW(Twin(Network::random_places(ring, 3, true, 1), Twin::Settings{}, 5, away));
}

}  // namespace
}  // namespace starling::observations
