// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "observations/network.hpp"
#include "support/allocation_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace starling::observations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Domain ring{10, 0, 1, true};

Network from_text(const std::string& keys) {
  Config config = Config::parse("[observations]\n" + keys, "in.toml");
  return Network(config.section("observations", Network::schema()), ring, 1);
}

std::string refusal(const std::string& keys) {
  try {
    from_text(keys);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Network, ObservesAllOrEveryKthPoint) {
  EXPECT_THAT(Network::all(ring).points(0), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_THAT(Network::every(ring, 3).points(7), ElementsAre(0, 3, 6, 9));
  EXPECT_THAT(Network::every(ring, 3, 1).points(0), ElementsAre(1, 4, 7));
  EXPECT_THAT(Network::every(ring, 10, 9).points(0), ElementsAre(9));
}

TEST(Network, DrawsDifferentPointsOnceOrAnew) {
  Network once = Network::random(ring, 4, false, 5), anew = Network::random(ring, 4, true, 5);
  const std::vector<Index> first = once.points(0);
  EXPECT_EQ(once.points(3), first);
  EXPECT_EQ(anew.points(0), first);
  std::vector<std::vector<Index>> draws;
  int changes = 0;
  for (Index n = 0; n < 20; ++n) {
    draws.push_back(anew.points(n));
    EXPECT_EQ(draws.back().size(), 4U);
    EXPECT_TRUE(std::is_sorted(draws.back().begin(), draws.back().end()));
    EXPECT_EQ(std::adjacent_find(draws.back().begin(), draws.back().end()), draws.back().end());
    EXPECT_GE(draws.back().front(), 0);
    EXPECT_LT(draws.back().back(), 10);
    changes += draws.back() != first ? 1 : 0;
  }
  EXPECT_GT(changes, 15);
  // Pure functions of n: in any order, from another object.
  Network other = Network::random(ring, 4, true, 5);
  for (Index n = 19; n >= 0; --n) EXPECT_EQ(other.points(n), draws[static_cast<std::size_t>(n)]);
  EXPECT_NE(Network::random(ring, 4, true, 6).points(1), draws[1]);
  EXPECT_EQ(Network::random(ring, 10, true, 6).points(1), Network::all(ring).points(0));
}

// 4 of 10 points, 5000 times: each point Binomial(5000, 0.4), each pair Binomial(5000, 4*3/(10*9)).
TEST(Network, DrawsEverySubsetAsOften) {
  constexpr int draws = 5000;
  Network network = Network::random(ring, 4, true, 9);
  std::vector<int> points(10), pairs(100);
  for (Index n = 0; n < draws; ++n)
    for (const Index i : network.points(n)) {
      ++points[static_cast<std::size_t>(i)];
      for (const Index j : network.points(n))
        if (i < j) ++pairs[static_cast<std::size_t>(10 * i + j)];
    }
  const auto near = [](int count, Real p) {
    EXPECT_NEAR(count, p * draws, 4.5 * std::sqrt(p * (1 - p) * draws));
  };
  for (std::size_t i = 0; i < 10; ++i) {
    near(points[i], 0.4);
    for (std::size_t j = i + 1; j < 10; ++j) near(pairs[10 * i + j], 12.0 / 90);
  }
}

TEST(Network, DrawsWithoutAllocation) {
  Network network = Network::random(ring, 4, true, 5);
  const test_support::AllocationCounter allocations;
  for (Index n = 1; n < 10; ++n) network.points(n);
  EXPECT_EQ(allocations.count(), 0U);
}

TEST(Network, IsReadFromTheInput) {
  EXPECT_EQ(from_text("network = \"all\"").size(), 10);
  EXPECT_THAT(from_text("network = \"every\"\nstride = 4\noffset = 2").points(0),
              ElementsAre(2, 6));
  EXPECT_THAT(from_text("network = \"every\"\nstride = 4").points(0), ElementsAre(0, 4, 8));
  EXPECT_EQ(from_text("network = \"random\"\ncount = 3\nredraw = true").points(5),
            Network::random(ring, 3, true, 1).points(5));
}

TEST(Network, SaysWhichKeyIsWrong) {
  EXPECT_THAT(refusal("network = \"some\""), HasSubstr("in.toml:2:"));
  EXPECT_THAT(refusal("network = \"every\""), HasSubstr("observations.stride"));
  EXPECT_THAT(refusal("network = \"every\"\nstride = 0"), HasSubstr("in.toml:3:"));
  EXPECT_THAT(refusal("network = \"every\"\nstride = 11"), HasSubstr("allowed: 1 to 10"));
  EXPECT_THAT(refusal("network = \"every\"\nstride = 2\noffset = 10"),
              HasSubstr("allowed: 0 to 9"));
  EXPECT_THAT(refusal("network = \"every\"\nstride = 2\ncount = 3"),
              HasSubstr("observations.count = 3: means nothing"));
  EXPECT_THAT(refusal("network = \"all\"\nstride = 2"), HasSubstr("means nothing"));
  EXPECT_THAT(refusal("network = \"random\"\ncount = 3"), HasSubstr("observations.redraw"));
  EXPECT_THAT(refusal("network = \"random\"\ncount = 11\nredraw = true"),
              HasSubstr("allowed: 1 to 10"));
}

const Domain plane({{8, 1, 0.5, true}, {6, 0, 2, true}},
                   {{.name = "u"}, {.name = "v"}, {.name = "q", .level = 1}});

Network in_plane(const std::string& keys) {
  Config config = Config::parse("[observations]\n" + keys, "in.toml");
  return Network(config.section("observations", Network::schema()), plane, 1);
}

std::string refusal_in_plane(const std::string& keys) {
  try {
    in_plane(keys);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(NetworkInThePlane, ObservesAllOrEveryKthPointAlongEachAxis) {
  Network all = Network::all(plane);
  EXPECT_EQ(all.size(), 48);
  for (Index i = 0; i < 48; ++i) {
    EXPECT_EQ(all.points(0)[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(all.places(0)[static_cast<std::size_t>(i)], plane.point(i));
  }
  // x = 1, 4, 7 and y = 1, 4 by number.
  Network every = in_plane("network = \"every\"\nstride = 3\noffset = 1");
  EXPECT_THAT(every.points(4), ElementsAre(9, 12, 15, 33, 36, 39));
  EXPECT_EQ(every.places(4)[4], Point(3, 8));
  EXPECT_EQ(in_plane("network = \"every\"\nstride = 3\noffset = 1\nshift = 0.5").places(0)[4],
            Point(3.25, 9));
  // Beside the last point of a bounded axis there is nothing.
  EXPECT_EQ(Network::every(Domain({{4, 0, 1, true}, {3, 0, 1, false}}, {{}}), 1, 0, 0.5).size(), 8);
}

TEST(NetworkInThePlane, ObservesComponentByComponent) {
  Network network =
      in_plane("network = \"random\"\nfraction = 0.25\nredraw = true\ncomponents = [\"q\", \"u\"]");
  EXPECT_EQ(network.size(), 24);
  for (const Index n : {0, 3}) {
    const std::vector<Point> places = network.places(n);
    const std::vector<std::int32_t> components = network.components(n);
    ASSERT_EQ(places.size(), 24U);
    EXPECT_EQ(network.points(n).size(), 12U);
    for (std::size_t j = 0; j < 12; ++j) {
      EXPECT_EQ(components[j], 2);
      EXPECT_EQ(components[12 + j], 0);
      EXPECT_EQ(places[j], plane.point(network.points(n)[j]));
      EXPECT_EQ(places[12 + j], places[j]);
    }
  }
  EXPECT_NE(network.places(0), Network(network).places(3));
}

// Uniform in each coordinate, independently: the means of 3000 draws of a uniform number.
TEST(NetworkInThePlane, DrawsPlacesAnywhere) {
  Network network = Network::random_places(plane, 3000, true, 5);
  Real x = 0, y = 0, xy = 0;
  for (const Point& place : network.places(2)) {
    EXPECT_TRUE(plane.contains(place));
    const Real s = (place[0] - 1) / 4 - 0.5, t = place[1] / 12 - 0.5;
    x += s / 3000;
    y += t / 3000;
    xy += s * t / 3000;
  }
  EXPECT_NEAR(x, 0, 5 / std::sqrt(12.0 * 3000));
  EXPECT_NEAR(y, 0, 5 / std::sqrt(12.0 * 3000));
  EXPECT_NEAR(xy, 0, 5 / (12 * std::sqrt(3000.0)));
  const std::vector<Point> again = network.places(2);
  EXPECT_NE(network.places(7), again);
  EXPECT_EQ(Network::random_places(plane, 3000, true, 5).places(2), again);
}

TEST(NetworkInThePlane, TakesPlacesAsAFlatList) {
  Network network = in_plane("network = \"places\"\nplaces = [1.0, 0.0, 4.5, 11.5]");
  EXPECT_THAT(network.places(3), ElementsAre(Point(1, 0), Point(4.5, 11.5)));
  EXPECT_THAT(refusal_in_plane("network = \"places\"\nplaces = [1.0, 0.0, 4.5]"),
              HasSubstr("has 3 numbers; allowed: 2 coordinates of each place"));
  EXPECT_THAT(refusal_in_plane("network = \"places\"\nplaces = [1.0, 12.0]"),
              HasSubstr("(1, 12) is outside the domain; allowed: 1 <= x < 5, 0 <= y < 12"));
}

// From (4.5, 10) with slope 3/4: along it by 2.5 is (2, 1.5), and 4 in x, 12 in y are periods.
TEST(NetworkInThePlane, FollowsATrackAroundTheDomain) {
  Network network = in_plane(
      "network = \"track\"\ncount = 3\ntrack_spacing = 2.5\ntrack_speed = 5.0\n"
      "track_angle = 36.86989764584402\ntrack_start = [4.5, 10.0]");
  EXPECT_TRUE(network.varies());
  for (const Index n : {0, 1, 2, 1000, 1})
    for (Index k = 0; k < 3; ++k) {
      const Point place = network.places(n)[static_cast<std::size_t>(k)];
      ASSERT_TRUE(plane.contains(place));
      const Index steps = 2 * n + k;  // of 2.5
      EXPECT_NEAR(
          std::cos(2 * std::numbers::pi * (place[0] - 4.5 - 2.0 * static_cast<Real>(steps)) / 4), 1,
          1e-12);
      EXPECT_NEAR(
          std::cos(2 * std::numbers::pi * (place[1] - 10 - 1.5 * static_cast<Real>(steps)) / 12), 1,
          1e-12);
    }
  Network back =
      Network::along(ring, {.count = 4, .spacing = -1.5, .speed = -4, .angle = 0, .start = 2});
  EXPECT_THAT(back.places(0), ElementsAre(Point(2), Point(0.5), Point(9), Point(7.5)));
  EXPECT_THAT(back.places(1), ElementsAre(Point(8), Point(6.5), Point(5), Point(3.5)));
  EXPECT_THAT(refusal("network = \"track\"\ncount = 2\ntrack_spacing = 1.0"),
              HasSubstr("observations.track_speed"));
  EXPECT_THAT(refusal("network = \"track\"\ncount = 2\ntrack_spacing = 1.0\ntrack_speed = 1.0\n"
                      "track_angle = 3.0"),
              HasSubstr("means nothing in one dimension"));
}

TEST(NetworkInThePlane, SaysWhichKeyIsWrong) {
  EXPECT_THAT(refusal_in_plane("network = \"all\"\ncomponents = [\"w\"]"),
              HasSubstr("\"w\" is none of the model; allowed: u, v, q"));
  EXPECT_THAT(refusal_in_plane("network = \"all\"\ncomponents = [\"u\", \"u\"]"),
              HasSubstr("is there twice"));
  EXPECT_THAT(refusal_in_plane("network = \"every\"\nstride = 7"), HasSubstr("allowed: 1 to 6"));
  EXPECT_THAT(refusal_in_plane("network = \"random\"\nredraw = true"), HasSubstr("or neither"));
  EXPECT_THAT(refusal_in_plane("network = \"random\"\nredraw = true\ncount = 2\nfraction = 0.5"),
              HasSubstr("are both there"));
  EXPECT_THAT(refusal_in_plane("network = \"random_places\"\nredraw = true\nfraction = 0.5"),
              HasSubstr("observations.count"));
}

TEST(NetworkInThePlane, DrawsWithoutAllocation) {
  Network random = in_plane(
      "network = \"random\"\ncount = 20\ncount_least = 3\nredraw = true\ncomponents = [\"u\", "
      "\"v\"]");
  Network track = in_plane(
      "network = \"track\"\ncount = 20\ntrack_spacing = 0.1\ntrack_speed = 2.0\n"
      "components = [\"u\", \"v\", \"q\"]");
  const test_support::AllocationCounter allocations;
  for (Index n = 1; n < 10; ++n) {
    random.places(n);
    track.places(n);
  }
  EXPECT_EQ(allocations.count(), 0U);
}

}  // namespace
}  // namespace starling::observations
