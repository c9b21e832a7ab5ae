// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/random.hpp"
#include "models/double_gyre.hpp"
#include "models/model_case.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace starling;
using models::DoubleGyre;
using test_support::ModelCase;

constexpr Real pi = std::numbers::pi;

ModelCase make(Index nx, Index ny, const std::string& keys) {
  return {DoubleGyre::entry(), fmt::format("points = [{}, {}]\n", nx, ny) + keys};
}

// Eigenvalue of the five-point Laplacian for sin(m pi x/Lx) sin(n pi y/Ly).
Real eigenvalue(Index m, Index n, const Domain& domain) {
  Real sum = 0;
  for (const auto& [mode, axis] : {std::pair{m, domain.axis(0)}, std::pair{n, domain.axis(1)}}) {
    const auto cells = static_cast<Real>(axis.points + 1);
    const Real s = 2 / axis.spacing * std::sin(pi * static_cast<Real>(mode) / (2 * cells));
    sum -= s * s;
  }
  return sum;
}

void fill_with_noise(ModelCase& run) {
  const Stream noise(5, Purpose::initial_perturbation, 0, 0);
  for (Index j = 0; j < run.size(); ++j)
    run.member.data()[j] = noise.normal(static_cast<std::uint64_t>(j));
  run.model->to_states(run.state, run.member);
}

// arakawa1966: sums of psi J and of q J are zero, whatever the fields.
TEST(DoubleGyre, AdvectionKeepsEnergyAndEnstrophy) {
  ModelCase run = make(23, 18,
                       "lengths = [1.2, 1.0]\nbeta = 0.0\nadvection = 1.0\nfroude = 30.0\n"
                       "wind = 0.0\n");
  fill_with_noise(run);
  const Array<Real**> rate = run.rate();
  Real energy = 0, enstrophy = 0, energy_size = 0, enstrophy_size = 0;
  for (Index i = 0; i < run.size(); ++i) {
    energy += run.member.data()[i] * rate.data()[i];
    enstrophy += run.state.data()[i] * rate.data()[i];
    energy_size += std::abs(run.member.data()[i] * rate.data()[i]);
    enstrophy_size += std::abs(run.state.data()[i] * rate.data()[i]);
  }
  EXPECT_LT(std::abs(energy), 1e-14 * energy_size);
  EXPECT_LT(std::abs(enstrophy), 1e-14 * enstrophy_size);
}

TEST(DoubleGyre, TheStreamFunctionOfAnEigenfunctionIsKnown) {
  ModelCase run = make(127, 95,
                       "lengths = [1.0, 0.75]\nadvection = 0.0\nfroude = 1600.0\n"
                       "wind = 0.0\n");
  const Domain domain = run.model->domain();
  for (const auto& [m, n] :
       {std::pair{1, 1}, std::pair{3, 7}, std::pair{60, 2}, std::pair{127, 95}}) {
    const auto f = [&](Real x, Real y) {
      return std::sin(m * pi * x) * std::sin(n * pi * y / 0.75);
    };
    for (Index i = 0; i < run.size(); ++i)
      run.state.data()[i] =
          (eigenvalue(m, n, domain) - 1600) * f(domain.point(i)[0], domain.point(i)[1]);
    run.model->to_physical(run.member, run.state);
    EXPECT_LT(run.error(run.member, f), 1e-12);
  }
}

// A mode advects nothing; friction makes it decay by itself.
TEST(DoubleGyre, AModeDecaysAtItsRate) {
  ModelCase run = make(31, 23,
                       "lengths = [1.0, 0.75]\nbeta = 0.0\nadvection = 0.01\nfroude = 50.0\n"
                       "wind = 0.0\ndrag = 0.1\nviscosity = 1e-3\nhyperviscosity = 1e-6\n"
                       "initial = \"mode\"\ninitial_mode = [3, 2]\ninitial_amplitude = 1.7\n");
  const Real l = eigenvalue(3, 2, run.model->domain());
  const Real rate = (-0.1 * l + 1e-3 * l * l - 1e-6 * l * l * l) / (l - 50);
  ASSERT_LT(rate, -0.1);
  ASSERT_TRUE(run.run("rk4", 0.01, 100));
  EXPECT_LT(run.error(run.member,
                      [=](Real x, Real y) {
                        return 1.7 * std::exp(rate) * std::sin(3 * pi * x) *
                               std::sin(2 * pi * y / 0.75);
                      }),
            1e-9);
}

