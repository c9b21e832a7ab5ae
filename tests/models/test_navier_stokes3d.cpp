// SPDX-License-Identifier: BSD-3-Clause
#include "core/config.hpp"
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "models/integrator.hpp"
#include "models/navier_stokes3d.hpp"
#include "steppers/stepper.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace starling;
using models::Integrator;
using models::NavierStokes3d;

const Real pi = std::numbers::pi;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

// One member of a flow, from the keys of [model], on the ranks of `space`.
class Flow {
 public:
  explicit Flow(const std::string& keys, const std::string& scheme = "rk4", Real dt = 0.01,
                MPI_Comm space = test_support::world())
      : model(make(keys, space)), integrator(*model, stepper(scheme, dt)) {
    members = Array<Real**>("members", 1, at(model->dofs()));
    state = Array<Real**>("state", 1, at(model->width()));
    history = Array<Real**>("history", 1, at(integrator.history_width()));
    model->reference(members.data());
    model->to_states(state, members);
  }

  void run(Index steps, Index first = 0) {
    EXPECT_FALSE(integrator.advance(state, history, 0, first, steps).has_value());
  }
  Real measure(const std::string& name) {
    const auto all = model->quantities();
    std::vector<Real> values(all.size());
    model->measure(values.data(), state, 0);
    for (std::size_t q = 0; q < all.size(); ++q)
      if (all[q].name == name) return values[q];
    ADD_FAILURE() << name;
    return 0;
  }
  const NavierStokes3d& flow() const { return dynamic_cast<const NavierStokes3d&>(*model); }
  Complex* coefficients(Index field = 0) {
    return reinterpret_cast<Complex*>(state.data()) + field * flow().transform().coefficients();
  }
  const Real* values(Index field = 0) {
    model->to_physical(members, state);
    return members.data() + field * flow().transform().points();
  }
  // max |k.u| / (|k| |u|) over the modes of a field of velocities.
  Real divergence(const Real* velocities) const {
    const auto& transform = flow().transform();
    const Index n = transform.coefficients();
    const auto* u = reinterpret_cast<const Complex*>(velocities);
    std::array<Real, 2> largest = {0, 0};
    for (Index i = 0; i < n; ++i) {
      const auto k = transform.wavenumber(i);
      const Complex sum = k[0] * u[i] + k[1] * u[n + i] + k[2] * u[2 * n + i];
      largest[0] = std::max(largest[0], Kokkos::abs(sum));
      for (const Index c : {0, 1, 2})
        largest[1] = std::max(largest[1], std::hypot(k[0], k[1], k[2]) * Kokkos::abs(u[c * n + i]));
    }
    MPI_Allreduce(MPI_IN_PLACE, largest.data(), 2, MPI_DOUBLE, MPI_MAX, flow().space());
    return largest[0] / largest[1];
  }

 private:
  static std::unique_ptr<models::Model> make(const std::string& keys, MPI_Comm space) {
    const auto entry = NavierStokes3d::entry();
    return entry.make(Config::parse("[model]\n" + keys, "test").section("model", entry.schema),
                      space);
  }
  std::unique_ptr<steppers::Stepper> stepper(const std::string& scheme, Real dt) {
    for (const auto& each : steppers::builtin())
      if (each.name == scheme) return each.make(*model, dt);
    throw LogicError(scheme);
  }

 public:
  std::unique_ptr<models::Model> model;
  Integrator integrator;
  Array<Real**> members, state, history;
};

const std::string random_16 =
    "points = [16, 18, 20]\ninitial = \"random\"\ninitial_wavenumber = 2.0\n";

// spectralDNS/tests/TG.py and the 512^3 reference of the high-order CFD workshop (case C3.5, file
// spectral_Re1600_512.gdiag): E(0.1) = .124953117517, enstrophy .375249931 at Re = 1600.
TEST(NavierStokes3d, TaylorGreenVortexAtTimeOneTenth) {
  for (const std::string advection : {"divergence", "rotational"}) {
    Flow flow("points = [32, 32, 32]\nviscosity = 6.25e-4\nadvection = \"" + advection + "\"\n");
    flow.run(10);
    EXPECT_NEAR(flow.measure("energy"), 0.124953117517, 1e-12);
    EXPECT_NEAR(flow.measure("enstrophy"), 0.375249931, 5e-10);
  }
}

