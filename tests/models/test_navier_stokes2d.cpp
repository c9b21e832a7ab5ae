// SPDX-License-Identifier: BSD-3-Clause
// Two-dimensional flow against exact solutions and conservation laws.
#include "core/error.hpp"
#include "models/flow_case.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <numbers>

namespace {

using namespace starling;
using test_support::FlowCase;
using test_support::scheme;

const Real pi = std::numbers::pi;

// w = 2 sin x sin y exp(-2 nu t): spectralDNS tests/TG2D.py, nu = 0.01, dt = 0.05, T = 10, holds
// 7 digits there.
TEST(NavierStokes2d, TaylorGreenVortexDecaysExactly) {
  for (const char* name : {"rk4", "etdrk4", "ab3", "ssprk3"}) {
    FlowCase flow("points = [32, 32]\nviscosity = 0.01\ninitial = \"taylor_green\"\n");
    EXPECT_NEAR(flow.measure()["energy"], 0.25, 1e-15);
    ASSERT_TRUE(flow.run(name, 0.05, 200));
    const Real decay = std::exp(-2 * 0.01 * 10);
    EXPECT_LT(flow.error([=](Real x, Real y) { return 2 * std::sin(x) * std::sin(y) * decay; }),
              1e-13)
        << name;
  }
}

// A plane wave does not advect itself. All linear terms at once, on a box that is no square.
TEST(NavierStokes2d, APlaneWaveDecaysAndIsCarriedAlong) {
  FlowCase flow(
      "points = [24, 40]\nlengths = [3.0, 5.0]\nviscosity = 0.002\nhyperviscosity = 1e-5\n"
      "hyperviscosity_power = 2\nspectral_viscosity = 0.003\nspectral_cutoff = 6.0\n"
      "drag = 0.1\nhypodrag = 0.7\nhypodrag_power = 2\nmean_flow = [0.4, -0.3]\n"
      "tracer_diffusivity = [0.004]\ntracer_initial = [\"cosine_x\"]\n");
  const Real kx = 2 * pi * 2 / 3.0, ky = -2 * pi * 3 / 5.0, k2 = kx * kx + ky * ky;
  flow.set([=](Real x, Real y) { return std::cos(kx * x + ky * y + 0.3); });
  flow.coefficient(1, 0, 1) = 0.5;
  ASSERT_TRUE(flow.run("etdrk4", 0.05, 40));
  const Real t = 2, cutoff = 1 - std::exp(-std::pow(std::sqrt(k2) / 6, 18));
  const Real rate = 0.002 * k2 + 1e-5 * k2 * k2 + 0.003 * cutoff * k2 + 0.1 + 0.7 / (k2 * k2);
  const auto carried = [=](Real x, Real y) { return kx * (x - 0.4 * t) + ky * (y + 0.3 * t); };
  EXPECT_LT(flow.error([=](Real x, Real y) {
    return std::exp(-rate * t) * std::cos(carried(x, y) + 0.3);
  }),
            1e-13);
}

// A sharp cut-off leaves modes below it alone.
TEST(NavierStokes2d, SpectralViscosityHasACutoff) {
  FlowCase flow(
      "points = [64, 64]\nspectral_viscosity = 0.01\nspectral_cutoff = 8.0\n"
      "spectral_cutoff_shape = \"sharp\"\n");
  const auto symbol = flow.model->linear();
  const auto& transform = flow.model->transform();
  for (Index i = 0; i < transform.coefficients(); ++i) {
    const auto k = transform.wavenumber(i);
    const Real k2 = k[0] * k[0] + k[1] * k[1];
    EXPECT_NEAR(symbol[static_cast<std::size_t>(i)].real(), k2 >= 64 ? -0.01 * k2 : 0, 1e-14);
  }
}

/// A flow with the forcing that makes
///
///     psi = cos(t) sin(a x) cos(2 b y) + sin(2 t)/2 cos(3 a x + b y)
///
/// an exact solution (method of manufactured solutions).
class Manufactured final : public steppers::Semilinear {
 public:
  Manufactured(FlowCase& flow, Real viscosity)
      : flow_(&flow),
        viscosity_(viscosity),
        a_(flow.model->transform().box().unit(0)),
        b_(flow.model->transform().box().unit(1)),
        values_(static_cast<std::size_t>(flow.model->dofs())),
        forcing_(static_cast<std::size_t>(flow.model->width())) {}

