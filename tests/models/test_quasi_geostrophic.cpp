// SPDX-License-Identifier: BSD-3-Clause
// Quasi-geostrophic turbulence against exact solutions.
#include "core/error.hpp"
#include "models/quasi_geostrophic_case.hpp"
#include "support/allocation_counter.hpp"

#include <complex>

namespace {

using namespace starling;
using test_support::pi;
using Case = test_support::QuasiGeostrophicCase;
using Settings = Case::Settings;
using C = std::complex<Real>;

Settings square(Index points, Real length = 2 * pi) {
  return Settings(spectral::Box(points, points, length, length));
}

// A field sum a cos(k x) cos(l y), and what can be done with it exactly.
struct Cosines {
  struct Term {
    Real a, k, l;
  };
  std::vector<Term> terms;

  Real at(Real x, Real y) const {
    return sum([=](Real k, Real l) { return std::cos(k * x) * std::cos(l * y); });
  }
  Real x(Real x, Real y) const {
    return sum([=](Real k, Real l) { return -k * std::sin(k * x) * std::cos(l * y); });
  }
  Real y(Real x, Real y) const {
    return sum([=](Real k, Real l) { return -l * std::cos(k * x) * std::sin(l * y); });
  }
  Cosines laplacian() const {
    Cosines result = *this;
    for (Term& t : result.terms) t.a *= -(t.k * t.k + t.l * t.l);
    return result;
  }
  friend Cosines operator*(Real factor, Cosines field) {
    for (Term& t : field.terms) t.a *= factor;
    return field;
  }
  friend Cosines operator+(Cosines a, const Cosines& b) {
    a.terms.insert(a.terms.end(), b.terms.begin(), b.terms.end());
    return a;
  }