// brachet1983: energy 1/8 and enstrophy 3/8, so that -dE/dt = 2 nu 3/8.
TEST(NavierStokes3d, TaylorGreenVortexBeginsAsItsSeries) {
  Flow flow("points = [16, 16, 16]\nviscosity = 0.01\n");
  EXPECT_NEAR(flow.measure("energy"), 1.0 / 8, 1e-15);
  EXPECT_NEAR(flow.measure("enstrophy"), 3.0 / 8, 1e-15);
  EXPECT_NEAR(flow.measure("energy_dissipation"), -0.02 * 3 / 8, 1e-15);
  EXPECT_NEAR(flow.measure("helicity"), 0, 1e-15);
  EXPECT_NEAR(flow.measure("energy_input"), 0, 1e-15);
}

// curl u = u for the flow of Arnold, Beltrami and Childress: no advection, decay exp(-nu t).
TEST(NavierStokes3d, AbcFlowDecaysExactly) {
  for (const std::string advection : {"divergence", "rotational"}) {
    Flow flow(
        "points = [16, 12, 18]\ninitial = \"abc\"\ninitial_abc = [1.0, 0.7, 0.43]\nviscosity = "
        "0.1\nhyperviscosity = 0.02\nhyperviscosity_power = 2\nadvection = \"" +
            advection + "\"\n",
        "rk4", 0.05);
    const Real energy = flow.measure("energy");
    EXPECT_NEAR(energy, (1 + 0.49 + 0.43 * 0.43) / 2, 1e-14);
    EXPECT_NEAR(flow.measure("helicity"), 2 * energy, 1e-13);
    const Array<Real**> start("start", 1, at(flow.model->dofs()));
    flow.values();
    Kokkos::deep_copy(start, flow.members);
    flow.run(40);
    const Real factor = std::exp(-2 * (0.1 + 0.02));
    const Real* u = flow.values();
    for (Index i = 0; i < flow.model->dofs(); ++i)
      EXPECT_NEAR(u[i], factor * start.data()[i], 1e-13);
  }
}

// Forced by nu k^2 times itself it stays.
TEST(NavierStokes3d, AbcForcingBalancesViscosity) {
  Flow flow(
      "points = [16, 16, 16]\ninitial = \"abc\"\ninitial_mode = 2\ninitial_abc = [1.0, 1.0, 0.5]\n"
      "viscosity = 0.05\nforcing = \"abc\"\nforcing_mode = 2\nforcing_amplitude = 0.2\n",
      "rk4", 0.05);
  const Real energy = flow.measure("energy");
  EXPECT_NEAR(flow.measure("energy_input"), 2 * 0.05 * 4 * energy, 1e-14);
  EXPECT_NEAR(flow.measure("energy_input"), -flow.measure("energy_dissipation"), 1e-14);
  flow.run(20);
  EXPECT_NEAR(flow.measure("energy"), energy, 1e-6 * energy);
}

TEST(NavierStokes3d, LaminarKolmogorovFlowIsSteady) {
  // u = F / (nu k^2) sin ky from rest: F / (nu k^2) (1 - exp(-nu k^2 t)) sin ky.
  Flow flow(
      "points = [8, 12, 8]\ninitial = \"zero\"\nviscosity = 0.5\nforcing = \"kolmogorov\"\n"
      "forcing_mode = 2\nforcing_amplitude = 3.0\n",
      "rk4", 0.002);
  flow.run(500);
  const Real speed = 3.0 / 2 * (1 - std::exp(-2.0));
  EXPECT_NEAR(flow.measure("energy"), speed * speed / 4, 1e-10);
}