  Index width() const override { return flow_->model->width(); }
  std::vector<std::complex<Real>> linear() const override { return flow_->model->linear(); }
  void nonlinear(Rows out, ConstRows u, Real t) override {
    flow_->model->nonlinear(out, u, t);
    const Domain domain = flow_->model->domain();
    for (Index i = 0; i < domain.points(); ++i) {
      const Point at = domain.point(i);
      values_[static_cast<std::size_t>(i)] = forcing(at[0], at[1], t);
    }
    flow_->model->transform().to_coefficients(reinterpret_cast<Complex*>(forcing_.data()),
                                              values_.data(), 1);
    for (std::size_t j = 0; j < forcing_.size(); ++j) out(0, j) += forcing_[j];
  }

  Real vorticity(Real x, Real y, Real t) const {
    return -p2() * first(x, y, t) - q2() * second(x, y, t);
  }

 private:
  Real p2() const { return a_ * a_ + 4 * b_ * b_; }
  Real q2() const { return 9 * a_ * a_ + b_ * b_; }
  Real first(Real x, Real y, Real t) const {
    return std::cos(t) * std::sin(a_ * x) * std::cos(2 * b_ * y);
  }
  Real second(Real x, Real y, Real t) const {
    return std::sin(2 * t) / 2 * std::cos(3 * a_ * x + b_ * y);
  }
  // w_t + psi_x w_y - psi_y w_x - nu lap w.
  Real forcing(Real x, Real y, Real t) const {
    const Real s = std::sin(a_ * x), c = std::cos(a_ * x), cy = std::cos(2 * b_ * y),
               sy = std::sin(2 * b_ * y), wave = std::sin(3 * a_ * x + b_ * y);
    const Real f = std::cos(t), g = std::sin(2 * t) / 2;
    const Real fx = f * a_ * c * cy, fy = -f * 2 * b_ * s * sy;
    const Real gx = -g * 3 * a_ * wave, gy = -g * b_ * wave;
    const Real time =
        p2() * std::sin(t) * s * cy - q2() * std::cos(2 * t) * std::cos(3 * a_ * x + b_ * y);
    const Real wx = -p2() * fx - q2() * gx, wy = -p2() * fy - q2() * gy;
    return time + (fx + gx) * wy - (fy + gy) * wx -
           viscosity_ * (p2() * p2() * first(x, y, t) + q2() * q2() * second(x, y, t));
  }