 private:
  template <class F>
  Real sum(const F& f) const {
    Real total = 0;
    for (const Term& t : terms) total += t.a * f(t.k, t.l);
    return total;
  }
};

Real jacobian(const Cosines& a, const Cosines& b, Real x, Real y) {
  return a.x(x, y) * b.y(x, y) - a.y(x, y) * b.x(x, y);
}

// The two-layer fields of GeophysicalFlows' test_multilayerqg.jl (constructtestfields_2layer):
// q1 = lap psi1 + 25 (psi2 - psi1), q2 = lap psi2 + 25/4 (psi1 - psi2).
struct Manufactured {
  Cosines psi1{{{1e-3 / 4, 2, 5}, {1e-3 / 3, 3, 3}}}, psi2{{{1e-3, 3, 4}, {1e-3 / 2, 4, 2}}};
  Cosines q1 = psi1.laplacian() + 25 * psi2 + -25 * psi1;
  Cosines q2 = psi2.laplacian() + 25.0 / 4 * psi1 + -25.0 / 4 * psi2;
  static void place(Settings& s) {
    s.radius = 1 / std::sqrt(25 + 25.0 / 4);
    s.thickness_ratio = 0.25;
  }
};

TEST(QuasiGeostrophic, StreamfunctionAndVorticityBelongToEachOther) {
  const Manufactured exact;
  Settings settings{spectral::Box(32, 24, 2 * pi, 2 * pi)};
  Manufactured::place(settings);
  Case flow(settings);
  flow.set(0, [&](Real x, Real y) { return exact.q1.at(x, y); });
  flow.set(1, [&](Real x, Real y) { return exact.q2.at(x, y); });
  const Index n = flow.model.transform().coefficients();
  const auto psi = flow.streamfunction();
  EXPECT_LT(flow.error(psi.data(), [&](Real x, Real y) { return exact.psi1.at(x, y); }), 1e-17);
  EXPECT_LT(flow.error(psi.data() + n, [&](Real x, Real y) { return exact.psi2.at(x, y); }), 1e-17);
  std::vector<Complex> q(psi.size());
  flow.model.potential_vorticity(q.data(), psi.data());
  for (Index i = 0; i < 2 * n; ++i)
    EXPECT_LT(Kokkos::abs(q[static_cast<std::size_t>(i)] - flow.q()[i]), 1e-16);
}

TEST(QuasiGeostrophic, TheMeanInterfaceBelongsToTheState) {
  Settings settings = square(8);
  settings.radius = 0.5;
  settings.thickness_ratio = 0.25;
  Case flow(settings);
  flow.q(0)[0] = 0.3;
  flow.q(1)[0] = -0.1;
  const auto psi = flow.streamfunction();
  const std::size_t n = psi.size() / 2;
  // q1 - q2 = -k_d^2 (psi1 - psi2), and no depth mean of psi.
  EXPECT_NEAR(psi[0].real() - psi[n].real(), -0.4 * 0.25, 1e-15);
  EXPECT_NEAR(0.2 * psi[0].real() + 0.8 * psi[n].real(), 0, 1e-15);
}

struct Wave {
  const char* name;
  int layers;
  bool baroclinic;
  Real radius;
  Real flow;
};

class RossbyWave : public testing::TestWithParam<Wave> {};

// A single wave is a solution of the nonlinear equation, with the frequency
// omega = k U - k (beta + k_d^2 U') / (K^2 + k_d^2), where U' = U in a layer over one at rest and 0
// where both layers move alike (vallis2017, section 6.4); k_d = 0 for the barotropic one.
TEST_P(RossbyWave, MovesAsItShould) {
  const Wave wave = GetParam();
  Settings settings{spectral::Box(16, 12, 2 * pi, 3 * pi)};
  settings.layers = wave.layers;
  settings.beta = 1.7;
  settings.radius = wave.radius;
  settings.thickness_ratio = 0.4;
  settings.mean_flow = {wave.flow, wave.layers == 2 ? wave.flow : 0};
  settings.start = {
      .kind = "wave", .amplitude = 0.8, .mode_x = 2, .mode_y = -1, .baroclinic = wave.baroclinic};
  Case flow(settings);
  const Real k = 2, l = -2.0 / 3, time = 3;
  const Real kd2 = wave.radius > 0 && (wave.layers == 1 || wave.baroclinic)
                       ? 1 / (wave.radius * wave.radius)
                       : 0;
  const Real gradient = settings.beta + (wave.layers == 1 ? kd2 * wave.flow : 0);
  const Real omega = k * wave.flow - k * gradient / (k * k + l * l + kd2);
  ASSERT_TRUE(flow.run("rk4", time / 1000, 1000));
  const auto exact = [=](Real x, Real y) { return 0.8 * std::cos(k * x + l * y - omega * time); };
  EXPECT_LT(flow.error(flow.q(0), exact), 1e-10);
  const Real ratio = wave.baroclinic ? -0.4 : 1;
  if (wave.layers == 1) return;
  EXPECT_LT(flow.error(flow.q(1), [&](Real x, Real y) { return ratio * exact(x, y); }), 1e-10);
}

INSTANTIATE_TEST_SUITE_P(Modes, RossbyWave,
                         testing::Values(Wave{"one_layer", 1, false, 0, 0.3},
                                         Wave{"reduced_gravity", 1, false, 0.7, 0.3},
                                         Wave{"barotropic", 2, false, 0.7, 0},
                                         Wave{"baroclinic", 2, true, 0.7, 0.3}),
                         [](const auto& each) { return std::string(each.param.name); });

// Growth rates of waves of ky = 0, for which N is linear, as the eigenvalues of N.
class Growth {
 public:
  explicit Growth(Settings settings) : flow_(settings) {}
  Real rate(Index mode) {
    Index at = -1;
    const auto& transform = flow_.model.transform();
    for (Index i = 0; i < transform.coefficients(); ++i)
      if (transform.mode(i) == std::array<Index, 3>{mode, 0, 0}) at = i;
    C m[2][2];
    for (Index column = 0; column < 2; ++column) {
      Kokkos::deep_copy(flow_.state, 0.0);
      flow_.q(column)[at] = 1;
      const auto n = flow_.rate();
      for (Index row = 0; row < 2; ++row) {
        const Complex c = n[static_cast<std::size_t>(row * transform.coefficients() + at)];
        m[row][column] = {c.real(), c.imag()};
      }
    }
    const C mean = (m[0][0] + m[1][1]) / 2.0, half = (m[0][0] - m[1][1]) / 2.0;
    const C root = std::sqrt(half * half + m[0][1] * m[1][0]);
    return mean.real() + std::abs(root.real());
  }

