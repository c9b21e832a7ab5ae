// SPDX-License-Identifier: BSD-3-Clause
// Random initial states of layers and of boxes against their formulas.
#include "core/config.hpp"
#include "models/moments.hpp"
#include "models/navier_stokes3d.hpp"
#include "models/quasi_geostrophic_case.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace starling;
using test_support::ComplexMoments;
using test_support::pi;
using test_support::QuasiGeostrophicCase;
using test_support::SampleMean;
using test_support::Share;
using test_support::square;

class Layers : public QuasiGeostrophicCase {
 public:
  static QuasiGeostrophicCase::Settings settings(Index points, const std::string& kind,
                                                 Real amplitude) {
    QuasiGeostrophicCase::Settings all(spectral::Box(points, points, 4 * pi, 4 * pi));
    all.radius = 0.7;
    all.thickness_ratio = 0.25;
    all.start = {.kind = kind, .amplitude = amplitude, .modes = 7, .seed = 5};
    return all;
  }
  Layers(Index points, const std::string& kind, Real amplitude)
      : QuasiGeostrophicCase(settings(points, kind, amplitude)) {}

  void draw(Index number) {
    model.draw(members.data(), number);
    model.to_states(state, members);
  }
  Complex coefficient(Index x, Index y, Index layer = 0) {
    for (Index i = 0; i < model.transform().coefficients(); ++i)
      if (model.transform().mode(i)[0] == x && model.transform().mode(i)[1] == y)
        return q(layer)[i];
    throw std::runtime_error("no such mode");
  }
};

// Half of the modes in a circle of radius 7.
std::vector<std::array<int, 2>> half_of_modes() {
  std::vector<std::array<int, 2>> all;
  for (int x = 0; x <= 7; ++x)
    for (int y = x == 0 ? 1 : -7; y <= 7; ++y)
      if (x * x + y * y <= 49) all.push_back({x, y});
  return all;
}

// n coefficients and their opposites of equal law with mean square a^2 in all: shares of the
// exponentially distributed |q^|^2, whose means are 1 / n and whose squares 2 / (n (n + 1)).
TEST(FamiliesOfLayers, NoiseIsWhiteInTheCircle) {
  Layers flow(32, "noise", 3.0);
  const auto n = static_cast<Real>(half_of_modes().size());
  ComplexMoments low, edge, lower_layer;
  SampleMean between_real, between_imaginary;
  const Real points = static_cast<Real>(flow.model.transform().all_points());
  for (int draw = 0; draw < 3000; ++draw) {
    flow.draw(draw);
    low.add(flow.coefficient(1, -1));
    edge.add(flow.coefficient(0, 7));
    lower_layer.add(flow.coefficient(1, -1, 1));
    const Complex product = flow.coefficient(1, -1) * Kokkos::conj(flow.coefficient(1, -1, 1));
    between_real.add(product.real());
    between_imaginary.add(product.imag());
    EXPECT_LT(Kokkos::abs(flow.coefficient(5, 5)), 1e-14);
    for (const Index layer : {0, 1}) EXPECT_NEAR(flow.square_sum(flow.q(layer)) / points, 9, 1e-12);
  }
  const Real kurtosis = 2 * n / (n + 1);
  low.expect_uniform_phase(4.5 / n, kurtosis, "(1, -1)");
  edge.expect_uniform_phase(4.5 / n, kurtosis, "(0, 7)");
  lower_layer.expect_uniform_phase(4.5 / n, kurtosis, "(1, -1), lower layer");
  between_real.expect(0, "between layers");
  between_imaginary.expect(0, "between layers");
}

