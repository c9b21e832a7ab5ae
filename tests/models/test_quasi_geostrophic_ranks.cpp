// SPDX-License-Identifier: BSD-3-Clause
// A quasi-geostrophic member that ranks share against one that each of them has alone.
#include "models/quasi_geostrophic_case.hpp"

namespace {

using namespace starling;
using test_support::pi;
using Case = test_support::QuasiGeostrophicCase;
using Settings = Case::Settings;

std::vector<Settings> cases() {
  std::vector<Settings> all;
  for (const int layers : {1, 2}) {
    Settings settings{spectral::Box(24, 20, 2 * pi, 3 * pi)};
    settings.layers = layers;
    settings.beta = 0.7;
    settings.radius = 0.6;
    settings.mean_flow = {0.5, 0};
    settings.drag = 0.15;
    settings.viscosity = 1e-4;
    settings.start = {.kind = "noise", .amplitude = 1, .modes = 5};
    all.push_back(settings);
    settings.relaxation = layers == 2 ? 0.2 : 0;
    settings.jet_speed = settings.jet_width = 1;
    settings.sponge = 0.3;
    settings.topography = [](Real x, Real y) { return std::cos(x) * std::cos(4 * y / 3); };
    settings.forcing[0] = [](Real x, Real y) { return std::cos(2 * x + 2 * y / 3); };
    settings.start.kind = "jet";
    all.push_back(settings);
  }
  // Some ranks have nothing of it.
  Settings tiny{spectral::Box(4, 6, 2 * pi, 3 * pi)};
  tiny.radius = 0.6;
  tiny.viscosity = 0.1;
  tiny.mean_flow = {0.5, 0};
  tiny.start = {.kind = "noise", .amplitude = 1, .modes = 1};
  all.push_back(tiny);
  return all;
}

// Largest difference of a rank's columns to the same of a whole row, over the largest number.
Real difference(const Real* mine, const Columns& columns, const Real* whole) {
  Real largest = 0, size = 0;
  for (Index j = 0; j < columns.count(); ++j)
    largest = std::max(largest, std::abs(mine[j] - whole[columns.global(j)]));
  for (Index j = 0; j < columns.all(); ++j) size = std::max(size, std::abs(whole[j]));
  return largest / size;
}

TEST(QuasiGeostrophicRanks, SharedMembersAreThoseOfOneRank) {
  for (const Settings& settings : cases()) {
    Case shared(settings, test_support::world()), alone(settings);
    const Columns states = shared.model.state_columns(), values = shared.model.value_columns();
    EXPECT_EQ(states.all(), alone.model.width());
    EXPECT_EQ(values.all(), alone.model.dofs());
    EXPECT_EQ(states.count(), shared.model.width());
    EXPECT_EQ(values.count(), shared.model.dofs());
    EXPECT_LT(difference(shared.state.data(), states, alone.state.data()), 1e-13);
    EXPECT_LT(difference(shared.members.data(), values, alone.members.data()), 1e-13);

    const bool ran = shared.run("etdrk4", 0.01, 1);
    EXPECT_TRUE(test_support::on_all_ranks(ran));
    EXPECT_TRUE(alone.run("etdrk4", 0.01, 1));
    EXPECT_LT(difference(shared.state.data(), states, alone.state.data()), 1e-12);
    shared.model.to_physical(shared.members, shared.state);
    alone.model.to_physical(alone.members, alone.state);
    EXPECT_LT(difference(shared.members.data(), values, alone.members.data()), 1e-12);

    const auto one = alone.measure();
    for (const auto& [name, value] : shared.measure())
      EXPECT_NEAR(value, one.at(name), 1e-12 * (1 + std::abs(one.at(name)))) << name;
    const auto spectra = alone.spectra();
    for (const auto& [name, spectrum] : shared.spectra())
      for (std::size_t b = 0; b < spectrum.size(); ++b)
        EXPECT_NEAR(spectrum[b], spectra.at(name)[b], 1e-12) << name << b;
    EXPECT_NEAR(shared.model.courant(shared.state), alone.model.courant(alone.state), 1e-12);

    const auto fields = static_cast<Index>(alone.model.derived().size());
    std::vector<Real> mine(static_cast<std::size_t>(fields * shared.model.transform().points()));
    std::vector<Real> all(static_cast<std::size_t>(fields * alone.model.transform().points()));
    shared.model.derive(mine.data(), shared.state);
    alone.model.derive(all.data(), alone.state);
    const Columns points(shared.model.transform().all_points(),
                         shared.model.transform().point_pieces());
    EXPECT_LT(difference(mine.data(), points.repeated(fields), all.data()), 1e-12);
  }
}

// Ranks with different shares of a state must go through several states in the same order.
TEST(QuasiGeostrophicRanks, StatesAreSteppedInTheSameOrderEverywhere) {
  constexpr Index rows = 40;
  for (const Index points : {4, 8, 16}) {
    Settings settings{spectral::Box(points, points, 2 * pi, 2 * pi)};
    settings.radius = 0.6;
    settings.mean_flow = {0.5, 0};
    settings.start = {.kind = "noise", .amplitude = 1, .modes = 1};
    Case shared(settings, test_support::world()), alone(settings);
    const auto block = [](Index width) {
      return Array<Real**>("block", static_cast<std::size_t>(rows),
                           static_cast<std::size_t>(width));
    };
    const auto run = [&](Case& flow) {
      const Array<Real**> members = block(flow.model.dofs()), states = block(flow.model.width());
      for (Index r = 0; r < rows; ++r) flow.model.draw(members.data() + r * flow.model.dofs(), r);
      flow.model.to_states(states, members);
      const auto integrator = flow.integrator("rk4", 0.01);
      EXPECT_FALSE(integrator->advance(states, block(0), 0, 0, 3).has_value());
      return states;
    };
    const Array<Real**> mine = run(shared), all = run(alone);
    for (Index r = 0; r < rows; ++r)
      EXPECT_LT(difference(mine.data() + r * shared.model.width(), shared.model.state_columns(),
                           all.data() + r * alone.model.width()),
                1e-12);
  }
}

}  // namespace
