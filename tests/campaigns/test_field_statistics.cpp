// SPDX-License-Identifier: BSD-3-Clause
#include "app/build.hpp"
#include "io/results.hpp"
#include "support/mpi_test.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace starling;
using test_support::world;

// Two members that decay from 2-D Taylor-Green vortices, sampled at five times.
void simulate(const std::string& path, int ranks_per_member) {
  Config config = Config::parse(
      fmt::format("[model]\nname = \"navier_stokes2d\"\npoints = [32, 16]\nviscosity = 0.05\n"
                  "initial = \"taylor_green\"\n"
                  "[stepper]\nscheme = \"rk4\"\ndt = 0.05\n"
                  "[ensemble]\nmembers = 2\ninitial = \"gaussian\"\nstd = 0.0\n"
                  "[simulation]\nduration = 1.0\noutput_interval = 0.25\nstatistics = true\n"
                  "[output]\nfile = \"{}\"\n",
                  path),
      "in.toml");
  campaigns::Options options;
  options.ranks_per_member = ranks_per_member;
  app::build_simulation(config, app::builtin_registry(), options, world()).campaign->run();
}

// A single mode in each direction, v = a cos(x - x0) f(y): S_2(r) = 2 <v^2> (1 - cos r), and of all
// increments only the amplitude depends on r: S_3 ~ (1 - cos r)^3/2, S_4 ~ (1 - cos r)^2.
TEST(FieldStatistics, OfASingleModeAreExact) {
  const test_support::SharedDirectory folder;
  for (const int share : {1, 2}) {
    if (test_support::world_size() % share != 0) continue;
    const std::string path = folder / fmt::format("run{}.h5", share);
    simulate(path, share);
    if (test_support::world_rank() > 0) continue;
    const io::Results file(path);
    const auto enstrophy = file.read("/diagnostics/enstrophy");
    ASSERT_EQ(enstrophy.size(), 5u);
    const Real square = 2 * std::accumulate(enstrophy.begin(), enstrophy.end(), 0.0) / 5;
    const auto r = file.read("/statistics/separation");
    const auto s = file.read("/statistics/vorticity/structure_function");
    ASSERT_EQ(s.size(), 3 * r.size());
    const auto last = r.size() - 1;
    EXPECT_NEAR(r[last], std::acos(-1.0), 1e-14);
    for (std::size_t i = 0; i < r.size(); ++i) {
      const Real half = (1 - std::cos(r[i])) / 2;
      EXPECT_NEAR(s[i], 4 * square * half, 1e-12 * square);
      EXPECT_NEAR(s[2 * r.size() + i], s[2 * r.size() + last] * half * half, 1e-12);
      // |cos|^3 is no trigonometric polynomial: means over other points differ.
      const auto points = std::lround(r[i] / r[last] * 16);
      if (points % 2 == 0) {
        EXPECT_NEAR(s[r.size() + i], s[r.size() + last] * std::pow(half, 1.5), 1e-12);
      }
    }
    // Symmetric about zero, as the flow is, within the largest value: two standard deviations.
    const auto density = file.read("/statistics/vorticity/density");
    const auto bins = file.read("/statistics/standard_deviations");
    const Real width = bins[1] - bins[0];
    EXPECT_NEAR(width * std::accumulate(density.begin(), density.end(), 0.0), 1, 1e-12);
    for (std::size_t b = 0; b < bins.size(); ++b) {
      EXPECT_GE(density[b], 0);
      if (std::abs(bins[b]) > 2 + width) {
        EXPECT_EQ(density[b], 0) << bins[b];
      }
    }
  }
}

}  // namespace
