// SPDX-License-Identifier: BSD-3-Clause
// Against looking at all places, in every kind of geometry.
#include "core/random.hpp"
#include "filters/neighbours.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace starling::filters {
namespace {

constexpr Real infinity = std::numeric_limits<Real>::infinity();

struct World {
  std::string name;
  Geometry geometry;
  Real radius;
  Index places;
};

class Search : public testing::TestWithParam<World> {};

std::vector<Place> random_places(const World& world, Index count, std::uint64_t seed) {
  const Stream stream(seed, Purpose::initial_perturbation, 0, 0);
  std::vector<Place> places;
  for (Index i = 0; i < count; ++i) {
    Place place;
    const auto number = static_cast<std::uint64_t>(i) * 8;
    for (std::size_t d = 0; d < 3; ++d)
      place.x[d] = (world.geometry.period[d] > 0 ? world.geometry.period[d] : 10) *
                   stream.uniform(number + d);
    place.level = std::floor(4 * stream.uniform(number + 3));
    place.everywhere = stream.uniform(number + 4) < 0.01;
    places.push_back(place);
  }
  return places;
}

using Found = std::vector<std::pair<Index, Real>>;

Found search(Neighbours& neighbours, const std::vector<Place>& centres) {
  const Index count = neighbours.find(centres.data(), static_cast<Index>(centres.size()));
  Found out;
  for (Index k = 0; k < count; ++k)
    out.emplace_back(neighbours.found()[k], neighbours.distances()[k]);
  std::sort(out.begin(), out.end());
  return out;
}

Found look_at_all(const World& world, const std::vector<Place>& places,
                  const std::vector<Real>& variance, const std::vector<Place>& centres) {
  Found out;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (std::isinf(variance[i])) continue;
    Real mean = 0;
    for (const Place& centre : centres)
      mean += world.geometry.distance(centre, places[i]) / static_cast<Real>(centres.size());
    if (mean <= world.radius) out.emplace_back(static_cast<Index>(i), mean);
  }
  return out;
}

TEST_P(Search, FindsWhatLookingAtAllFinds) {
  const World& world = GetParam();
  const auto places = random_places(world, world.places, 1);
  const auto more = random_places(world, 60, 2);
  std::vector<Real> variance(places.size(), 1.0);
  for (std::size_t i = 0; i < places.size(); i += 7) variance[i] = infinity;
  Neighbours neighbours(world.geometry, world.radius, world.places);
  neighbours.build(places.data(), variance.data(), world.places);
  for (std::size_t c = 0; c < more.size(); ++c)
    for (const std::size_t count : {1U, 4U}) {
      std::vector<Place> centres;
      for (std::size_t k = 0; k < count; ++k) {
        centres.push_back(more[c]);
        if (k > 0)
          centres.back().x[0] = std::abs(centres.back().x[0] - 0.01 * static_cast<Real>(k));
      }
      const Found found = search(neighbours, centres);
      const Found expected = look_at_all(world, places, variance, centres);
      EXPECT_EQ(found.size(), expected.size());
      for (std::size_t k = 0; k < std::min(found.size(), expected.size()); ++k) {
        EXPECT_EQ(found[k].first, expected[k].first);
        EXPECT_NEAR(found[k].second, expected[k].second, 1e-12);
      }
    }
}

INSTANTIATE_TEST_SUITE_P(Worlds, Search,
                         testing::Values(World{"line", {1, {}, 0}, 0.7, 500},
                                         World{"circle", {1, {22}, 0}, 1.1, 500},
                                         World{"small_circle", {1, {3}, 0}, 1.4, 100},
                                         World{"few_places", {1, {1000}, 0}, 0.5, 3},
                                         World{"plane", {2, {}, 0}, 0.9, 2000},
                                         World{"torus", {2, {7, 9}, 0}, 0.8, 2000},
                                         World{"channel", {2, {30}, 0}, 2, 2000},
                                         World{"layers", {2, {7, 9}, 0.5}, 0.8, 2000},
                                         World{"layers_far_apart", {1, {40}, 3}, 2, 500},
                                         World{"box", {3, {}, 0}, 2.5, 2000},
                                         World{"periodic_box", {3, {6, 5, 4}, 1}, 1.2, 3000},
                                         World{"all", {2, {}, 0}, infinity, 50}),
                         [](const auto& test) { return test.param.name; });

// On a grid many places are at exactly the radius; the seam included.
TEST(Neighbours, CountsPlacesAtExactlyTheRadius) {
  std::vector<Place> places;
  for (Index i = 0; i < 40; ++i) places.push_back({{static_cast<Real>(i), 0, 0}, 0, false});
  Neighbours neighbours({1, {40}, 0}, 4, 40);
  neighbours.build(places.data(), nullptr, 40);
  for (const Place& centre : places) EXPECT_EQ(neighbours.find(&centre), 9);
}

TEST(Neighbours, OfWhatIsEverywhereAreAll) {
  const World world{"", {1, {22}, 0}, 1, 100};
  const auto places = random_places(world, 100, 3);
  Neighbours neighbours(world.geometry, 1, 100);
  neighbours.build(places.data(), nullptr, 100);
  Place parameter;
  parameter.everywhere = true;
  EXPECT_EQ(neighbours.find(&parameter), 100);
  EXPECT_EQ(neighbours.distances()[0], 0);
}

TEST(Neighbours, MayBeNone) {
  Neighbours neighbours({2, {7, 9}, 0}, 1, 10);
  const Place centre{{3, 3, 0}, 0, false};
  neighbours.build(nullptr, nullptr, 0);
  EXPECT_EQ(neighbours.find(&centre), 0);
  Neighbours never({1, {}, 0}, 1, 0);
  never.build(nullptr, nullptr, 0);
  EXPECT_EQ(never.find(&centre), 0);
}

TEST(Neighbours, AreRebuiltWithoutAllocating) {
  const World world{"", {2, {7, 9}, 0.5}, 1, 1000};
  const auto places = random_places(world, 1000, 3);
  Neighbours neighbours(world.geometry, 1, 1000);
  const test_support::AllocationCounter counter;
  for (const Index count : {1000, 10, 500}) {
    neighbours.build(places.data(), nullptr, count);
    for (Index c = 0; c < 100; ++c) neighbours.find(&places[static_cast<std::size_t>(c)]);
  }
  EXPECT_EQ(counter.count(), 0U);
}

}  // namespace
}  // namespace starling::filters
