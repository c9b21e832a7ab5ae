// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "filters/taper.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace starling::filters {
namespace {

using Shape = Taper::Shape;
constexpr std::array all{Shape::gaspari_cohn, Shape::gaussian, Shape::exponential, Shape::step};
constexpr Real infinity = std::numeric_limits<Real>::infinity();

// gaspari1999: their function is the autocorrelation of a triangle of half the half-support in
// three dimensions; by eq. 4.10 at z = 1/2, 1 and 3/2 (in half-supports), as fractions.
TEST(Taper, IsGaspariAndCohnsFunction) {
  const Taper taper(Shape::gaspari_cohn, 6);
  EXPECT_DOUBLE_EQ(taper(0), 1);
  EXPECT_NEAR(taper(1.5), 1 - 5.0 / 12 + 5.0 / 64 + 1.0 / 32 - 1.0 / 128, 1e-15);
  EXPECT_NEAR(taper(3), 5.0 / 24, 1e-15);
  EXPECT_NEAR(taper(4.5), 243.0 / 384 - 81.0 / 32 + 135.0 / 64 + 15.0 / 4 - 15.0 / 2 + 4 - 4.0 / 9,
              1e-14);
  EXPECT_EQ(taper(6), 0);
  EXPECT_EQ(taper(7), 0);
}

// The function, its slope and its curvature are continuous where the two polynomials meet and at
// the end.
TEST(Taper, GaspariAndCohnsFunctionIsSmooth) {
  const Taper taper(Shape::gaspari_cohn, 2);
  constexpr Real h = 1e-3;
  for (const Real z : {1.0, 2.0}) {
    const auto curvature = [&](Real at) {
      return (taper(at - h) - 2 * taper(at) + taper(at + h)) / (h * h);
    };
    EXPECT_NEAR(curvature(z - 2 * h), curvature(z + 2 * h), 0.05);
  }
}

TEST(Taper, FallsFromOneToTheSupport) {
  for (const Shape shape : all) {
    const Taper taper(shape, 5);
    EXPECT_EQ(taper(0), 1);
    for (Real d = 0; d < 5; d += 0.01) {
      EXPECT_GE(taper(d), taper(d + 0.01));
      EXPECT_GE(taper(d), 0);
    }
    EXPECT_EQ(taper(5.001), 0);
  }
  EXPECT_EQ(Taper(Shape::step, 5)(5), 1);
}

// DAPPER: a Gaussian is exp(-1/2) at loc_rad and dropped where it is below 0.001; the function of
// Gaspari and Cohn has its half-support at 1.82 loc_rad.
TEST(Taper, KeepsTheConventionsOfTheHeader) {
  EXPECT_NEAR(Taper(Shape::gaspari_cohn, 3.64 * 4)(1.82 * 4), 5.0 / 24, 1e-15);
  EXPECT_NEAR(Taper(Shape::gaussian, 3.717 * 4)(4), std::exp(-0.5), 1e-4);
  EXPECT_NEAR(Taper(Shape::gaussian, 4)(4), 1e-3, 1e-15);
  EXPECT_NEAR(Taper(Shape::exponential, 4)(4), 1e-3, 1e-15);
  EXPECT_NEAR(Taper(Shape::exponential, 4)(2), std::sqrt(1e-3), 1e-15);
}

TEST(Taper, OfInfiniteSupportIsOne) {
  for (const Shape shape : all) EXPECT_EQ(Taper(shape, infinity)(1e10), 1);
}

TEST(Taper, NeedsASupport) {
  EXPECT_THROW(Taper(Shape::step, 0), InputError);
  EXPECT_THROW(Taper(Shape::step, std::nan("")), InputError);
}

TEST(Localization, IsReadFromTheInput) {
  Config config = Config::parse("[filter]\ntaper = 'step'\nsupport = 3\nlevel_distance = 2\n", "t");
  const auto local = Localization::read(config.section("filter", Localization::schema()));
  EXPECT_EQ(local.taper.support(), 3);
  EXPECT_EQ(local.taper(2.9), 1);
  EXPECT_EQ(local.geometry({}).level_distance, 2);
  Config none = Config::parse("[filter]\n", "t");
  EXPECT_THROW(none.section("filter", Localization::schema()), InputError);
  Config open = Config::parse("[filter]\n", "t");
  EXPECT_EQ(Localization::read(open.section("filter", Localization::schema(true))).taper.support(),
            infinity);
}

}  // namespace
}  // namespace starling::filters