// The truncated equations conserve energy and helicity; what is lost is the scheme's, of order 4
// or higher (its observed order of a quadratic invariant is 5).
TEST(NavierStokes3d, ConservesEnergyAndHelicityToTheOrderOfTheScheme) {
  for (const std::string advection : {"divergence", "rotational"})
    for (const std::string dealiasing : {"truncation", "padding"}) {
      const std::string keys =
          random_16 + "advection = \"" + advection + "\"\ndealiasing = \"" + dealiasing + "\"\n";
      std::vector<Real> energy, helicity;
      for (const Index steps : {20, 40, 80}) {
        Flow flow(keys, "rk4", 0.4 / static_cast<Real>(steps));
        const Real e = flow.measure("energy"), h = flow.measure("helicity");
        flow.run(steps);
        energy.push_back(std::abs(flow.measure("energy") - e));
        helicity.push_back(std::abs(flow.measure("helicity") - h));
      }
      for (const auto& lost : {energy, helicity}) {
        EXPECT_GT(std::log2(lost[0] / lost[1]), 3.9) << advection << " " << dealiasing;
        EXPECT_GT(std::log2(lost[1] / lost[2]), 3.9) << advection << " " << dealiasing;
      }
    }
}

TEST(NavierStokes3d, BothFormsOfAdvectionAreTheSame) {
  for (const std::string dealiasing : {"truncation", "padding"}) {
    const std::string keys =
        random_16 + "scalar_diffusivity = [0.0]\nscalar_initial = [\"sine_y\"]\ndealiasing = \"" +
        dealiasing + "\"\n";
    Flow one(keys + "advection = \"divergence\"\n"), other(keys + "advection = \"rotational\"\n");
    const Array<Real**> a("a", 1, at(one.model->width())), b("b", 1, at(one.model->width()));
    one.model->nonlinear(a, one.state, 0);
    other.model->nonlinear(b, other.state, 0);
    for (Index i = 0; i < one.model->width(); ++i) EXPECT_NEAR(a.data()[i], b.data()[i], 1e-14);
  }
}

TEST(NavierStokes3d, StatesAndRatesHaveNoDivergence) {
  for (const std::string more :
       {"", "advection = \"rotational\"\n", "rotation = 3.0\nstratification = 4.0\n",
        "forcing = \"abc\"\nforcing_amplitude = 2.0\n"}) {
    Flow flow(random_16 + "buoyancy_initial = \"sine_x\"\n" + more);
    EXPECT_LT(flow.divergence(flow.state.data()), 3e-16);
    const Array<Real**> rate("rate", 1, at(flow.model->width()));
    flow.model->nonlinear(rate, flow.state, 0);
    EXPECT_LT(flow.divergence(rate.data()), 1e-15);
    flow.run(20);
    EXPECT_LT(flow.divergence(flow.state.data()), 1e-15);
    // Values with a divergence lose it as they become a state.
    for (Index i = 0; i < flow.model->dofs(); ++i)
      flow.members.data()[i] = std::sin(static_cast<Real>(i * i % 1009));
    flow.model->to_states(flow.state, flow.members);
    EXPECT_LT(flow.divergence(flow.state.data()), 3e-16);
  }
}