// Three modes with all derivatives in closed form.
struct Modes {
  struct Mode {
    Real a, k, l;
  };
  std::array<Mode, 3> modes = {Mode{1.0, pi, 2 * pi}, Mode{0.5, 2 * pi, 2 * pi},
                               Mode{-0.4, 2 * pi, 4 * pi}};  // Ly = 1/2
  enum class Of { value, x, y };
  // The derivative of lap^p psi.
  Real operator()(Real x, Real y, int p, Of of = Of::value) const {
    Real sum = 0;
    for (const auto& [a, k, l] : modes) {
      const Real c = a * std::pow(-k * k - l * l, p);
      if (of == Of::value) sum += c * std::sin(k * x) * std::sin(l * y);
      if (of == Of::x) sum += c * k * std::cos(k * x) * std::sin(l * y);
      if (of == Of::y) sum += c * l * std::sin(k * x) * std::cos(l * y);
    }
    return sum;
  }
};

TEST(DoubleGyre, TheRateIsThatOfTheEquationToSecondOrder) {
  const Modes psi;
  using Of = Modes::Of;
  const Real f = 40;
  const auto rate = [&](Real x, Real y) {
    const auto q = [&](Of of) { return psi(x, y, 1, of) - f * psi(x, y, 0, of); };
    const Real jacobian = psi(x, y, 0, Of::x) * q(Of::y) - psi(x, y, 0, Of::y) * q(Of::x);
    return -1.5 * psi(x, y, 0, Of::x) - 0.2 * jacobian + 2.5 * std::sin(4 * pi * y) -
           0.3 * psi(x, y, 1) + 0.02 * psi(x, y, 2) - 1e-4 * psi(x, y, 3);
  };
  std::vector<Real> off;
  for (const Index n : {32, 64, 128}) {
    ModelCase run = make(n - 1, n / 2 - 1,
                         "lengths = [1.0, 0.5]\nbeta = 1.5\nadvection = 0.2\nfroude = 40.0\n"
                         "wind = 2.5\ndrag = 0.3\nviscosity = 0.02\nhyperviscosity = 1e-4\n");
    run.set([&](Real x, Real y) { return psi(x, y, 0); });
    off.push_back(run.error(run.rate(), rate));
  }
  EXPECT_NEAR(std::log2(off[0] / off[1]), 2, 0.1);
  EXPECT_NEAR(std::log2(off[1] / off[2]), 2, 0.05);
}

// Rossby modes of a basin (pedlosky1987): exact without wind, friction and advection.
TEST(DoubleGyre, RossbyModesOfTheBasin) {
  const Real f = 60, kappa2 = pi * pi + 4 * pi * pi, omega = 1 / (2 * std::sqrt(kappa2 + f));
  const Real duration = pi / (2 * omega);
  const auto mode = [=](Real t) {
    return [=](Real x, Real y) {
      return std::cos(x / (2 * omega) + omega * t) * std::sin(pi * x) * std::sin(2 * pi * y);
    };
  };
  std::vector<Real> off;
  for (const Index n : {32, 64, 128}) {
    ModelCase run = make(n - 1, n - 1, "advection = 0.0\nfroude = 60.0\nwind = 0.0\n");
    run.set(mode(0));
    ASSERT_TRUE(run.run("rk4", duration / 100, 100));
    off.push_back(run.error(run.member, mode(duration)));
  }
  EXPECT_LT(off[2], 0.01);
  EXPECT_NEAR(std::log2(off[0] / off[1]), 2, 0.2);
  EXPECT_NEAR(std::log2(off[1] / off[2]), 2, 0.1);
}