  FlowCase* flow_;
  Real viscosity_, a_, b_;
  std::vector<Real> values_, forcing_;
};

Real manufactured_error(const std::string& name, Index steps, const std::string& dealiasing) {
  FlowCase flow("points = [24, 18]\nlengths = [4.0, 7.0]\nviscosity = 0.02\ndealiasing = \"" +
                dealiasing + "\"\n");
  Manufactured system(flow, 0.02);
  const Real dt = 1.0 / static_cast<Real>(steps);
  flow.set([&](Real x, Real y) { return system.vorticity(x, y, 0); });
  const auto stepper = scheme(name).make(system, dt);
  Array<Real**> history("history", 1,
                        static_cast<std::size_t>(stepper->history() * system.width()));
  for (Index step = 0; step < steps; ++step)
    stepper->step(flow.state, history, step, dt * static_cast<Real>(step));
  return flow.error([&](Real x, Real y) { return system.vorticity(x, y, 1); });
}

TEST(NavierStokes2d, ConvergesToAManufacturedSolutionAtTheOrderOfTheScheme) {
  struct Case {
    const char* name;
    Index steps;
  };
  for (const Case each : {Case{"rk4", 40}, Case{"etdrk4", 40}, Case{"ssprk3", 80}, Case{"ab3", 320},
                          Case{"cnab2", 320}}) {
    for (const char* dealiasing : {"truncation", "padding"}) {
      const Real coarse = manufactured_error(each.name, each.steps, dealiasing);
      const Real fine = manufactured_error(each.name, 4 * each.steps, dealiasing);
      EXPECT_NEAR(std::log2(coarse / fine) / 2, scheme(each.name).order, 0.1)
          << each.name << " " << coarse << " " << fine;
    }
  }
  // In space it is exact: what is left is the scheme's.
  EXPECT_LT(manufactured_error("rk4", 1600, "truncation"), 1e-10);
}

// A vorticity with a spectrum that does not end: the advection is exact but for what the grid does
// not resolve, which falls faster than any power.
TEST(NavierStokes2d, AdvectionIsSpectrallyAccurate) {
  // psi = exp(cos x) + exp(sin(x + y)), w = lap psi, u.grad w = psi_x w_y - psi_y w_x.
  const auto error = [](Index points) {
    const std::string n = std::to_string(points);
    FlowCase flow("points = [" + n + ", " + n + "]\ndealiasing = \"padding\"\n");
    flow.set([](Real x, Real y) {
      const Real e = std::exp(std::cos(x)), f = std::exp(std::sin(x + y));
      const Real s = std::sin(x + y), c = std::cos(x + y);
      return e * (std::sin(x) * std::sin(x) - std::cos(x)) + 2 * f * (c * c - s);
    });
    Array<Real**> rate("rate", 1, static_cast<std::size_t>(flow.model->width()));
    flow.model->nonlinear(rate, flow.state, 0);
    Kokkos::deep_copy(flow.state, rate);
    return flow.error([](Real x, Real y) {
      // With F(s) = exp(sin s), G = 2 F'': w = E''(x) + G(x + y): J(E + F, E'' + G).
      const Real sx = std::sin(x), cx = std::cos(x), e = std::exp(cx);
      const Real s = std::sin(x + y), c = std::cos(x + y), f = std::exp(s);
      const Real e1 = -sx * e, e3 = e * (-sx * sx * sx + 3 * sx * cx + sx);
      const Real f1 = c * f, f3 = f * (c * c * c - 3 * s * c - c);
      return -((e1 + f1) * 2 * f3 - f1 * (e3 + 2 * f3));
    });
  };
  const Real coarse = error(16), middle = error(32), fine = error(64);
  EXPECT_LT(middle, 1e-4 * coarse);
  EXPECT_LT(fine, 1e-10);
}

Real drift(const std::string& name, const std::string& quantity, Index steps) {
  FlowCase flow(
      "points = [32, 48]\nlengths = [4.0, 6.0]\ninitial = \"random_field\"\n"
      "initial_wavenumber = 4.0\ninitial_exponent = 4.0\ninitial_amplitude = 200.0\n");
  const Real before = flow.measure()[quantity];
  EXPECT_TRUE(flow.run(name, 1.0 / static_cast<Real>(steps), steps));
  return std::abs(flow.measure()[quantity] / before - 1);
}

// The truncated Euler equations conserve energy and enstrophy (kraichnan1980, section 4): what a
// scheme loses vanishes with its order or faster.
TEST(NavierStokes2d, InviscidFlowConservesEnergyAndEnstrophy) {
  for (const char* quantity : {"energy", "enstrophy"}) {
    for (const auto& [name, steps] :
         {std::pair{"rk4", 50}, std::pair{"ssprk3", 100}, std::pair{"ab3", 100}}) {
      const Real coarse = drift(name, quantity, steps), fine = drift(name, quantity, 2 * steps);
      std::printf("  %s %s: %.2e %.2e\n", name, quantity, coarse, fine);
      EXPECT_GT(std::log2(coarse / fine), scheme(name).order - 0.2)
          << name << " " << quantity << " " << coarse << " " << fine;
    }
    EXPECT_LT(drift("rk4", quantity, 800), 1e-10);
  }
}

TEST(NavierStokes2d, BudgetsAreClosed) {
  FlowCase flow(
      "points = [32, 24]\nlengths = [6.0, 5.0]\nviscosity = 0.01\nhyperviscosity = 1e-6\n"
      "drag = 0.1\nhypodrag = 0.2\nmean_flow = [0.3, 0.1]\ninitial = \"mcwilliams1984\"\n"
      "forcing = \"modes\"\nforcing_modes = [1, 2, 0.3, 0.4, 0, 1, -0.2, 0.5, -2, 1, 0.1, 0.7]\n"
      "tracer_diffusivity = [0.02, 0.0]\ntracer_gradient = [1.0, -0.5, 0.0, 0.0]\n"
      "tracer_initial = [\"disk\", \"cosine_y\"]\n");
  // d/dt of all quadratic quantities by their small change along L u + N(u).
  Array<Real**> rate("rate", 1, static_cast<std::size_t>(flow.model->width()));
  flow.model->nonlinear(rate, flow.state, 0);
  const auto symbol = flow.model->linear();
  auto* r = reinterpret_cast<std::complex<Real>*>(rate.data());
  const auto* u = reinterpret_cast<const std::complex<Real>*>(flow.state.data());
  for (std::size_t i = 0; i < symbol.size(); ++i) r[i] += symbol[i] * u[i];
  const auto now = flow.measure();
  const Real h = 0.1;  // central differences of a quadratic are exact
  const auto moved = [&](Real by) {
    for (std::size_t j = 0; j < rate.extent(1); ++j) flow.state(0, j) += by * rate(0, j);
    return flow.measure();
  };
  const auto later = moved(h), earlier = moved(-2 * h);
  for (const auto& quantity : flow.model->quantities()) {
    if (quantity.budget_of.empty()) continue;
    Real sum = 0, size = 0;
    for (const auto& term : flow.model->quantities())
      if (term.budget_of == quantity.budget_of) {
        sum += now.at(term.name);
        size += std::abs(now.at(term.name));
      }
    const std::string& of = quantity.budget_of;
    EXPECT_NEAR((later.at(of) - earlier.at(of)) / (2 * h), sum, 1e-13 * (size + later.at(of) / h))
        << of;
  }
}

TEST(NavierStokes2d, TheMeanOfATracerKeepsItsBits) {
  FlowCase flow(
      "points = [32, 32]\nviscosity = 0.01\ninitial = \"mcwilliams1984\"\n"
      "tracer_diffusivity = [0.01]\ntracer_gradient = [1.0, 0.3]\n"
      "tracer_initial = [\"disk\"]\nmean_flow = [1.0, 0.0]\n");
  const Real before = flow.measure()["tracer_mean"];
  EXPECT_GT(before, 0.1);
  ASSERT_TRUE(flow.run("rk4", 0.01, 100));
  EXPECT_EQ(flow.measure()["tracer_mean"], before);
  EXPECT_EQ(flow.coefficient(0, 0), Complex(0));
}

// A steady shear u = a sin y carries a tracer to c(x - u t, y).
TEST(NavierStokes2d, AShearCarriesATracer) {
  FlowCase flow(
      "points = [32, 96]\ntracer_diffusivity = [0.0]\ntracer_initial = [\"cosine_x\"]\n"
      "dealiasing = \"padding\"\n");
  flow.set([](Real, Real y) { return -0.7 * std::cos(y); });
  ASSERT_TRUE(flow.run("rk4", 0.01, 200));
  flow.model->to_physical(flow.members, flow.state);
  const Domain domain = flow.model->domain();
  for (Index i = 0; i < domain.points(); ++i) {
    const Point at = domain.point(i);
    EXPECT_NEAR(flow.members(0, static_cast<std::size_t>(domain.points() + i)),
                std::cos(at[0] - 0.7 * std::sin(at[1]) * 2), 1e-8);
  }
}

// With a gradient G of its mean along y, c = -G y + c' is carried whole: the same as above in terms
// of c'. u = 0, v = a cos x: c' = -G a cos(x) t.
TEST(NavierStokes2d, AMeanGradientFeedsTheTracer) {
  FlowCase flow("points = [16, 16]\ntracer_diffusivity = [0.0]\ntracer_gradient = [0.0, 2.0]\n");
  flow.set([](Real x, Real) { return -0.5 * std::sin(x); });
  ASSERT_TRUE(flow.run("rk4", 0.1, 10));
  EXPECT_NEAR(flow.coefficient(1, 0, 1).real(), -2 * 0.5 / 2, 1e-14);
  EXPECT_NEAR(flow.measure()["tracer_variance"], 0.5, 1e-14);
}

TEST(NavierStokes2d, SpectraAddUpAndAdvectionMovesNothingOut) {
  FlowCase flow(
      "points = [48, 32]\nlengths = [6.0, 4.0]\ninitial = \"mcwilliams1984\"\n"
      "tracer_diffusivity = [0.0]\ntracer_initial = [\"disk\"]\n");
  const std::size_t bins = flow.model->bins().size();
  std::vector<Real> spectra(bins * flow.model->spectra().size());
  flow.model->measure_spectra(spectra.data(), flow.state);
  Real energy = 0, variance = 0, largest = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    energy += spectra[b];
    variance += spectra[3 * bins + b];
    largest = std::max(largest, std::abs(spectra[bins + b]));
  }
  EXPECT_NEAR(energy, flow.measure()["energy"], 1e-14);
  EXPECT_NEAR(variance, flow.measure()["tracer_variance"], 1e-14);
  EXPECT_GT(largest, 1e-3);
  EXPECT_NEAR(spectra[2 * bins - 1], 0, 1e-14 * largest * static_cast<Real>(bins));
  // The ring k = 2 pi m / 4 of the coarser of both directions.
  EXPECT_NEAR(flow.model->bins()[3], 3 * 2 * pi / 4, 1e-14);
}