 private:
  Case flow_;
};

struct Phillips {
  const char* name;
  Real shear, ratio, beta, drag;
  Real fastest, at;  // rate [1/s], k r_d
};

class Instability : public testing::TestWithParam<Phillips> {};

TEST_P(Instability, GrowsAsFastAsItShould) {
  const Phillips p = GetParam();
  // Modes are k r_d = m / 200.
  Settings settings{spectral::Box(512, 4, 200 * 2 * pi * 15e3, 1e6)};
  settings.dealiasing = spectral::Dealiasing::none;
  settings.radius = 15e3;
  settings.thickness_ratio = p.ratio;
  settings.beta = p.beta;
  settings.mean_flow = {p.shear, 0};
  settings.drag = p.drag;
  Growth growth(settings);
  Real most = 0, at = 0;
  for (Index m = 1; m < 250; ++m) {
    const Real rate = growth.rate(m);
    if (rate > most) {
      most = rate;
      at = static_cast<Real>(m) / 200;
    }
  }
  EXPECT_NEAR(most, p.fastest, 1e-4 * p.fastest);
  EXPECT_NEAR(at, p.at, 0.01 * p.at);
}

// Rates of an eigenvalue problem solved independently, and the formula for beta = 0 and equal
// depths, (sqrt(2) - 1)/2 U k_d at K = k_d sqrt(sqrt(2) - 1) (vallis2017, section 9.6).
INSTANTIATE_TEST_SUITE_P(
    Shears, Instability,
    testing::Values(Phillips{"pyqg_default", 0.025, 0.25, 1.5e-11, 5.787e-7, 7.816026e-08, 0.6766},
                    Phillips{"without_drag", 0.025, 0.25, 1.5e-11, 0, 1.700769e-07, 0.6312},
                    Phillips{"pyqg_test_stability", 0.1, 1, 1.5e-11, 0, 1.375207e-06, 0.6464},
                    Phillips{"beta_0", 0.1, 1, 0, 0, (std::numbers::sqrt2 - 1) / 2 * 0.1 / 15e3,
                             0.643594}),
    [](const auto& each) { return std::string(each.param.name); });

// The dispersion relation of pyqg's test_stability.py: equal depths, no drag.
TEST(QuasiGeostrophic, UnstableWavenumbersFollowTheDispersionRelation) {
  Settings settings{spectral::Box(256, 4, 1e6, 1e6)};
  settings.dealiasing = spectral::Dealiasing::none;
  settings.radius = 15e3;
  settings.beta = 1.5e-11;
  settings.mean_flow = {0.1, 0};
  Growth growth(settings);
  const Real kb4 = std::pow(settings.beta / 0.05, 2), kd2 = 1 / (15e3 * 15e3);
  for (Index m = 1; m < 40; ++m) {
    const Real k = 2 * pi * static_cast<Real>(m) / 1e6, k2 = k * k;
    const Real d = 1 + 4 * k2 * k2 * (k2 * k2 - kd2 * kd2) / (kb4 * kd2 * kd2);
    const Real exact = d < 0 ? k * settings.beta / (k2 + kd2) * kd2 / (2 * k2) * std::sqrt(-d) : 0;
    EXPECT_NEAR(growth.rate(m), exact, 1e-14) << m;
  }
}

// GeophysicalFlows' test_mqg_nonlinearadvection_2layers: a steady state kept up by forcing, on a
// grid that is not square, here in both forms of the advection.
TEST(QuasiGeostrophic, AForcedSteadyStateIsKept) {
  const Manufactured exact;
  for (const bool hills : {false, true}) {
    const Cosines eta{{{hills ? 0.3 : 0.0, 1, 2}}};
    Settings settings{spectral::Box(64, 66, 2 * pi, 2 * pi)};
    Manufactured::place(settings);
    settings.beta = 0.35;
    settings.mean_flow = {0.02, 0.025};
    settings.drag = 0.1;
    settings.viscosity = 0.05;
    if (hills) settings.topography = [=](Real x, Real y) { return eta.at(x, y); };
    const Cosines lap_psi2 = exact.psi2.laplacian(), lap_q1 = exact.q1.laplacian(),
                  lap_q2 = exact.q2.laplacian(), whole2 = exact.q2 + eta;
    const Real shear = 0.02 - 0.025;
    settings.forcing[0] = [=](Real x, Real y) {
      return jacobian(exact.psi1, exact.q1, x, y) + 0.02 * exact.q1.x(x, y) +
             (0.35 + 25 * shear) * exact.psi1.x(x, y) - 0.05 * lap_q1.at(x, y);
    };
    settings.forcing[1] = [=](Real x, Real y) {
      return jacobian(exact.psi2, whole2, x, y) + 0.025 * whole2.x(x, y) +
             (0.35 - 25.0 / 4 * shear) * exact.psi2.x(x, y) - 0.05 * lap_q2.at(x, y) +
             0.1 * lap_psi2.at(x, y);
    };
    Case flow(settings);
    flow.set(0, [&](Real x, Real y) { return exact.q1.at(x, y); });
    flow.set(1, [&](Real x, Real y) { return exact.q2.at(x, y); });
    ASSERT_TRUE(flow.run("etdrk4", 0.005, 200));
    EXPECT_LT(flow.error(flow.q(0), [&](Real x, Real y) { return exact.q1.at(x, y); }), 1e-14);
    EXPECT_LT(flow.error(flow.q(1), [&](Real x, Real y) { return exact.q2.at(x, y); }), 1e-14);
  }
}

// Without dissipation, shear and beta the truncated equations conserve the energy and the potential
// enstrophy of each layer (with topography that of q + eta): errors are those of the scheme.
TEST(QuasiGeostrophic, EnergyAndEnstrophyAreConserved) {
  for (const auto dealiasing : {spectral::Dealiasing::truncation, spectral::Dealiasing::padding}) {
    for (const bool hills : {false, true}) {
      std::array<std::array<Real, 3>, 2> change{};
      const auto eta = [](Real x, Real y) { return 0.4 * std::cos(x) * std::cos(2 * y); };
      for (std::size_t half = 0; half < 2; ++half) {
        Settings settings{spectral::Box(24, 32, 2 * pi, 2 * pi)};
        settings.dealiasing = dealiasing;
        settings.radius = 0.5;
        settings.thickness_ratio = 0.4;
        if (hills) settings.topography = eta;
        settings.start = {.kind = "noise", .amplitude = 1, .modes = 6};
        Case flow(settings), with_hills(settings);
        const auto invariants = [&] {
          const Index n = flow.model.transform().coefficients();
          std::vector<Complex> q2(flow.q(1), flow.q(1) + n);
          with_hills.set(0, eta);
          for (Index i = 0; hills && i < n; ++i)
            q2[static_cast<std::size_t>(i)] += with_hills.q(0)[i];
          return std::array<Real, 3>{flow.measure().at("energy"), flow.square_sum(flow.q(0)),
                                     flow.square_sum(q2.data())};
        };
        const auto before = invariants();
        const Index steps = half == 0 ? 64 : 128;
        ASSERT_TRUE(flow.run("rk4", 8.0 / static_cast<Real>(steps), steps));
        const auto after = invariants();
        for (std::size_t i = 0; i < 3; ++i) change[half][i] = std::abs(after[i] / before[i] - 1);
      }
      for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_GT(change[0][i], 1e-10);
        EXPECT_LT(change[0][i], 1e-3);
        EXPECT_GT(change[0][i] / change[1][i], 14);
      }
    }
  }
}