// d/dt of the energy is what -<psi q_t> is, of which beta and advection have no part.
TEST(DoubleGyre, TheBudgetOfEnergyIsExact) {
  ModelCase run = make(15, 12,
                       "advection = 0.3\nfroude = 20.0\nwind = 2.0\ndrag = 0.3\n"
                       "viscosity = 0.02\nhyperviscosity = 1e-4\n");
  fill_with_noise(run);
  std::array<Real, 5> measured{};
  run.model->measure(measured.data(), run.state, 0);
  const auto [energy, kinetic, enstrophy, input, dissipation] = measured;
  const Array<Real**> rate = run.rate();
  Real change = 0, gradients = 0, squares = 0, enstrophies = 0;
  const auto psi = [&](Index i, Index j) {
    return i < 0 || j < 0 || i > 14 || j > 11 ? 0 : run.member.data()[i + 15 * j];
  };
  for (Index j = -1; j < 12; ++j)
    for (Index i = -1; i < 15; ++i) {
      const Real x = 16 * (psi(i + 1, j) - psi(i, j)), y = 13 * (psi(i, j + 1) - psi(i, j));
      gradients += (x * x + y * y) / 2 / (16 * 13);
      squares += psi(i, j) * psi(i, j) / 2 / (16 * 13);
    }
  for (Index i = 0; i < run.size(); ++i) {
    change -= run.member.data()[i] * rate.data()[i] / (16 * 13);
    enstrophies += run.state.data()[i] * run.state.data()[i] / 2 / (16 * 13);
  }
  EXPECT_NEAR(kinetic / gradients, 1, 1e-12);
  EXPECT_NEAR(energy / (gradients + 20 * squares), 1, 1e-12);
  EXPECT_NEAR(enstrophy / enstrophies, 1, 1e-12);
  EXPECT_LT(dissipation, 0);
  EXPECT_NEAR((input + dissipation) / change, 1, 1e-12);
}

TEST(DoubleGyre, DerivedFieldsAreThoseOfTheStreamFunction) {
  const Modes psi;
  using Of = Modes::Of;
  ModelCase run = make(255, 127,
                       "lengths = [1.0, 0.5]\nadvection = 0.2\nfroude = 40.0\n"
                       "wind = 0.0\n");
  run.set([&](Real x, Real y) { return psi(x, y, 0); });
  ASSERT_EQ(run.model->derived().size(), 3u);
  std::vector<Real> fields(static_cast<std::size_t>(3 * run.size()));
  run.model->derive(fields.data(), run.state);
  const Domain domain = run.model->domain();
  Real courant = 0;
  for (Index i = 0; i < run.size(); ++i) {
    const Real x = domain.point(i)[0], y = domain.point(i)[1];
    const auto at = [&](Index field) {
      return fields[static_cast<std::size_t>(field * run.size() + i)];
    };
    EXPECT_NEAR(at(0), psi(x, y, 1) - 40 * psi(x, y, 0), 0.05);
    EXPECT_NEAR(at(1), -psi(x, y, 0, Of::y), 0.01);
    EXPECT_NEAR(at(2), psi(x, y, 0, Of::x), 0.01);
    courant = std::max(courant, 0.2 * 256 * (std::abs(at(1)) + std::abs(at(2))));
  }
  EXPECT_NEAR(run.model->courant(run.state), courant, 1e-10 * courant);
}

TEST(DoubleGyre, RandomStartsDontDependOnTheGrid) {
  const std::string keys =
      "advection = 0.0\nfroude = 1.0\nwind = 0.0\ninitial = \"random\"\n"
      "initial_amplitude = 3.0\n";
  ModelCase coarse = make(15, 15, keys), fine = make(31, 31, keys);
  for (const Index number : {0, 1}) {
    coarse.model->draw(coarse.member.data(), number);
    fine.model->draw(fine.member.data(), number);
    Real square = 0;
    for (Index j = 0; j < 15; ++j)
      for (Index i = 0; i < 15; ++i) {
        const Real value = coarse.member.data()[i + 15 * j];
        EXPECT_NEAR(value, fine.member.data()[2 * i + 1 + 31 * (2 * j + 1)], 1e-13);
        square += value * value / 256;
      }
    EXPECT_NEAR(square, 9, 1e-12);
  }
}

