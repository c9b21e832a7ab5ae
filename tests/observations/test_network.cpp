// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "observations/network.hpp"
#include "support/allocation_counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace starling::observations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Domain ring{.points = 10, .origin = 0, .spacing = 1, .periodic = true};

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

}  // namespace
}  // namespace starling::observations