// dE/dt = eps of the whole equation, and of the low modes alone, whatever the flow.
TEST(NavierStokes3d, LowShellsAreGivenTheEnergyThatIsAskedFor) {
  Flow flow(random_16 +
            "forcing = \"low_shells\"\nenergy_input = 0.3\nforcing_cutoff = 2.5\n"
            "viscosity = 0.01\n");
  EXPECT_NEAR(flow.measure("energy_input"), 0.3, 1e-15);
  const Index n = flow.flow().transform().coefficients();
  const Array<Real**> with("with", 1, at(flow.model->width()));
  flow.model->nonlinear(with, flow.state, 0);
  Flow free(random_16 + "viscosity = 0.01\n");
  const Array<Real**> without("without", 1, at(flow.model->width()));
  free.model->nonlinear(without, free.state, 0);
  Real input = 0, beyond = 0;
  for (Index i = 0; i < n; ++i) {
    const auto k = flow.flow().transform().wavenumber(i);
    for (const Index c : {0, 1, 2}) {
      const Complex u = flow.coefficients(c)[i];
      const auto difference = [&](Index part) {
        const Index j = 2 * (c * n + i) + part;
        return with.data()[j] - without.data()[j];
      };
      input +=
          flow.flow().transform().weight(i) * (u.real() * difference(0) + u.imag() * difference(1));
      if (std::hypot(k[0], k[1], k[2]) >= 2.5)
        beyond = std::max({beyond, std::abs(difference(0)), std::abs(difference(1))});
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, &input, 1, MPI_DOUBLE, MPI_SUM, test_support::world());
  EXPECT_NEAR(input, 0.3, 1e-14);
  EXPECT_EQ(beyond, 0);

  // Without viscosity the energy grows by eps t.
  Flow inviscid(random_16 + "forcing = \"low_shells\"\nenergy_input = 0.3\n", "rk4", 0.005);
  const Real energy = inviscid.measure("energy");
  inviscid.run(100);
  EXPECT_NEAR(inviscid.measure("energy"), energy + 0.3 * 0.5, 1e-7);
}

// A u on top of a decay exp(-nu t): an ABC flow grows as exp((A - nu) t).
TEST(NavierStokes3d, LinearForcingGrowsAtItsRate) {
  Flow flow(
      "points = [12, 12, 12]\ninitial = \"abc\"\nviscosity = 0.1\nforcing = \"linear\"\n"
      "forcing_rate = 0.5\n",
      "rk4", 0.01);
  const Real energy = flow.measure("energy");
  EXPECT_NEAR(flow.measure("energy_input"), 2 * 0.5 * energy, 1e-13);
  flow.run(100);
  EXPECT_NEAR(flow.measure("energy"), energy * std::exp(0.8), 1e-9 * energy);
}

// What makes fields complex is not seen by products, and grows with the forcing unless it is taken
// away.
TEST(NavierStokes3d, StaysRealUnderLinearForcing) {
  Flow flow(
      "points = [10, 12, 14]\ninitial = \"random\"\ninitial_energy = 0.1\nforcing = \"linear\"\n"
      "forcing_rate = 1.0\nviscosity = 0.3\n",
      "rk4", 0.05);
  const auto& transform = flow.flow().transform();
  const Index n = transform.coefficients();
  for (Index i = 0; i < n; ++i)
    if (transform.mode(i) == std::array<Index, 3>{0, 1, 0}) flow.coefficients(2)[i] += 1e-10;
  flow.run(1200);  // exp((1 - 0.3) 60) = 2e18
  std::vector<Complex> real(at(3 * n));
  std::copy_n(flow.coefficients(), 3 * n, real.begin());
  transform.make_hermitian(real.data(), 3);
  Real largest = 0, difference = 0;
  for (Index i = 0; i < 3 * n; ++i) {
    largest = std::max(largest, Kokkos::abs(real[at(i)]));
    difference = std::max(difference, Kokkos::abs(real[at(i)] - flow.coefficients()[i]));
  }
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, test_support::world());
  EXPECT_LT(difference, 1e-12 * largest);
}

// The inertial wave (sin z, cos z, 0), an exact solution: k along the axis, frequency 2 Omega.
TEST(NavierStokes3d, InertialWavesHaveTheirFrequency) {
  Flow flow(
      "points = [8, 8, 8]\ninitial = \"abc\"\ninitial_abc = [1.0, 0.0, 0.0]\nrotation = 0.75\n",
      "rk4", 0.01);
  flow.run(100);
  // u_t = 2 Omega v, v_t = -2 Omega u: u = sin(z + 1.5 t), v = cos(z + 1.5 t).
  const auto& transform = flow.flow().transform();
  const Real* u = flow.values();
  std::size_t i = 0;
  for (const Range& piece : transform.point_pieces())
    for (Index p = piece.begin; p < piece.end; ++p, ++i) {
      const Real z = 2 * pi * static_cast<Real>(p / 64) / 8;
      EXPECT_NEAR(u[i], std::sin(z + 1.5), 1e-9);
      EXPECT_NEAR(u[at(transform.points()) + i], std::cos(z + 1.5), 1e-9);
    }
}