// The Fortran code of sakov2008 (EnKF-Matlab, as in nansencenter/DAPPER, dapper/mods/QG/f90) on 33
// x 33 points: MREFIN = 5, rkh2 = 1e-9, else as published, 20 multigrid cycles instead of 3 so that
// its elliptic solution is converged. The sign of its wind is not that of the paper's equation.
const std::string published =
    "advection = 1e-5\nfroude = 1600.0\nwind = -6.283185307179586\nhyperviscosity = 1e-9\n";

TEST(DoubleGyre, TheRateIsThatOfItsAuthors) {
  ModelCase run = make(31, 31, published);
  run.set([](Real x, Real y) {
    return 20 * std::sin(pi * x) * std::sin(2 * pi * y) -
           7 * std::sin(3 * pi * x) * std::sin(pi * y) +
           3 * std::sin(2 * pi * x) * std::sin(5 * pi * y);
  });
  const Array<Real**> rate = run.rate();
  Real squares = 0;
  for (Index i = 0; i < run.size(); ++i) squares += rate.data()[i] * rate.data()[i] / (32 * 32);
  // At (1/2, 1/4) and (1/4, 17/32).
  EXPECT_NEAR(rate.data()[15 + 31 * 7], -19.85419958047585, 1e-11);
  EXPECT_NEAR(rate.data()[7 + 31 * 16], -35.18649870938615, 1e-11);
  EXPECT_NEAR(std::sqrt(squares), 44.50705430110349, 1e-11);
}

struct Known {
  Real largest, root_mean_square, at_quarter, energy;  // of psi; at_quarter: at (1/4, 1/4)
};

void expect_known(ModelCase& run, Index cells, const Known& known) {
  const auto points = static_cast<Real>(cells * cells);
  Real largest = 0, squares = 0;
  std::array<Real, 5> measured{};
  for (Index i = 0; i < run.size(); ++i) {
    largest = std::max(largest, run.member.data()[i]);
    squares += run.member.data()[i] * run.member.data()[i] / points;
  }
  run.model->measure(measured.data(), run.state, 0);
  const Index quarter = cells / 4 - 1;
  EXPECT_NEAR(largest / known.largest, 1, 1e-9);
  EXPECT_NEAR(std::sqrt(squares) / known.root_mean_square, 1, 1e-9);
  EXPECT_NEAR(run.member.data()[quarter * cells] / known.at_quarter, 1, 1e-9);
  EXPECT_NEAR(measured[0] / known.energy, 1, 1e-9);
}

TEST(DoubleGyre, SpinsUpFromRestAsThatOfItsAuthors) {
  ModelCase run = make(31, 31, published);
  ASSERT_TRUE(run.run("rk4", 1.25, 1000));
  expect_known(run, 32, {6.949720106274, 2.419780359781995, 4.576386028033, 5.326069263231238e3});
  ASSERT_TRUE(run.run("rk4", 1.25, 1000));
  expect_known(run, 32, {8.994426200518, 2.708860521245755, 4.778601023456, 7.117021875205027e3});
}

// MREFIN = 7, rkh2 = 2e-12.
TEST(DoubleGyre, SpinsUpFromRestAsPublished) {
  ModelCase run = make(127, 127,
                       "advection = 1e-5\nfroude = 1600.0\nwind = -6.283185307179586\n"
                       "hyperviscosity = 2e-12\n");
  ASSERT_TRUE(run.run("rk4", 1.25, 200));
  expect_known(run, 128,
               {1.030010404755447, 0.6364287981666681, 0.9581177054456, 350.3312218176955});
}

TEST(DoubleGyre, WrongKeysAreRefused) {
  EXPECT_THROW(make(2, 8, "advection = 0.0\nfroude = 1.0\nwind = 0.0\n"), InputError);
  EXPECT_THROW(make(8, 8, "froude = 1.0\nwind = 0.0\n"), InputError);
  EXPECT_THROW(make(8, 8, "lengths = [1.0]\nadvection = 0.0\nfroude = 1.0\nwind = 0.0\n"),
               InputError);
}

}  // namespace
