// SPDX-License-Identifier: BSD-3-Clause
#include "plots/raster.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace starling::plots {
namespace {

std::vector<Real> grid(Index size, Real step, Real origin = 0) {
  std::vector<Real> out;
  for (Index i = 0; i < size; ++i) out.push_back(origin + step * static_cast<Real>(i));
  return out;
}

std::vector<Real> sampled(const std::vector<Share>& shares, const std::vector<Real>& values) {
  std::vector<Real> out;
  for (const Share& share : shares) {
    Real sum = 0;
    for (std::size_t k = 0; k < share.weights.size(); ++k) {
      sum += share.weights[k] * values[static_cast<std::size_t>(share.first) + k];
    }
    out.push_back(sum);
  }
  return out;
}

Field field(Index frames, Index points, const std::function<Real(Real t, Real x)>& value) {
  Field out{grid(frames, 1), grid(points, 1), {}};
  for (const Real t : out.time) {
    for (const Real x : out.x) out.values.push_back(value(t, x));
  }
  return out;
}

TEST(Shares, EveryPixelTakesOneInAll) {
  for (const bool smooth : {false, true}) {
    for (const Index pixels : {1, 7, 40, 400}) {
      for (const Share& share : shares(grid(40, 0.5), {-0.3, 21.7}, pixels, smooth)) {
        EXPECT_NEAR(std::accumulate(share.weights.begin(), share.weights.end(), 0.0), 1, 1e-12);
        EXPECT_GE(share.first, 0);
        EXPECT_LE(share.first + std::ssize(share.weights), 40);
      }
    }
  }
}

TEST(Shares, SmoothOnesGoThroughStraightLinesExactly) {
  const std::vector<Real> x = grid(20, 2, 5);
  std::vector<Real> values;
  for (const Real at : x) values.push_back(3 * at - 1);
  constexpr Index pixels = 300;
  const Window window{x[1], x[18]};  // the first and last interval lack a neighbour
  const std::vector<Real> out = sampled(shares(x, window, pixels, true), values);
  for (Index p = 0; p < pixels; ++p) {
    const Real middle =
        window.from + (static_cast<Real>(p) + 0.5) / pixels * (window.to - window.from);
    EXPECT_NEAR(out[static_cast<std::size_t>(p)], 3 * middle - 1, 1e-10);
  }
}

TEST(Shares, PixelsThatCoverManyValuesTakeTheirMean) {
  // Pixel p covers values 4 p to 4 p + 3 whole.
  const std::vector<Real> values{1, 2, 3, 4, 10, 20, 30, 40, 0, 0, 0, 8};
  const std::vector<Real> out = sampled(shares(grid(12, 1), {-0.5, 11.5}, 3, true), values);
  EXPECT_NEAR(out[0], 2.5, 1e-12);
  EXPECT_NEAR(out[1], 25, 1e-12);
  EXPECT_NEAR(out[2], 2, 1e-12);
}

TEST(Shares, CellsKeepTheirValues) {
  const std::vector<Real> out = sampled(shares(grid(3, 1), {-0.5, 2.5}, 9, false), {5, 6, 7});
  EXPECT_EQ(out, (std::vector<Real>{5, 5, 5, 6, 6, 6, 7, 7, 7}));
}

TEST(Shares, UnevenTimesAreHonoured) {
  // Of the window [0, 10] the value at 10 is nearest in the last third of the last interval only.
  const std::vector<Real> out = sampled(shares({0, 1, 10}, {0, 10}, 20, false), {1, 2, 3});
  EXPECT_EQ(out[0], 1);
  EXPECT_EQ(out[10], 2);  // at 5.25
  EXPECT_EQ(out[12], 3);  // at 6.25
}

TEST(Raster, TimeGoesUpOrToTheRight) {
  const Colormap map = Colormap::sequential();
  const Field rising = field(50, 30, [](Real t, Real x) { return t / 49 * 0.5 + x / 29 * 0.3; });
  const Window time{0, 49}, space{0, 29}, limits{0, 1};
  // At t = 0, x = 0: 0; t = 49, x = 0: 0.5; t = 0, x = 29: 0.3; t = 49, x = 29: 0.8.
  const auto near = [&](Rgb pixel, Real value) {
    EXPECT_NEAR(pixel.red, map(value).red, 6) << value;
    EXPECT_NEAR(pixel.green, map(value).green, 6) << value;
    EXPECT_NEAR(pixel.blue, map(value).blue, 6) << value;
  };
  const Image up = raster(rising, time, space, 90, 200, Way::time_up, true, map, limits);
  near(up.at(0, 199), 0);
  near(up.at(0, 0), 0.5);
  near(up.at(89, 199), 0.3);
  near(up.at(89, 0), 0.8);
  const Image right = raster(rising, time, space, 200, 90, Way::time_right, true, map, limits);
  near(right.at(0, 89), 0);
  near(right.at(199, 89), 0.5);
  near(right.at(0, 0), 0.3);
  near(right.at(199, 0), 0.8);
}

TEST(Raster, ZeroIsTheMiddleOfSymmetricLimits) {
  const Image image = raster(field(3, 3, [](Real, Real) { return 0.0; }), {0, 2}, {0, 2}, 5, 5,
                             Way::time_up, false, Colormap::diverging(), {-2, 2});
  EXPECT_EQ(image.at(2, 2), (Rgb{255, 255, 255}));
}

TEST(Raster, NanIsGreyWhereItIsAndNowhereElse) {
  const Real nan = std::numeric_limits<Real>::quiet_NaN();
  const Field holed = field(6, 6, [=](Real t, Real x) { return t == 2 && x == 4 ? nan : 0.0; });
  const Image image = raster(holed, {-0.5, 5.5}, {-0.5, 5.5}, 6, 6, Way::time_up, false,
                             Colormap::diverging(), {-1, 1});
  for (Index row = 0; row < 6; ++row) {
    for (Index column = 0; column < 6; ++column) {
      const bool hole = column == 4 && row == 5 - 2;
      EXPECT_EQ(image.at(column, row) == (Rgb{255, 255, 255}), !hole) << column << ' ' << row;
    }
  }
}

TEST(Raster, OneFrameOfOnePointIsAPicture) {
  const Image image = raster({{3}, {0}, {1}}, {3, 4}, {0, 1}, 4, 4, Way::time_up, true,
                             Colormap::sequential(), {0, 1});
  EXPECT_EQ(image.at(1, 1), Colormap::sequential()(1));
}

TEST(ColourBar, RunsUpwardsAndToTheRight) {
  const Colormap map = Colormap::sequential();
  const Image upright = colour_bar(map, 4, 400), lying = colour_bar(map, 400, 4);
  EXPECT_EQ(upright.at(0, 399), map(0));
  EXPECT_EQ(upright.at(0, 0), map(1));
  EXPECT_EQ(lying.at(0, 0), map(0));
  EXPECT_EQ(lying.at(399, 0), map(1));
}

}  // namespace
}  // namespace starling::plots