// Both forms of the advection are the same where there are no aliases, and one layer obeys the
// equation of the other two where they move alike.
TEST(QuasiGeostrophic, FormsOfTheAdvectionAgree) {
  for (const int layers : {1, 2}) {
    Settings settings{spectral::Box(24, 32, 2 * pi, 3 * pi)};
    settings.layers = layers;
    settings.radius = 0.5;
    settings.mean_flow = {0.3, layers == 2 ? -0.1 : 0};
    settings.start = {.kind = "noise", .amplitude = 1, .modes = 6};
    Case products(settings);
    settings.topography = [](Real, Real) { return 0.0; };
    Case fluxes(settings);
    EXPECT_LT(products.model.fields_in() + products.model.fields_out(),
              fluxes.model.fields_in() + fluxes.model.fields_out());
    const auto a = products.rate(), b = fluxes.rate();
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_LT(Kokkos::abs(a[i] - b[i]), 1e-14);
  }
  Settings settings{spectral::Box(24, 32, 2 * pi, 3 * pi)};
  settings.layers = 1;
  settings.start = {.kind = "random_phase", .amplitude = 1, .modes = 6};
  Case one(settings);
  settings.layers = 2;
  settings.radius = 0.5;
  Case two(settings);
  const auto a = one.rate(), b = two.rate();
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_LT(Kokkos::abs(a[i] - b[i]), 1e-12);
    EXPECT_LT(Kokkos::abs(a[i] - b[a.size() + i]), 1e-12);
  }
}

