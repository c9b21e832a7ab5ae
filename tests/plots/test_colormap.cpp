// SPDX-License-Identifier: BSD-3-Clause
#include "plots/colormap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace starling::plots {
namespace {

using Triple = std::array<Real, 3>;

// IEC 61966-2-1.
Real linear(std::uint8_t channel) {
  const Real encoded = channel / 255.0;
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

Triple linear(Rgb rgb) { return {linear(rgb.red), linear(rgb.green), linear(rgb.blue)}; }

// CIE 1976 L*a*b* with white D65: another space than the maps are made in.
Triple cielab(const Triple& rgb) {
  const auto [r, g, b] = rgb;
  const auto f = [](Real t) {
    return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  };
  const Real x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const Real y = f(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
  const Real z = f((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

Triple cielab(Rgb rgb) { return cielab(linear(rgb)); }

Real distance(const Triple& a, const Triple& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// What an eye without green cones makes of it: Machado, Oliveira & Fernandes (2009), table 1,
// deuteranomaly of severity 1.
Triple without_green(Rgb rgb) {
  const auto [r, g, b] = linear(rgb);
  return cielab(Triple{0.367322 * r + 0.860646 * g - 0.227968 * b,
                       0.280085 * r + 0.672501 * g + 0.047413 * b,
                       -0.011820 * r + 0.042940 * g + 0.968881 * b});
}

TEST(Colormap, ZeroIsWhiteBetweenBlueAndRed) {
  const Colormap map = Colormap::diverging();
  EXPECT_EQ(map(0.5), (Rgb{255, 255, 255}));
  for (const Real number : {0.0, 0.15, 0.3}) {
    EXPECT_GT(map(number).blue, map(number).red + 20);
    EXPECT_GT(map(1 - number).red, map(1 - number).blue + 20);
  }
}

TEST(Colormap, BothSidesOfZeroAreEquallyDark) {
  const Colormap map = Colormap::diverging();
  for (Real number = 0; number < 0.5; number += 0.01) {
    // CIE lightness has not quite OKLab's opinion of saturated blue.
    EXPECT_NEAR(cielab(map(number))[0], cielab(map(1 - number))[0], 5) << number;
  }
}

TEST(Colormap, LightnessFallsAwayFromZero) {
  const Colormap diverging = Colormap::diverging(), sequential = Colormap::sequential();
  for (Real number = 0; number < 0.99; number += 0.01) {
    EXPECT_GT(cielab(sequential(number))[0], cielab(sequential(number + 0.01))[0] - 0.01) << number;
    const Real from = 0.5 + number / 2, to = from + 0.005;
    EXPECT_GE(cielab(diverging(from))[0], cielab(diverging(to))[0] - 0.01) << number;
    EXPECT_GE(cielab(diverging(1 - from))[0], cielab(diverging(1 - to))[0] - 0.01) << number;
  }
  EXPECT_GT(cielab(sequential(0))[0], 95);
  EXPECT_LT(cielab(sequential(1))[0], 10);
}

TEST(Colormap, EqualStepsLookEqual) {
  for (const Colormap& map : {Colormap::diverging(), Colormap::sequential()}) {
    std::vector<Real> steps;
    constexpr int pieces = 20;
    for (int i = 0; i < pieces; ++i) {
      const Real from = static_cast<Real>(i) / pieces, to = static_cast<Real>(i + 1) / pieces;
      steps.push_back(distance(cielab(map(from)), cielab(map(to))));
    }
    const auto [least, most] = std::minmax_element(steps.begin(), steps.end());
    // In the space that the maps are made in it is 1.
    EXPECT_LT(*most / *least, 3.0);
  }
}

TEST(Colormap, SignsAreToldApartWithoutGreenCones) {
  const Colormap map = Colormap::diverging();
  for (const Real number : {0.1, 0.25, 0.35}) {
    // A just noticeable difference is about 2.3.
    EXPECT_GT(distance(without_green(map(number)), without_green(map(1 - number))), 25) << number;
  }
}

TEST(Colormap, NumbersOutsideTakeTheEndsAndNanIsGrey) {
  for (const Colormap& map : {Colormap::diverging(), Colormap::sequential()}) {
    EXPECT_EQ(map(-3), map(0));
    EXPECT_EQ(map(7), map(1));
    EXPECT_EQ(map(std::numeric_limits<Real>::infinity()), map(1));
    const Rgb missing = map(std::numeric_limits<Real>::quiet_NaN());
    EXPECT_EQ(missing.red, missing.green);
    EXPECT_EQ(missing.red, missing.blue);
  }
}

}  // namespace
}  // namespace starling::plots