// psi = a sin(x) sin(2 y): u = -2 a sin x cos 2y, v = a cos x sin 2y.
TEST(NavierStokes2d, VelocitiesFollowFromTheVorticity) {
  FlowCase flow("points = [16, 24]\nmean_flow = [0.25, -1.0]\n");
  flow.set([](Real x, Real y) { return -5 * 0.3 * std::sin(x) * std::sin(2 * y); });
  const Domain domain = flow.model->domain();
  const auto points = static_cast<std::size_t>(domain.points());
  std::vector<Real> fields(3 * points);
  flow.model->derive(fields.data(), flow.state);
  Real courant = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const Point at = domain.point(static_cast<Index>(i));
    const Real u = 0.25 - 0.6 * std::sin(at[0]) * std::cos(2 * at[1]);
    const Real v = -1 + 0.3 * std::cos(at[0]) * std::sin(2 * at[1]);
    EXPECT_NEAR(fields[i], u, 1e-14);
    EXPECT_NEAR(fields[points + i], v, 1e-14);
    EXPECT_NEAR(fields[2 * points + i], 0.3 * std::sin(at[0]) * std::sin(2 * at[1]), 1e-14);
    courant = std::max(courant, std::abs(u) * 16 / (2 * pi) + std::abs(v) * 24 / (2 * pi));
  }
  EXPECT_NEAR(flow.model->courant(flow.state), courant, 1e-12);
}