// An internal wave with k along x is an oscillation of w and b with the frequency N.
TEST(NavierStokes3d, InternalWavesHaveTheirFrequency) {
  Flow flow(
      "points = [8, 8, 8]\ninitial = \"zero\"\nstratification = 4.0\nbuoyancy_initial = "
      "\"sine_x\"\n",
      "rk4", 0.0025);
  EXPECT_NEAR(flow.measure("buoyancy_variance"), 0.5, 1e-15);
  flow.run(400);
  // b = sin x cos 2t, w = sin x sin(2t) / 2.
  const auto& transform = flow.flow().transform();
  const Real* w = flow.values(2);
  const Real* b = w + transform.points();
  std::size_t i = 0;
  for (const Range& piece : transform.point_pieces())
    for (Index p = piece.begin; p < piece.end; ++p, ++i) {
      const Real x = 2 * pi * static_cast<Real>(p % 8) / 8;
      EXPECT_NEAR(b[i], std::sin(x) * std::cos(2.0), 1e-10);
      EXPECT_NEAR(w[i], std::sin(x) * std::sin(2.0) / 2, 1e-10);
    }
  EXPECT_NEAR(flow.measure("buoyancy_flux"), std::sin(2.0) * std::cos(2.0) / 4, 1e-10);
}

// Budgets close: centred differences over two small steps against the sum of the terms.
TEST(NavierStokes3d, BudgetsClose) {
  for (const std::string more :
       {"forcing = \"low_shells\"\n", "forcing = \"abc\"\nadvection = \"rotational\"\n"}) {
    Flow flow(random_16 + more +
                  "viscosity = 0.02\nhyperviscosity = 1e-5\nhyperviscosity_power = 2\n"
                  "rotation = 1.0\nstratification = 2.0\nbuoyancy_diffusivity = 0.03\n"
                  "buoyancy_initial = \"sine_z\"\nscalar_diffusivity = [0.01, 0.05]\n"
                  "scalar_gradient = [1.0, 0.5, -0.25, 0.0, 0.0, 0.0]\n"
                  "scalar_initial = [\"zero\", \"sine_x\"]\n",
              "rk4", 1e-3);
    flow.run(50);
    const auto all = flow.model->quantities();
    std::map<std::string, Real> before, after, rate;
    for (const auto& each : all) before[each.name] = flow.measure(each.name);
    flow.run(1);
    for (const auto& each : all)
      if (!each.budget_of.empty()) rate[each.budget_of] += flow.measure(each.name);
    flow.run(1);
    for (const auto& each : all) after[each.name] = flow.measure(each.name);
    EXPECT_EQ(rate.size(), 4u);
    for (const auto& [name, sum] : rate)
      EXPECT_NEAR((after[name] - before[name]) / 2e-3, sum, 1e-5 * std::max(1.0, std::abs(sum)))
          << name;
  }
}

TEST(NavierStokes3d, SpectraSumToEnergyAndFluxesEndAtZero) {
  Flow flow(random_16 + "scalar_diffusivity = [0.1]\nscalar_initial = [\"sine_y\"]\n");
  flow.run(10);
  const auto bins = flow.model->bins().size();
  std::vector<Real> spectra(flow.model->spectra().size() * bins);
  flow.model->measure_spectra(spectra.data(), flow.state);
  Real energy = 0, variance = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    energy += spectra[b];
    variance += spectra[2 * bins + b];
  }
  EXPECT_NEAR(energy, flow.measure("energy"), 1e-14);
  EXPECT_NEAR(variance, flow.measure("scalar_variance"), 1e-14);
  EXPECT_NEAR(spectra[2 * bins - 1], 0, 1e-15);
  EXPECT_GT(spectra[bins + 3], 1e-4);  // energy goes to small scales
}

