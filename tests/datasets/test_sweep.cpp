// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "datasets/sweep.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace starling;
using datasets::Sweep;

Sweep sweep(const std::string& text) {
  Config config = Config::parse(text, "test_sweep.cpp");
  return Sweep(config);
}

const std::string two =
    "[sweep.a]\nkey = \"model.a\"\nlow = 0.0\nhigh = 1.0\n"
    "[sweep.b]\nkey = \"model.b\"\nlow = 0.01\nhigh = 100.0\nscale = \"log\"\n";

TEST(Sweep, OfNothingIsOneSet) {
  EXPECT_EQ(sweep("").sets(), (std::vector<std::vector<Real>>{{}}));
}

TEST(Sweep, GridHasEveryCombination) {
  const auto sets =
      sweep(
          "[sweep]\nmethod = \"grid\"\n[sweep.a]\nkey = \"m.a\"\nvalues = [1.0, 2.0]\n"
          "[sweep.b]\nkey = \"m.b\"\nvalues = [3.0, 4.0, 5.0]\n")
          .sets();
  EXPECT_EQ(sets, (std::vector<std::vector<Real>>{{1, 3}, {1, 4}, {1, 5}, {2, 3}, {2, 4}, {2, 5}}));
}

TEST(Sweep, ListTakesValuesTogether) {
  const std::string list =
      "[sweep]\nmethod = \"listed\"\n[sweep.a]\nkey = \"m.a\"\nvalues = [1.0, 2.0]\n";
  EXPECT_EQ(sweep(list + "[sweep.b]\nkey = \"m.b\"\nvalues = [3.0, 4.0]\n").sets(),
            (std::vector<std::vector<Real>>{{1, 3}, {2, 4}}));
  EXPECT_THROW(sweep(list + "[sweep.b]\nkey = \"m.b\"\nvalues = [3.0]\n"), InputError);
}

// McKay et al. 1979: every parameter has one value in each of n equal parts.
TEST(Sweep, LatinHypercubeHasOneValueInEachPart) {
  const auto sets = sweep("[sweep]\nmethod = \"latin_hypercube\"\npoints = 50\n" + two).sets();
  std::set<int> a, b;
  for (const auto& set : sets) {
    a.insert(static_cast<int>(50 * set[0]));
    b.insert(static_cast<int>(50 * std::log(set[1] / 0.01) / std::log(1e4)));
  }
  EXPECT_EQ(a.size(), 50u);
  EXPECT_EQ(b.size(), 50u);
  EXPECT_EQ(sets, sweep("[sweep]\nmethod = \"latin_hypercube\"\npoints = 50\n" + two).sets());
  EXPECT_NE(sets,
            sweep("[sweep]\nmethod = \"latin_hypercube\"\npoints = 50\nseed = 2\n" + two).sets());
}

// The first points of two dimensions, after the origin (Joe & Kuo 2008).
TEST(Sweep, SobolPointsAreThoseOfTheSequence) {
  const auto sets = sweep("[sweep]\nmethod = \"sobol\"\npoints = 7\n" + two).sets();
  const std::vector<std::vector<Real>> expected = {{0.5, 0.5},     {0.75, 0.25},   {0.25, 0.75},
                                                   {0.375, 0.375}, {0.875, 0.875}, {0.625, 0.125},
                                                   {0.125, 0.625}};
  ASSERT_EQ(sets.size(), expected.size());
  for (std::size_t i = 0; i < sets.size(); ++i) {
    EXPECT_NEAR(sets[i][0], expected[i][0], 1e-15) << i;
    EXPECT_NEAR(sets[i][1], 0.01 * std::pow(1e4, expected[i][1]), 1e-12 * sets[i][1]) << i;
  }
}

TEST(Sweep, SaysWhatIsWrong) {
  EXPECT_THROW(sweep("[sweep.a]\nkey = \"a\"\nvalues = [1.0]\n"), InputError);
  EXPECT_THROW(sweep("[sweep.a]\nkey = \"m.a\"\n"), InputError);
  EXPECT_THROW(sweep("[sweep.a]\nkey = \"m.a\"\nvalues = [1.0]\nlow = 0.0\nhigh = 1.0\n"),
               InputError);
  EXPECT_THROW(sweep("[sweep]\nmethod = \"sobol\"\n" + two), InputError);
  EXPECT_THROW(sweep(two), InputError);
  EXPECT_THROW(
      sweep("[sweep]\nmethod = \"sobol\"\npoints = 2\n[sweep.a]\nkey = \"m.a\"\nlow = 0.0\n"
            "high = 1.0\nscale = \"log\"\n"),
      InputError);
}

}  // namespace