TEST(QuasiGeostrophic, TheInterfaceRelaxesToThatOfTheJet) {
  Settings settings{spectral::Box(8, 192, 46, 68)};
  settings.radius = 1 / std::numbers::sqrt2;
  settings.relaxation = 0.01;
  settings.jet_speed = 1;
  settings.jet_width = 3.5;
  settings.sponge = 1;
  Case flow(settings);
  const Index n = flow.model.transform().coefficients();
  auto rate = flow.rate();
  // -0.01 psi_R and 0.01 psi_R, the flow -d psi_R / dy without its mean (mojgani2024: F_1 = F_2 =
  // 1).
  const auto sech2 = [](Real y) { return std::pow(std::cosh(y / 3.5), -2); };
  const auto jet = [&](Real, Real y) { return sech2(y - 34) - sech2(std::min(y, 68 - y)); };
  Real mean = 0;
  for (Index j = 0; j < 192; ++j) mean += jet(0, 68 * static_cast<Real>(j) / 192) / 192;
  for (Index i = 0; i < n; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_LT(Kokkos::abs(rate[at] + rate[static_cast<std::size_t>(n) + at]), 1e-17);
    rate[at] *= Complex(0, -flow.model.transform().wavenumber(i)[1]) / -0.01;
  }
  EXPECT_LT(flow.error(rate.data(), [&](Real x, Real y) { return jet(x, y) - mean; }), 1e-4);
}

TEST(QuasiGeostrophic, TheSpongeDampsWavesAtTheEdges) {
  Settings settings{spectral::Box(16, 96, 46, 68)};
  settings.layers = 1;
  settings.sponge = 2;
  settings.jet_width = 7;
  Case flow(settings);
  // So weak that it does not advect itself.
  const Real tiny = 1e-12, k = 2 * pi / 46, l = 2 * pi / 68;
  flow.set(0, [=](Real x, Real y) {
    return tiny * (std::cos(2 * k * x + l * y) + std::cos(3 * l * y));
  });
  const auto rate = flow.rate();
  const auto exact = [=](Real x, Real y) {
    return -2 * tiny * std::pow(std::cosh(std::min(y, 68 - y) / 7), -2) *
           std::cos(2 * k * x + l * y);
  };
  EXPECT_LT(flow.error(rate.data(), exact), 2e-3 * tiny);
}