// |u^|^2 goes as 1 / (1 + (m/6)^4), m the mode number, and its sum over half of the modes is the
// kinetic energy; q = lap psi is the same in both layers.
TEST(FamiliesOfLayers, RandomPhasesHaveTheSpectrumOfMcWilliams) {
  Layers flow(32, "random_phase", 2.0);
  const auto speed = [](int x, int y) { return 1 / (1 + std::pow(std::hypot(x, y) / 6, 4)); };
  std::vector<Real> all;
  for (const auto& [x, y] : half_of_modes()) all.push_back(speed(x, y));
  ComplexMoments low, high;
  SampleMean outer;
  Real expected_outer = 0;
  for (const auto& [x, y] : half_of_modes())
    if (x * x + y * y >= 25) expected_outer += 2 * Share(all, speed(x, y)).mean;
  for (int draw = 0; draw < 3000; ++draw) {
    flow.draw(draw);
    low.add(flow.coefficient(1, -1));
    high.add(flow.coefficient(6, 3));
    Real sum = 0;
    for (Index i = 0; i < flow.model.transform().coefficients(); ++i) {
      const auto m = flow.model.transform().mode(i);
      const Real m2 = static_cast<Real>(m[0] * m[0] + m[1] * m[1]);
      if (m2 >= 25) sum += flow.model.transform().weight(i) * square(flow.q()[i]) / (m2 / 4) / 2;
    }
    outer.add(sum);
    EXPECT_NEAR(square(flow.coefficient(2, 3) - flow.coefficient(2, 3, 1)), 0, 1e-26);
  }
  const Share first(all, speed(1, 1)), second(all, speed(6, 3));
  outer.expect(expected_outer, "energy of the modes from 5 on");
  // k = m / 2.
  low.expect_uniform_phase(2.0 / 4 * 2.0 * first.mean, first.square / (first.mean * first.mean),
                           "(1, -1)");
  high.expect_uniform_phase(45.0 / 4 * 2.0 * second.mean,
                            second.square / (second.mean * second.mean), "(6, 3)");
}

TEST(FamiliesOfLayers, DrawsAreTheSameOnOtherGridsAndIndependentOfEachOther) {
  for (const char* kind : {"noise", "random_phase"}) {
    Layers coarse(32, kind, 1.0), fine(48, kind, 1.0);
    std::vector<Real> reference(static_cast<std::size_t>(coarse.model.dofs()));
    coarse.model.reference(reference.data());
    coarse.draw(0);
    for (std::size_t j = 0; j < reference.size(); ++j)
      EXPECT_EQ(coarse.members(0, j), reference[j]);
    fine.draw(9);
    coarse.draw(9);
    Complex before = coarse.coefficient(2, 1);
    for (const auto& [x, y] : half_of_modes())
      EXPECT_NEAR(square(coarse.coefficient(x, y) - fine.coefficient(x, y)), 0, 1e-28);
    SampleMean real, imaginary;
    for (int draw = 10; draw < 1000; ++draw) {
      coarse.draw(draw);
      const Complex now = coarse.coefficient(2, 1), product = now * Kokkos::conj(before);
      real.add(product.real());
      imaginary.add(product.imag());
      before = now;
    }
    real.expect(0, kind);
    imaginary.expect(0, kind);
  }
}

class Box {
 public:
  explicit Box(const std::string& keys) {
    const auto entry = models::NavierStokes3d::entry();
    Config config = Config::parse("[model]\n" + keys, "test_families3d.cpp");
    any_ = entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
    model = dynamic_cast<models::NavierStokes3d*>(any_.get());
    members = Array<Real**>("members", 1, static_cast<std::size_t>(model->dofs()));
    state = Array<Real**>("state", 1, static_cast<std::size_t>(model->width()));
  }
  void draw(Index number) {
    model->draw(members.data(), number);
    model->to_states(state, members);
  }
  std::array<Complex, 3> at(Index i) const {
    const auto* u = reinterpret_cast<const Complex*>(state.data());
    const Index n = model->transform().coefficients();
    return {u[i], u[n + i], u[2 * n + i]};
  }
  Index place(const std::array<Index, 3>& mode) const {
    for (Index i = 0; i < model->transform().coefficients(); ++i)
      if (model->transform().mode(i) == mode) return i;
    throw std::runtime_error("no such mode");
  }

  models::NavierStokes3d* model;
  Array<Real**> members, state;

 private:
  std::unique_ptr<models::Model> any_;
};

std::string box(const std::string& points) {
  return "points = " + points +
         "\ninitial = \"random\"\ninitial_wavenumber = 1.5\ninitial_exponent = 3.0\n"
         "initial_energy = 2.0\ninitial_seed = 4\n";
}