// The spectrum that was asked for, in boxes of other sizes the same flow.
TEST(NavierStokes3d, RandomFlowsHaveTheirEnergyAndDoNotDependOnTheGrid) {
  const std::string keys =
      "initial = \"random\"\ninitial_wavenumber = 2.0\ninitial_energy = 0.7\ninitial_seed = 5\n";
  Flow coarse("points = [32, 32, 32]\n" + keys), fine("points = [48, 40, 64]\n" + keys);
  // E(k) ~ k^4 exp(-2 (k/2)^2) has next to nothing beyond the 10 modes kept.
  EXPECT_NEAR(coarse.measure("energy"), 0.7, 1e-9);
  EXPECT_NEAR(fine.measure("energy"), coarse.measure("energy"), 1e-9);
  EXPECT_NEAR(fine.measure("enstrophy"), coarse.measure("enstrophy"), 1e-6);
  EXPECT_NEAR(fine.measure("helicity"), coarse.measure("helicity"), 1e-6);
  const auto bins = coarse.model->bins().size();
  std::vector<Real> spectra(2 * bins);
  coarse.model->measure_spectra(spectra.data(), coarse.state);
  // Shell 2 has 66 modes of 1.5 <= k < 2.5: weights E(k) / k^2 of each.
  Real sum = 0, shell = 0;
  for (Index x = -10; x <= 10; ++x)
    for (Index y = -10; y <= 10; ++y)
      for (Index z = -10; z <= 10; ++z) {
        const Real k2 = static_cast<Real>(x * x + y * y + z * z), each = k2 * std::exp(-k2 / 2);
        sum += each;
        if (std::lround(std::sqrt(k2)) == 2) shell += each;
      }
  EXPECT_NEAR(spectra[2], 0.7 * shell / sum, 1e-9);

  std::vector<Real> other(at(coarse.model->dofs()));
  coarse.model->draw(other.data(), 1);
  Real difference = 0;
  for (Index i = 0; i < coarse.model->dofs(); ++i)
    difference = std::max(difference, std::abs(other[at(i)] - coarse.members.data()[i]));
  MPI_Allreduce(MPI_IN_PLACE, &difference, 1, MPI_DOUBLE, MPI_MAX, test_support::world());
  EXPECT_GT(difference, 0.1);
}

// The flow (0, sin x, cos x) is steady without viscosity, and takes a scalar along: c = -G t sin x.
TEST(NavierStokes3d, ScalarsFeelTheGradientOfTheirMean) {
  Flow flow(
      "points = [8, 8, 8]\ninitial = \"abc\"\ninitial_abc = [0.0, 1.0, 0.0]\n"
      "scalar_diffusivity = [0.0]\nscalar_gradient = [0.0, 2.0, 0.0]\n",
      "rk4", 0.05);
  flow.run(10);
  const auto& transform = flow.flow().transform();
  const Real* c = flow.values(3);
  std::size_t i = 0;
  for (const Range& piece : transform.point_pieces())
    for (Index p = piece.begin; p < piece.end; ++p, ++i)
      EXPECT_NEAR(c[i], -2.0 * 0.5 * std::sin(2 * pi * static_cast<Real>(p % 8) / 8), 1e-13);
}

TEST(NavierStokes3d, VaryingViscosityIsAnotherViscosity) {
  Flow one(random_16 + "viscosity = 0.05\n"), other(random_16 + "viscosity = 0.02\n");
  *other.model->vary("viscosity") = 0.05;
  one.run(20);
  other.run(20);
  for (Index i = 0; i < one.model->width(); ++i)
    EXPECT_NEAR(one.state.data()[i], other.state.data()[i], 1e-8);
  EXPECT_NE(one.measure("energy"), other.measure("energy"));
}