TEST(QuasiGeostrophic, DissipationAndFilterAreAsDefined) {
  Settings settings{spectral::Box(16, 12, 2 * pi, 3 * pi)};
  settings.dealiasing = spectral::Dealiasing::none;
  settings.radius = 1;
  settings.viscosity = 0.1;
  settings.order = 4;
  settings.filter_strength = 23.6;
  for (const bool anisotropic : {false, true}) {
    settings.anisotropic = anisotropic;
    const Case flow(settings);
    const auto symbol = flow.model.linear();
    const auto factors = flow.model.filter();
    const Index n = flow.model.transform().coefficients();
    ASSERT_EQ(symbol.size(), static_cast<std::size_t>(2 * n));
    ASSERT_EQ(factors.size(), symbol.size());
    for (Index i = 0; i < n; ++i) {
      const auto m = flow.model.transform().mode(i);
      const Real kx = static_cast<Real>(m[0]), ky = static_cast<Real>(m[1]) * 2 / 3;
      const Real exact =
          anisotropic ? std::pow(kx, 8) + std::pow(ky, 8) : std::pow(kx * kx + ky * ky, 4);
      EXPECT_NEAR(symbol[static_cast<std::size_t>(n + i)].real(), -0.1 * exact, 1e-12 * exact);
      const Real size = std::hypot(kx * 2 * pi / 16, ky * 3 * pi / 12) - 0.65 * pi;
      EXPECT_NEAR(factors[static_cast<std::size_t>(n + i)],
                  size > 0 ? std::exp(-23.6 * std::pow(size, 4)) : 1, 1e-14);
    }
  }
}

TEST(QuasiGeostrophic, NoiseIsTheSameOnEveryGrid) {
  Settings coarse = square(16), fine = square(64);
  for (Settings* each : {&coarse, &fine}) {
    each->radius = 1;
    each->start = {.kind = "noise", .amplitude = 0.5, .modes = 5, .seed = 3};
  }
  Case a(coarse), b(fine);
  EXPECT_NEAR(a.square_sum(a.q(1)) / (16 * 16), 0.25, 1e-13);
  Index seen = 0;
  for (Index i = 0; i < a.model.transform().coefficients(); ++i)
    for (Index j = 0; j < b.model.transform().coefficients(); ++j) {
      if (a.model.transform().mode(i) != b.model.transform().mode(j)) continue;
      seen += Kokkos::abs(a.q()[i]) > 1e-6 ? 1 : 0;
      EXPECT_LT(Kokkos::abs(a.q()[i] - b.q()[j]), 1e-15);
    }
  EXPECT_GT(seen, 30);
  Array<Real**> other("other", 1, static_cast<std::size_t>(a.model.dofs()));
  a.model.draw(other.data(), 1);
  EXPECT_NE(other(0, 0), a.members(0, 0));
}