// Isotropic turbulence of the spectrum E(k) ~ k^p exp(-p/2 (k/k0)^2), p = 3, k0 = 1.5
// (rogallo1981): E(k) / k^2 for each mode up to a factor; E u_i u_j* = |u|^2 / 2 (delta_ij - k_i
// k_j / k^2). The component along z of a mode with k_z = 0 is |u| sin(angle), whose fourth moment
// is 3/8 |u|^4.
TEST(FamiliesOfBoxes, RandomFlowIsIsotropicWithItsSpectrum) {
  Box flow(box("[20, 20, 20]"));
  const auto density = [](Real k2) {
    return k2 == 0 ? 0 : std::pow(k2, 0.5) * std::exp(-1.5 * k2 / 2.25);
  };
  Real sum = 0;
  for (int x = -8; x <= 8; ++x)
    for (int y = -8; y <= 8; ++y)
      for (int z = -8; z <= 8; ++z) sum += density(x * x + y * y + z * z);
  const auto variance = [&](Real k2) { return 2 * 2.0 * density(k2) / sum; };
  const Index flat = flow.place({1, 1, 0}), steep = flow.place({1, -2, 1}),
              alone = flow.place({0, 0, 1});
  ComplexMoments along_z, along_x, along_y, lonely, cross;
  SampleMean flat_xy, steep_xz, steep_yy, between;
  for (int n = 0; n < 1500; ++n) {
    flow.draw(n);
    const auto a = flow.at(flat), b = flow.at(steep), c = flow.at(alone);
    along_x.add(a[0]);
    along_z.add(a[2]);
    along_y.add(b[1]);
    lonely.add(c[0]);
    flat_xy.add((a[0] * Kokkos::conj(a[1])).real());
    steep_xz.add((b[0] * Kokkos::conj(b[2])).real());
    steep_yy.add(square(b[1]));
    between.add((a[0] * Kokkos::conj(b[0])).real());
    cross.add(a[0] * Kokkos::conj(a[2]));
    EXPECT_NEAR(square(a[0]) + square(a[1]) + square(a[2]), variance(2), 1e-14);
    EXPECT_NEAR(square(b[0]) + square(b[1]) + square(b[2]), variance(6), 1e-14);
    if (n % 100 != 0) continue;
    const auto& transform = flow.model->transform();
    Real energy = 0, divergence = 0;
    for (Index i = 0; i < transform.coefficients(); ++i) {
      const auto k = transform.wavenumber(i);
      const auto u = flow.at(i);
      energy += transform.weight(i) * (square(u[0]) + square(u[1]) + square(u[2])) / 2;
      divergence = std::max(divergence, Kokkos::abs(k[0] * u[0] + k[1] * u[1] + k[2] * u[2]));
    }
    EXPECT_NEAR(energy, 2, 1e-10);
    EXPECT_LT(divergence, 1e-15);
  }
  along_x.expect_uniform_phase(variance(2) / 4, 0, "x of (1, 1, 0)");
  along_z.expect_uniform_phase(variance(2) / 2, 1.5, "z of (1, 1, 0)");
  along_y.expect_uniform_phase(variance(6) / 6, 0, "y of (1, -2, 1)");
  lonely.expect_uniform_phase(variance(1) / 2, 1.5, "x of (0, 0, 1)");
  flat_xy.expect(-variance(2) / 4, "xy of (1, 1, 0)");
  steep_xz.expect(-variance(6) / 12, "xz of (1, -2, 1)");
  between.expect(0, "modes (1, 1, 0) and (1, -2, 1)");
  cross.real.expect(0, "xz of (1, 1, 0)");
  cross.imaginary.expect(0, "xz of (1, 1, 0)");
}

TEST(FamiliesOfBoxes, DrawsAreTheSameOnOtherGridsAndIndependentOfEachOther) {
  Box coarse(box("[16, 16, 16]")), fine(box("[18, 20, 24]"));
  std::vector<Real> reference(static_cast<std::size_t>(coarse.model->dofs()));
  coarse.model->reference(reference.data());
  coarse.draw(0);
  for (std::size_t j = 0; j < reference.size(); ++j) EXPECT_EQ(coarse.members(0, j), reference[j]);
  coarse.draw(9);
  fine.draw(9);
  for (const std::array<Index, 3>& mode :
       {std::array<Index, 3>{1, 0, 0}, {0, 1, -2}, {0, 0, 3}, {2, -3, 1}, {5, 0, -1}})
    for (const std::size_t c : {0, 1, 2})
      EXPECT_NEAR(square(coarse.at(coarse.place(mode))[c] - fine.at(fine.place(mode))[c]), 0,
                  1e-30);
  SampleMean real, imaginary;
  const Index at = coarse.place({1, 1, 1});
  Complex before = coarse.at(at)[0];
  for (int n = 10; n < 1000; ++n) {
    coarse.draw(n);
    const Complex product = coarse.at(at)[0] * Kokkos::conj(before);
    before = coarse.at(at)[0];
    real.add(product.real());
    imaginary.add(product.imag());
  }
  real.expect(0, "draws n and n + 1");
  imaginary.expect(0, "draws n and n + 1");
}

}  // namespace
