// SPDX-License-Identifier: BSD-3-Clause
#include "plots/series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace starling::plots {
namespace {

constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();

TEST(Quantile, OfFiniteValuesOnly) {
  EXPECT_EQ(quantile({5, 1, nan, 3, 2, 4}, 0.5), 3);
  EXPECT_EQ(quantile({5, 1, 3, 2, 4}, 0), 1);
  EXPECT_EQ(quantile({5, 1, 3, 2, 4}, 1), 5);
  EXPECT_TRUE(std::isnan(quantile({nan, nan}, 0.5)));
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

TEST(Binned, PiecesHaveTheirMeanAndMostOfTheirValues) {
  std::vector<Real> x, y;
  for (int i = 0; i <= 2000; ++i) {
    x.push_back(i);
    y.push_back(i < 1000 ? i % 11 : nan);  // 0, 1, ..., 10 over and over, then nothing
  }
  const Binned out = binned(x, y, 4);
  ASSERT_EQ(out.x.size(), 4U);
  EXPECT_EQ(out.x[0], 250);
  EXPECT_NEAR(out.mean[0], 5, 0.05);
  EXPECT_EQ(out.low[0], 1);
  EXPECT_EQ(out.high[0], 9);
  EXPECT_TRUE(std::isnan(out.mean[3]));
}

TEST(AddSeries, ShortOnesAreDrawnWholeAndLongOnesInPieces) {
  Points few, many;
  for (int i = 0; i < 10000; ++i) {
    if (i < 100) few.x.push_back(i), few.y.push_back(i);
    many.x.push_back(i);
    many.y.push_back(std::sin(i));
  }
  std::vector<Curve> curves;
  add_series(curves, few, 500, {.title = "few"});
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_EQ(curves[0].y, few.y);
  add_series(curves, many, 500, {.title = "many"});
  ASSERT_EQ(curves.size(), 3U);
  EXPECT_EQ(curves[0].mark, Mark::band);  // behind
  EXPECT_EQ(curves[0].title, "");
  EXPECT_EQ(curves[2].title, "many");
  EXPECT_EQ(curves[2].x.size(), 167U);
}

TEST(Inside, KeepsWhatLiesInTheWindow) {
  const Points points = inside({1, 2, 3, 4}, {10, 20, 30, 40}, {2, 3});
  EXPECT_EQ(points.x, (std::vector<Real>{2, 3}));
  EXPECT_EQ(points.y, (std::vector<Real>{20, 30}));
}

std::vector<Curve> curve(const std::vector<Real>& y) {
  Curve out;
  out.y = y;
  out.x.resize(y.size());
  return {out};
}

TEST(Fit, HoldsAllValues) {
  for (const std::vector<Real>& y :
       {std::vector<Real>{-3, nan, 4}, {10, 11}, {1, 9}, {2}, {0, 0}}) {
    Axis axis;
    fit(axis, curve(y));
    EXPECT_LT(axis.from, axis.to);
    for (const Real value : y) {
      if (std::isnan(value)) continue;
      EXPECT_GE(value, axis.from);
      EXPECT_LE(value, axis.to);
    }
  }
}

TEST(Fit, BeginsAtZeroWhenItIsNear) {
  Axis near, far;
  fit(near, curve({1, 9}));
  fit(far, curve({8, 9}));
  EXPECT_EQ(near.from, 0);
  EXPECT_GT(far.from, 7);
}

TEST(Fit, ALogarithmicAxisLeavesOutWhatItCannotShow) {
  Axis axis;
  axis.logarithmic = true;
  fit(axis, curve({0, -1, 1e-3, 10}));
  EXPECT_GT(axis.from, 0);
  EXPECT_LE(axis.from, 1e-3);
  EXPECT_GE(axis.to, 10);
}

TEST(IsFlat, ForRoundingErrorsAndWhatIsConserved) {
  EXPECT_TRUE(is_flat({1e-16, -3e-15, 0}));
  EXPECT_TRUE(is_flat({0.06666666, 0.06666667}));
  EXPECT_TRUE(is_flat({}));
  EXPECT_FALSE(is_flat({0.066, 0.067}));
  EXPECT_FALSE(is_flat({0, 1e-9}));
}

TEST(Fit, WhatIsFlatIsNotMagnified) {
  Axis conserved, rounding;
  fit(conserved, curve({0.06666666, 0.06666667}));
  EXPECT_GT(conserved.to - conserved.from, 0.005);
  fit(rounding, curve({1e-16, -1e-16}));
  EXPECT_GT(rounding.to - rounding.from, 0.1);
}

TEST(Shown, ErrorsSayHowManyFigures) {
  EXPECT_EQ(shown(0.11297), "0.113");
  EXPECT_EQ(shown(0.127913, 0.0071), "0.1279 ± 0.0071");
  EXPECT_EQ(shown(12.3456, 0.5), "12.35 ± 0.50");
  EXPECT_EQ(shown(123.456, 20), "123 ± 20");
  EXPECT_EQ(shown(0.5, 0), "0.5");
}

TEST(WantsLogarithm, ForDecadesOfPositiveValues) {
  EXPECT_TRUE(wants_logarithm(curve({1e-3, 1e-3, 1e-2, 1})));
  EXPECT_FALSE(wants_logarithm(curve({0.1, 0.2, 0.3})));
  EXPECT_FALSE(wants_logarithm(curve({-1, 1e-3, 1})));
  EXPECT_FALSE(wants_logarithm({}));
}

}  // namespace
}  // namespace starling::plots