TEST(NavierStokes2d, ParametersThatVaryActAsThoseOfTheInput) {
  const std::string rest = "points = [16, 16]\ninitial = \"mcwilliams1984\"\n";
  FlowCase varied(rest + "viscosity = 0.01\ndrag = 0.5\n"),
      own(rest + "viscosity = 0.03\ndrag = 0.2\n");
  *varied.model->vary("viscosity") = 0.03;
  *varied.model->vary("drag") = 0.2;
  ASSERT_TRUE(varied.run("rk4", 0.005, 20));
  ASSERT_TRUE(own.run("rk4", 0.005, 20));
  for (std::size_t j = 0; j < varied.state.extent(1); ++j)
    EXPECT_NEAR(varied.state(0, j), own.state(0, j), 1e-9);
}

TEST(NavierStokes2d, SaysWhatItNeeds) {
  EXPECT_THROW(FlowCase("points = [16]\n"), InputError);
  EXPECT_THROW(FlowCase("points = [16, 15]\n"), InputError);
  EXPECT_THROW(FlowCase("points = [16, 16]\nlengths = [1.0, 2.0, 3.0]\n"), InputError);
  EXPECT_THROW(FlowCase("points = [16, 16]\nspectral_viscosity = 0.1\n"), InputError);
  EXPECT_THROW(FlowCase("points = [16, 16]\nforcing = \"kolmogorov\"\nforcing_mode = 6\n"),
               InputError);
  EXPECT_THROW(FlowCase("points = [16, 16]\nforcing = \"modes\"\nforcing_modes = [1, 2, 3]\n"),
               InputError);
  EXPECT_THROW(FlowCase("points = [16, 16]\nforcing = \"ring\"\n"), InputError);
  EXPECT_THROW(FlowCase("points = [16, 16]\nforcing = \"ring\"\nforcing_wavenumber = 50.0\n"),
               InputError);
  EXPECT_THROW(FlowCase("points = [16, 16]\ninitial = \"laminar\"\n"), InputError);
  EXPECT_THROW(FlowCase("points = [16, 16]\ntracer_gradient = [1.0, 0.0]\n"), InputError);
}

}  // namespace
