// SPDX-License-Identifier: BSD-3-Clause
// How two-dimensional flows start and what drives them.
#include "models/flow_case.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>

namespace {

using namespace starling;
using test_support::FlowCase;

const Real pi = std::numbers::pi;

std::string sized(Index points, const std::string& initial) {
  const std::string n = std::to_string(points);
  return "points = [" + n + ", " + n + "]\nlengths = [1.0, 1.0]\ninitial = \"" + initial + "\"\n";
}

std::string drawn(const std::string& initial) {
  return sized(32, initial) + "viscosity = 0.01\nforcing = \"kolmogorov\"\n";
}

TEST(InitialFlow2d, ModesHaveNumbersOfTheirOwn) {
  std::set<std::uint64_t> seen;
  for (Index x = -20; x <= 20; ++x)
    for (Index y = -20; y <= 20; ++y) seen.insert(models::mode_number(x, y));
  EXPECT_EQ(seen.size(), 41u * 41u);
}

TEST(InitialFlow2d, RandomOnesDifferByNumberAndRepeat) {
  for (const auto& each : models::initial_flows2d()) {
    FlowCase flow(drawn(each.name)), again(drawn(each.name));
    flow.draw(3);
    again.draw(3);
    Real size = 0, difference = 0;
    for (std::size_t j = 0; j < flow.state.extent(1); ++j) {
      EXPECT_EQ(flow.state(0, j), again.state(0, j)) << each.name;
      size = std::max(size, std::abs(flow.state(0, j)));
    }
    again.draw(4);
    for (std::size_t j = 0; j < flow.state.extent(1); ++j)
      difference = std::max(difference, std::abs(flow.state(0, j) - again.state(0, j)));
    const bool random = each.name.rfind("pdegym", 0) == 0 || each.name == "mcwilliams1984" ||
                        each.name == "random_field";
    EXPECT_EQ(size > 0, each.name != "zero");
    EXPECT_EQ(difference > 0, random) << each.name;
    EXPECT_TRUE(std::isfinite(flow.measure()["energy"])) << each.name;
  }
}

// Fields that are drawn mode by mode are the same in every mode that two grids have in common;
// those that are drawn in physical space and smooth, to what the coarser one resolves.
TEST(InitialFlow2d, ResolutionDoesNotChangeThem) {
  struct Case {
    const char* name;
    Real tolerance;
  };
  for (const Case each :
       {Case{"mcwilliams1984", 1e-12}, Case{"random_field", 1e-12}, Case{"pdegym_bb", 1e-12},
        Case{"pdegym_sines", 1e-12}, Case{"pdegym_svs", 2e-3}}) {
    FlowCase coarse(sized(64, each.name)), fine(sized(128, each.name));
    Real largest = 0, error = 0;
    const auto& transform = coarse.model->transform();
    for (Index i = 0; i < transform.coefficients(); ++i) {
      const auto m = transform.mode(i);
      const Complex a = coarse.coefficients()[i], b = fine.coefficient(m[0], m[1]);
      largest = std::max(largest, Kokkos::abs(a));
      error = std::max(error, Kokkos::abs(a - b));
    }
    EXPECT_LT(error, each.tolerance * largest) << each.name;
  }
}

// pyqg docs/examples/barotropic.ipynb: |psi^|^2 ~ 1 / (k^2 (1 + (k/6)^4)), energy 0.5.
TEST(InitialFlow2d, McWilliamsHasItsSpectrumAndEnergy) {
  FlowCase flow("points = [384, 384]\ninitial = \"mcwilliams1984\"\n");
  EXPECT_NEAR(flow.measure()["energy"], 0.5, 1e-12);  // modes up to 127
  const std::size_t bins = flow.model->bins().size();
  std::vector<Real> sum(bins), spectra(3 * bins);
  constexpr int draws = 20;
  for (int n = 0; n < draws; ++n) {
    flow.draw(n);
    flow.model->measure_spectra(spectra.data(), flow.state);
    for (std::size_t b = 0; b < bins; ++b) sum[b] += spectra[b] / draws;
  }
  // A ring has about 2 pi k modes; counted, so that the tolerance is that of the random numbers: 2
  // pi k draws / 2 squares of normal numbers.
  std::vector<Real> expected(bins);
  for (Index x = -127; x <= 127; ++x)
    for (Index y = -127; y <= 127; ++y) {
      const Real k = std::hypot(x, y);
      if (k > 0) expected[static_cast<std::size_t>(std::lround(k))] += 1 / (1 + std::pow(k / 6, 4));
    }
  Real total = 0;
  for (const Real each : expected) total += each;
  for (std::size_t b = 2; b < 100; ++b)
    EXPECT_NEAR(sum[b] / (0.5 * expected[b] / total), 1,
                5 / std::sqrt(pi * static_cast<Real>(b) * draws / 2))
        << b;
}

// li2021: variance of w^_k = a^2 (k^2 + k0^2)^-exponent.
TEST(InitialFlow2d, RandomFieldHasItsVariance) {
  FlowCase flow(sized(16, "random_field") +
                "initial_wavenumber = 7.0\ninitial_exponent = 2.5\ninitial_amplitude = 3.0\n");
  constexpr int draws = 4000;
  Real first = 0, second = 0;
  for (int n = 0; n < draws; ++n) {
    flow.draw(n);
    first += std::pow(Kokkos::abs(flow.coefficient(1, -2)), 2) / draws;
    second += std::pow(Kokkos::abs(flow.coefficient(0, 1)), 2) / draws;
  }
  // |w^|^2 is exponentially distributed: standard error 1 / sqrt(draws).
  EXPECT_NEAR(first / (9 * std::pow(4 * pi * pi * 5 + 49, -2.5)), 1, 5 / std::sqrt(draws));
  EXPECT_NEAR(second / (9 * std::pow(4 * pi * pi + 49, -2.5)), 1, 5 / std::sqrt(draws));
}

// meleshko1994: the largest vorticity is 2 U k max J_1 / |J_0(k R)| with max J_1 = 0.58187, the
// energy of the dipole in an infinite fluid, moving, is pi rho U^2 R^2 per unit of depth.
TEST(InitialFlow2d, LambDipole) {
  FlowCase flow(
      "points = [512, 512]\ninitial = \"lamb_dipole\"\ninitial_width = 0.05\n"
      "initial_amplitude = 1.5\n");
  const Real radius = 0.1 * pi, k = 3.8317059702 / radius;
  const auto measured = flow.measure();
  EXPECT_NEAR(measured.at("largest_vorticity") / (2 * 1.5 * k * 0.581865 / 0.402760), 1, 0.01);
  // Images of the dipole change it by about pi R^2 / L^2.
  EXPECT_NEAR(measured.at("energy") * 4 * pi * pi / (2 * pi * 2.25 * radius * radius), 1, 0.01);
}

TEST(InitialFlow2d, PiecewiseConstantVorticityHasItsCells) {
  FlowCase flow(
      "points = [160, 160]\nlengths = [1.0, 1.0]\ninitial = \"pdegym_pwc\"\n"
      "dealiasing = \"none\"\n");
  flow.model->draw(flow.members.data(), 0);
  const auto at = [&](Index x, Index y) {
    return flow.members(0, static_cast<std::size_t>(160 * y + x));
  };
  std::set<long> levels;
  for (Index cell_y = 0; cell_y < 10; ++cell_y)
    for (Index cell_x = 0; cell_x < 10; ++cell_x) {
      levels.insert(std::lround(1e6 * at(16 * cell_x + 8, 16 * cell_y + 8)));
      // But for the Nyquist modes.
      EXPECT_NEAR(at(16 * cell_x + 4, 16 * cell_y + 3), at(16 * cell_x + 9, 16 * cell_y + 12), 0.3);
      EXPECT_LT(std::abs(at(16 * cell_x + 8, 16 * cell_y + 8)), 1.3);
    }
  EXPECT_EQ(levels.size(), 100u);
}

// The sheet has the vorticity of its length, smoothed with weight 1: at least 1, at most that of
// the largest slopes. The mean is taken out: read it from the vorticity far from the sheet.
TEST(InitialFlow2d, TheVortexSheetHasItsCirculation) {
  FlowCase flow(sized(256, "pdegym_svs"));
  flow.model->to_physical(flow.members, flow.state);
  const Real far = flow.members(0, 256 * 10 + 5);
  // Length of y = 0.2 sin(2 pi x), 1 <= x < 2, by the rectangle rule; the random part adds little.
  Real length = 0;
  for (int s = 0; s < 1000; ++s)
    length += std::hypot(1, 0.4 * pi * std::cos(0.002 * pi * s)) / 1000;
  EXPECT_NEAR(-far, length, 0.05);
}

// spectralDNS, bell1989: u = tanh, energy of the shear layer 1/2 (1 - 4 width tanh(1/(4 width))).
TEST(InitialFlow2d, ShearLayerHasItsEnergy) {
  FlowCase flow(sized(256, "shear_layer") + "initial_width = 0.03\ninitial_perturbation = 0.0\n");
  EXPECT_NEAR(flow.measure()["energy"], 0.5 * (1 - 4 * 0.03 * std::tanh(1 / (4 * 0.03))), 1e-6);
}

// chandler2013: U = Re / n^2 sin(n y) for forcing -n cos(n y) of the vorticity, nu = 1 / Re;
// dissipation Re / (2 n^2).
TEST(Forcing2d, LaminarKolmogorovFlowIsSteady) {
  FlowCase flow(
      "points = [16, 32]\nviscosity = 0.125\nforcing = \"kolmogorov\"\n"
      "forcing_mode = 4\ninitial = \"laminar\"\n");
  const Real amplitude = 8.0 / 16;
  const auto exact = [=](Real, Real y) { return -4 * amplitude * std::cos(4 * y); };
  EXPECT_LT(flow.error(exact), 1e-14);
  EXPECT_NEAR(flow.measure()["energy_dissipation"], -8.0 / 32, 1e-14);
  EXPECT_NEAR(flow.measure()["energy_input"], 8.0 / 32, 1e-14);
  ASSERT_TRUE(flow.run("etdrk4", 0.05, 100));
  EXPECT_LT(flow.error(exact), 1e-13);
}

TEST(Forcing2d, ModesOfTheInputAreForced) {
  FlowCase flow(
      "points = [16, 16]\nlengths = [1.0, 2.0]\nforcing = \"modes\"\n"
      "forcing_modes = [2, -1, 0.3, 0.5, -1, 0, 0.0, 0.25]\n");
  Array<Real**> rate("rate", 1, static_cast<std::size_t>(flow.model->width()));
  flow.model->nonlinear(rate, flow.state, 0);
  Kokkos::deep_copy(flow.state, rate);
  EXPECT_LT(flow.error([](Real x, Real y) {
    const Real phase = 4 * pi * x - pi * y;
    return 0.3 * std::cos(phase) + 0.5 * std::sin(phase) + 0.25 * std::sin(-2 * pi * x);
  }),
            1e-14);
}

std::string ring(const std::string& more) {
  return "points = [48, 48]\nforcing = \"ring\"\nforcing_wavenumber = 6.0\nforcing_width = 1.0\n"
         "energy_input = 0.1\nforcing_seed = 7\n" +
         more;
}

TEST(Forcing2d, EveryRandomKickBringsTheEnergyAskedFor) {
  for (const char* initial : {"zero", "mcwilliams1984"}) {
    FlowCase flow(ring("initial = \"" + std::string(initial) + "\"\n"));
    for (Index step = -2; step < 20; ++step) {
      const Real before = flow.measure()["energy"];
      flow.model->kick(flow.state, 5, step, 0.01);
      EXPECT_NEAR(flow.measure()["energy"] - before, 0.001, 1e-14);
      if (step % 5 == 0) {
        ASSERT_TRUE(flow.run("rk4", 0.01, 1, 1000 + step));
      }
    }
  }
}

// A ring of one wave, which the flow is a multiple of: nothing of a kick is perpendicular to it in
// but one of two directions.
TEST(Forcing2d, ARingOfFewModesIsForcedExactlyToo) {
  FlowCase flow(
      "points = [16, 16]\nlengths = [1.0, 3.0]\nforcing = \"ring\"\n"
      "forcing_wavenumber = 2.0944\nforcing_width = 0.01\n");
  for (Index step = 0; step < 50; ++step) {
    const Real before = flow.measure()["energy"];
    flow.model->kick(flow.state, 0, step, 0.01);
    EXPECT_NEAR(flow.measure()["energy"] - before, 0.001, 1e-14);
  }
}

// Vorticity is real: modes on kx = 0 keep their symmetry; and only modes of the ring are forced, on
// average alike.
TEST(Forcing2d, KicksAreRealInTheRingAndIsotropic) {
  FlowCase flow(ring(""));
  Real along_x = 0, along_y = 0;
  constexpr int kicks = 400;
  for (Index step = 0; step < kicks; ++step) {
    Kokkos::deep_copy(flow.state, 0.0);
    flow.model->kick(flow.state, 0, step, 0.01);
    const auto& transform = flow.model->transform();
    for (Index i = 0; i < transform.coefficients(); ++i) {
      const auto k = transform.wavenumber(i);
      const Complex w = flow.coefficients()[i];
      EXPECT_EQ(Kokkos::abs(w) > 0, std::abs(std::hypot(k[0], k[1]) - 6) <= 1);
      if (k[0] != 0) continue;
      EXPECT_EQ(w, Kokkos::conj(flow.coefficient(0, -transform.mode(i)[1])));
    }
    along_x += flow.coefficient(6, 0).real() / Kokkos::abs(flow.coefficient(6, 0)) / kicks;
    along_y += flow.coefficient(0, 6).real() / Kokkos::abs(flow.coefficient(0, 6)) / kicks;
    EXPECT_NEAR(Kokkos::abs(flow.coefficient(6, 0)), Kokkos::abs(flow.coefficient(0, 6)), 1e-14);
  }
  // Means of cosines of uniform phases: standard deviation sqrt(1/2) / 20.
  EXPECT_LT(std::abs(along_x), 5 * std::sqrt(0.5 / kicks));
  EXPECT_LT(std::abs(along_y), 5 * std::sqrt(0.5 / kicks));
}

TEST(Forcing2d, KicksDependOnMemberAndStepAndNotOnResolution) {
  FlowCase flow(ring("")), other(ring("")),
      fine(
          "points = [96, 64]\nforcing = \"ring\"\nforcing_wavenumber = 6.0\nforcing_width = 1.0\n"
          "energy_input = 0.1\nforcing_seed = 7\n");
  flow.model->kick(flow.state, 2, 9, 0.01);
  fine.model->kick(fine.state, 2, 9, 0.01);
  EXPECT_NEAR(Kokkos::abs(flow.coefficient(3, -5) - fine.coefficient(3, -5)), 0, 1e-15);
  other.model->kick(other.state, 3, 9, 0.01);
  EXPECT_GT(Kokkos::abs(flow.coefficient(3, -5) - other.coefficient(3, -5)), 1e-6);
  Kokkos::deep_copy(other.state, 0.0);
  other.model->kick(other.state, 2, 10, 0.01);
  EXPECT_GT(Kokkos::abs(flow.coefficient(3, -5) - other.coefficient(3, -5)), 1e-6);
}

// lanthaler2021, herde2024: NS-Tracer-PwC.
TEST(InitialFlow2d, TracerStartsAsADisk) {
  FlowCase flow(sized(128, "zero") + "tracer_diffusivity = [0.0]\ntracer_initial = [\"disk\"]\n");
  EXPECT_NEAR(flow.measure()["tracer_mean"], pi / 16, 1e-3);
}

}  // namespace