TEST(NavierStokes3d, CourantNumberIsThatOfTheFastestPoint) {
  Flow flow("points = [16, 32, 8]\ninitial = \"abc\"\ninitial_abc = [0.0, 0.0, 1.0]\n");
  // u = cos y, w = sin y: |u| / dx + |w| / dz is largest at one of the 32 points.
  Real expected = 0;
  for (int j = 0; j < 32; ++j)
    expected = std::max(expected, (16 * std::abs(std::cos(2 * pi * j / 32)) +
                                   8 * std::abs(std::sin(2 * pi * j / 32))) /
                                      (2 * pi));
  EXPECT_NEAR(flow.model->courant(flow.state), expected, 1e-13);
}

// One step on all the ranks there are, and on each alone.
void expect_ranks_to_agree(const std::string& points) {
  const std::string keys = points +
                           "initial = \"random\"\ninitial_wavenumber = 2.0\n"
                           "viscosity = 0.01\nrotation = 1.0\nstratification = 2.0\n"
                           "buoyancy_initial = \"sine_x\"\nscalar_diffusivity = [0.02]\n"
                           "scalar_gradient = [1.0, 0.5, 2.0]\nforcing = \"low_shells\"\n";
  Flow shared(keys), alone(keys, "rk4", 0.01, MPI_COMM_SELF);
  const Columns columns = shared.model->state_columns(), values = shared.model->value_columns();
  EXPECT_EQ(columns.all(), alone.model->width());
  EXPECT_EQ(values.all(), alone.model->dofs());
  EXPECT_EQ(columns.count(), shared.model->width());
  shared.run(1);
  alone.run(1);
  for (Index i = 0; i < columns.count(); ++i)
    EXPECT_NEAR(shared.state.data()[i], alone.state.data()[columns.global(i)], 1e-13);
  shared.values();
  alone.values();
  for (Index i = 0; i < values.count(); ++i)
    EXPECT_NEAR(shared.members.data()[i], alone.members.data()[values.global(i)], 1e-13);
  for (const auto& each : alone.model->quantities()) {
    const Real number = alone.measure(each.name);
    EXPECT_NEAR(shared.measure(each.name), number, 1e-12 * std::max(1.0, std::abs(number)));
  }
}

TEST(NavierStokes3d, RanksThatShareAMemberAgreeWithOne) {
  expect_ranks_to_agree("points = [16, 18, 20]\n");
  expect_ranks_to_agree("points = [16, 10, 20]\n");  // 8 ranks: pencils, 2 x 4
}

TEST(NavierStokes3d, AllocatesNothingInAStep) {
  Flow flow(random_16 + "viscosity = 0.01\nstratification = 1.0\nforcing = \"low_shells\"\n", "rk4",
            0.01, MPI_COMM_SELF);
  flow.run(1);
  std::vector<Real> numbers(flow.model->quantities().size()),
      spectra(flow.model->spectra().size() * flow.model->bins().size()),
      derived(flow.model->derived().size() * at(flow.flow().transform().points()));
  const test_support::AllocationCounter allocations;
  flow.run(2);
  flow.model->measure(numbers.data(), flow.state, 0);
  flow.model->measure_spectra(spectra.data(), flow.state);
  flow.model->derive(derived.data(), flow.state);
  flow.model->courant(flow.state);
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(NavierStokes3d, RefusesWhatCannotBe) {
  EXPECT_THROW(Flow("points = [16, 16]\n"), InputError);
  EXPECT_THROW(Flow("points = [16, 16, 16]\nlengths = [1.0, 2.0]\n"), InputError);
  EXPECT_THROW(Flow("points = [16, 16, 16]\nscalar_diffusivity = [1.0]\nscalar_gradient = [1.0]\n"),
               InputError);
  EXPECT_THROW(Flow("points = [16, 16, 16]\nscalar_initial = [\"zero\"]\n"), InputError);
  EXPECT_THROW(Flow("points = [16, 16, 16]\nforcing = \"abc\"\nforcing_mode = 6\n"), InputError);
  EXPECT_THROW(Flow("points = [16, 16, 16]\nforcing = \"low_shells\"\nforcing_cutoff = 0.5\n"),
               InputError);
  EXPECT_THROW(Flow("points = [16, 16, 16]\nviscosity = -1.0\n"), InputError);
}

}  // namespace