TEST(QuasiGeostrophic, DerivedFieldsAreThoseOfTheStreamfunction) {
  const Manufactured exact;
  Settings settings{spectral::Box(32, 24, 2 * pi, 2 * pi)};
  Manufactured::place(settings);
  settings.mean_flow = {0.1, 0};
  Case flow(settings);
  flow.set(0, [&](Real x, Real y) { return exact.q1.at(x, y); });
  flow.set(1, [&](Real x, Real y) { return exact.q2.at(x, y); });
  const Index points = flow.model.transform().points();
  std::vector<Real> fields(static_cast<std::size_t>(6 * points));
  flow.model.derive(fields.data(), flow.state);
  ASSERT_EQ(flow.model.derived().size(), 6u);
  Real courant = 0, speed = 0;
  for (Index j = 0; j < points; ++j) {
    const Real x = 2 * pi * static_cast<Real>(j % 32) / 32;
    const Real y = 2 * pi * static_cast<Real>(j / 32) / 24;
    const auto field = [&](Index f) { return fields[static_cast<std::size_t>(f * points + j)]; };
    EXPECT_NEAR(field(0), -exact.psi1.y(x, y), 1e-16);
    EXPECT_NEAR(field(1), exact.psi1.x(x, y), 1e-16);
    EXPECT_NEAR(field(2), exact.psi1.at(x, y), 1e-17);
    EXPECT_NEAR(field(3), -exact.psi2.y(x, y), 1e-16);
    EXPECT_NEAR(field(4), exact.psi2.x(x, y), 1e-16);
    EXPECT_NEAR(field(5), exact.psi2.at(x, y), 1e-17);
    for (const Index l : {0, 1}) {
      const Real u = field(3 * l) + (l == 0 ? 0.1 : 0), v = field(3 * l + 1);
      courant = std::max(courant, (std::abs(u) * 32 + std::abs(v) * 24) / (2 * pi));
      speed = std::max(speed, std::hypot(u, v));
    }
  }
  EXPECT_NEAR(flow.model.courant(flow.state), courant, 1e-14);
  EXPECT_NEAR(flow.measure().at("largest_speed"), speed, 1e-15);
}

TEST(QuasiGeostrophic, MeasurementsAllocateNothing) {
  Settings settings = square(16);
  settings.radius = 1;
  settings.filter_strength = 23.6;
  settings.viscosity = 1e-3;
  settings.start = {.kind = "noise", .modes = 3};
  Case flow(settings);
  std::vector<Real> numbers(flow.model.quantities().size());
  std::vector<Real> spectra(flow.model.spectra().size() * flow.model.bins().size());
  std::vector<Real> fields(6 * 256);
  const test_support::AllocationCounter allocations;
  flow.model.measure(numbers.data(), flow.state, 0);
  flow.model.measure_spectra(spectra.data(), flow.state);
  flow.model.derive(fields.data(), flow.state);
  flow.model.courant(flow.state);
  EXPECT_EQ(allocations.count(), 0u);
}

TEST(QuasiGeostrophic, InputsAreChecked) {
  const auto entry = models::QuasiGeostrophic::entry();
  const auto make = [&](const std::string& more) {
    Config config =
        Config::parse("[model]\nlengths = [1.0, 1.0]\ndealiasing = \"none\"\n" + more, "test.toml");
    return entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
  };
  EXPECT_EQ(make("points = [8, 6]\nradius = 0.1\nmean_flow = [1.0, 0.5]")->dofs(), 96);
  EXPECT_EQ(make("points = [8, 6]\nlayers = 1")->dofs(), 48);
  for (const char* wrong :
       {"points = [8]\nradius = 0.1", "points = [8, 6]", "points = [8, 6]\nlayers = 3",
        "points = [8, 6]\nradius = 0.1\nmean_flow = [1.0]",
        "points = [8, 6]\nradius = 0.1\nforcing_amplitude = 1.0\nforcing_mode = [1]",
        "points = [8, 6]\nlayers = 1\nrelaxation = 1.0"})
    EXPECT_THROW(make(wrong), InputError) << wrong;
}

TEST(QuasiGeostrophic, WhatCannotBeIsAnError) {
  const auto fails = [](const auto& change) {
    Settings settings = square(8);
    settings.radius = 1;
    change(settings);
    EXPECT_THROW(Case{settings}, InputError);
  };
  fails([](Settings& s) { s.layers = 3; });
  fails([](Settings& s) { s.radius = 0; });
  fails([](Settings& s) { s.thickness_ratio = 0; });
  fails([](Settings& s) { s.layers = 1, s.relaxation = 1; });
  fails([](Settings& s) { s.start = {.kind = "noise", .modes = 3}; });
  fails([](Settings& s) { s.box = spectral::Box(8, 8, 8, 1, 1, 1); });
}

}  // namespace
