// SPDX-License-Identifier: BSD-3-Clause
// Initial flows of the data sets of herde2024 against their published formulas. The state is the
// vorticity: whatever of a published velocity has a divergence is gone.
#include "models/flow_case.hpp"
#include "models/moments.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

namespace {

using namespace starling;
using test_support::ComplexMoments;
using test_support::Correlation;
using test_support::FlowCase;
using test_support::integral;
using test_support::SampleMean;
using test_support::square;
using test_support::unit_square;

const Real pi = std::numbers::pi;

// Mean square of the vorticity: the squares of all modes.
Real mean_square(FlowCase& flow) {
  const auto& transform = flow.model->transform();
  Real sum = 0;
  for (Index i = 0; i < transform.coefficients(); ++i)
    sum += transform.weight(i) * square(flow.coefficients()[i]);
  return sum;
}

// NS-Sines of herde2024: the terms alpha / sqrt(2 pi (i + j)) (sin sin, cos cos) have the vorticity
// -alpha sqrt(2 pi (i + j)) sin(2 pi i x + beta) cos(2 pi j y + gamma), whose modes (i, +-j) have
// alpha^2 2 pi (i + j) / 16 each; E alpha^2 = 1/3, E alpha^4 = 1/5.
TEST(Pdegym, Sines) {
  FlowCase flow(unit_square(24, 24, "pdegym_sines", "initial_amplitude = 2.0\n"));
  ComplexMoments low, high, mirrored;
  Correlation mirrored_too;
  SampleMean whole;
  for (int n = 0; n < 1500; ++n) {
    flow.draw(n);
    whole.add(mean_square(flow));
    low.add(flow.coefficient(1, 2));
    mirrored.add(flow.coefficient(1, -2));
    high.add(flow.coefficient(10, 9));
    mirrored_too.add(flow.coefficient(1, 2), flow.coefficient(1, -2));
    for (const auto [x, y] : {std::array<Index, 2>{11, 3}, {3, 11}, {0, 3}, {3, 0}})
      EXPECT_LT(Kokkos::abs(flow.coefficient(x, y)), 1e-13);
    EXPECT_NEAR(square(flow.coefficient(4, 7)), square(flow.coefficient(4, -7)), 1e-13);
  }
  // 4 modes of each of 100 terms, for which i + j is 11 on average.
  whole.expect(400 * 4 * 2 * pi * 11 / 48, "mean square");
  low.expect_uniform_phase(4 * 2 * pi * 3 / 48, 1.8, "(1, 2)");
  mirrored.expect_uniform_phase(4 * 2 * pi * 3 / 48, 1.8, "(1, -2)");
  high.expect_uniform_phase(4 * 2 * pi * 19 / 48, 1.8, "(10, 9)");
  mirrored_too.expect_none("(1, 2) and (1, -2)");
}

// NS-Gauss: alpha / sigma exp(-r^2 / (2 sigma^2)) has the coefficients 2 pi alpha sigma exp(-2 (pi
// sigma k)^2) times a uniform phase. On a grid of N points modes k + N m add up, without
// correlation. E |sum of n z|^4 = n E |z|^4 + 2 n (n - 1) (E |z|^2)^2, but for the aliases.
TEST(Pdegym, GaussianVortices) {
  FlowCase flow(unit_square(32, 32, "pdegym_gauss"));
  const auto moment = [](int power, Real k2) {
    return integral(0.01, 0.1, 50,
                    [=](Real sigma) {
                      return std::pow(2 * pi * sigma * std::exp(-2 * pi * pi * sigma * sigma * k2),
                                      power);
                    }) /
           0.09;
  };
  const auto variance = [&](int x, int y) {
    Real sum = 0;
    for (int ax = -2; ax <= 2; ++ax)
      for (int ay = -2; ay <= 2; ++ay)
        sum += 100.0 / 3 * moment(2, std::pow(x + 32 * ax, 2) + std::pow(y + 32 * ay, 2));
    return sum;
  };
  Real total = 0;
  for (int x = -15; x <= 15; ++x)
    for (int y = -15; y <= 15; ++y) total += x == 0 && y == 0 ? 0 : variance(x, y);
  ComplexMoments low, high;
  SampleMean whole;
  for (int n = 0; n < 2000; ++n) {
    flow.draw(n);
    whole.add(mean_square(flow));
    low.add(flow.coefficient(1, 0));
    high.add(flow.coefficient(7, -12));
  }
  whole.expect(total, "mean square");
  const Real one = moment(2, 1) / 3, fourth = 100 * moment(4, 1) / 5 + 19800 * one * one;
  low.expect_uniform_phase(variance(1, 0), fourth / std::pow(100 * one, 2), "(1, 0)");
  high.expect_uniform_phase(variance(7, -12), 0, "(7, -12)");
}

// NS-PwC: 10 x 10 cells of independent values, uniform on (-1, 1). Correlations of points, averaged
// over the places of cells, are 1/3 (1 - |dx|)(1 - |dy|) with distances in cells; the mean takes
// 1/300 off, and a state has no Nyquist modes.
TEST(Pdegym, PiecewiseConstant) {
  constexpr Index points = 40, inside = 4;
  FlowCase flow(unit_square(points, points, "pdegym_pwc"));
  const auto along = [](Index m) {  // |mean of exp(i m x) over a cell| / 10
    Complex sum = 0;
    for (Index j = 0; j < inside; ++j) {
      const Real at = 2 * pi * static_cast<Real>(m * j) / points;
      sum += Complex(std::cos(at), std::sin(at));
    }
    return Kokkos::abs(sum) / points;
  };
  const auto variance = [&](Index x, Index y) {
    return 100.0 / 3 * std::pow(along(x) * along(y), 2);
  };
  const auto correlation = [&](Index dx, Index dy, bool all) {
    Real sum = 0;
    for (Index x = -points / 2 + 1; x <= points / 2; ++x)
      for (Index y = -points / 2 + 1; y <= points / 2; ++y)
        if (all || (2 * x != points && 2 * y != points && (x != 0 || y != 0)))
          sum += variance(x, y) * std::cos(2 * pi * static_cast<Real>(x * dx + y * dy) / points);
    return sum;
  };
  for (Index dx = 0; dx < 6; ++dx)
    for (Index dy = 0; dy < 6; ++dy)
      EXPECT_NEAR(correlation(dx, dy, true),
                  std::max(0.0, 1 - static_cast<Real>(dx) / inside) *
                      std::max(0.0, 1 - static_cast<Real>(dy) / inside) / 3,
                  1e-13);
  ComplexMoments low, high;
  std::array<std::array<Index, 2>, 5> shifts = {{{0, 0}, {1, 0}, {0, 2}, {3, 1}, {5, 0}}};
  std::array<SampleMean, 5> correlations;
  for (int n = 0; n < 3000; ++n) {
    flow.draw(n);
    low.add(flow.coefficient(1, 2));
    high.add(flow.coefficient(7, -13));
    flow.model->to_physical(flow.members, flow.state);
    const Real* w = flow.members.data();
    for (std::size_t s = 0; s < shifts.size(); ++s) {
      Real sum = 0;
      for (Index y = 0; y < points; ++y)
        for (Index x = 0; x < points; ++x)
          sum += w[y * points + x] *
                 w[(y + shifts[s][1]) % points * points + (x + shifts[s][0]) % points];
      correlations[s].add(sum / (points * points));
    }
  }
  // E |sum of c_n w_n|^4 of numbers |w_n| = r whose w_n^2 add up to nothing: r^4 (100/5 + (2 9900 -
  // 100)/9), and (100 r^2 / 3)^2 is the square of the variance.
  const Real kurtosis = (20 + 19700.0 / 9) / std::pow(100.0 / 3, 2);
  low.expect_uniform_phase(variance(1, 2), kurtosis, "(1, 2)");
  high.expect_uniform_phase(variance(7, -13), kurtosis, "(7, -13)");
  for (std::size_t s = 0; s < shifts.size(); ++s) {
    const Real expected = correlation(shifts[s][0], shifts[s][1], false);
    EXPECT_NEAR(correlations[s].mean(), expected, 4.5 * correlations[s].standard_error()) << s;
    EXPECT_LT(correlations[s].standard_error(), 0.002);
  }
}

// NS-BB, brownian_motion.cpp of azeban (lanthaler2021): each velocity has the coefficients (2 pi
// |k|)^(-3/2) (cc - ss + i (cs + sc)) at (kx, ky) and with ss and cs of the other sign, or so, at
// (kx, -ky), of numbers uniform on (-1, 1); cc + i sc for ky = 0. The vorticity divided by 2 pi |k|
// (2 pi |k|)^(-3/2) i is (kx v - ky u) / |k|: real and imaginary part sums of four such numbers
// with weights kx, kx, ky, ky over |k|, whose fourth cumulant is -2/15.
TEST(Pdegym, BrownianBridges) {
  FlowCase flow(unit_square(32, 32, "pdegym_bb"));
  ComplexMoments low, high, along_x, along_y;
  Correlation mirrored;
  SampleMean whole;
  for (int n = 0; n < 4000; ++n) {
    flow.draw(n);
    whole.add(mean_square(flow));
    low.add(flow.coefficient(1, -2));
    high.add(flow.coefficient(9, 12));
    along_x.add(flow.coefficient(3, 0));
    along_y.add(flow.coefficient(0, 3));
    mirrored.add(flow.coefficient(1, -2), flow.coefficient(1, 2));
  }
  const auto variance = [](Real x, Real y) { return 4.0 / 3 / (2 * pi * std::hypot(x, y)); };
  const auto kurtosis = [](Real x, Real y) {
    const Real k2 = x * x + y * y;
    const Real fourth = 4.0 / 3 - 2.0 / 15 * 2 * (std::pow(x, 4) + std::pow(y, 4)) / (k2 * k2);
    return (2 * fourth + 2 * 4.0 / 9) / (16.0 / 9);
  };
  Real total = 0;
  for (int x = -15; x <= 15; ++x)
    for (int y = -15; y <= 15; ++y)
      if (x != 0 || y != 0) total += variance(x, y) / (y == 0 ? 2 : 1);
  whole.expect(total, "mean square");
  low.expect_uniform_phase(variance(1, 2), kurtosis(1, 2), "(1, -2)");
  high.expect_uniform_phase(variance(9, 12), kurtosis(9, 12), "(9, 12)");
  along_y.expect_uniform_phase(variance(0, 3), kurtosis(0, 3), "(0, 3)");
  // Of one number each: E = 1/3, fourth moment 1/5.
  along_x.expect_uniform_phase(variance(3, 0) / 2, (2.0 / 5 + 2.0 / 9) / (4.0 / 9), "(3, 0)");
  mirrored.expect_none("(1, -2) and (1, 2)");
}

// NS-SVS (lanthaler2021): sheets of strength 1 on y = 1/2 + 0.2 sin(2 pi x) + sum of alpha sin(2 pi
// (x + beta)), smoothed with psi(r / rho) / rho^2, here with random numbers of our own and the
// transform of psi by quadrature. psi is 80 / (7 pi) times 1/2 - 3 r^2 + 3 r^3, and (1 - r)^3 for r
// > 1/2.
TEST(Pdegym, VortexSheets) {
  const std::array<std::array<Index, 2>, 4> modes = {{{0, 1}, {1, 1}, {2, -3}, {0, 4}}};
  const Real rho = 5.0 / 128;
  std::array<Real, 4> smoothing;
  for (std::size_t m = 0; m < 4; ++m) {
    const Real k = 2 * pi * std::hypot(modes[m][0], modes[m][1]) * rho;
    smoothing[m] = integral(0, 0.5, 50,
                            [=](Real r) {
                              return 2 * pi * r * std::cyl_bessel_j(0, k * r) *
                                     (0.5 - 3 * r * r + 3 * r * r * r);
                            }) +
                   integral(0.5, 1, 50, [=](Real r) {
                     return 2 * pi * r * std::cyl_bessel_j(0, k * r) * std::pow(1 - r, 3);
                   });
    smoothing[m] *= 80 / (7 * pi);
  }
  std::mt19937_64 engine(12345);
  std::uniform_real_distribution<Real> uniform(0, 1);
  constexpr int sheets = 8000, nodes = 256;
  std::array<std::vector<Complex>, 4> expected, found;
  for (int n = 0; n < sheets; ++n) {
    // A sum of sines of one wavelength is one.
    std::complex<Real> wave = 0.2;
    for (int term = 0; term < 10; ++term) {
      const Real alpha = 0.003125 * uniform(engine);
      wave += std::polar(alpha, 2 * pi * uniform(engine));
    }
    std::array<std::complex<Real>, 4> sum = {};
    for (int s = 0; s < nodes; ++s) {
      const Real x = static_cast<Real>(s) / nodes;
      const std::complex<Real> at = wave * std::polar(1.0, 2 * pi * x);
      const Real y = 0.5 + at.imag(), length = std::hypot(1, 2 * pi * at.real());
      for (std::size_t m = 0; m < 4; ++m)
        sum[m] += std::polar(
            length / nodes,
            -2 * pi * (static_cast<Real>(modes[m][0]) * x + static_cast<Real>(modes[m][1]) * y));
    }
    for (std::size_t m = 0; m < 4; ++m)
      expected[m].emplace_back(smoothing[m] * sum[m].real(), smoothing[m] * sum[m].imag());
  }
  FlowCase flow(unit_square(64, 64, "pdegym_svs"));
  for (int n = 0; n < 1000; ++n) {
    flow.draw(n);
    for (std::size_t m = 0; m < 4; ++m)
      found[m].push_back(flow.coefficient(modes[m][0], modes[m][1]));
  }
  for (std::size_t m = 0; m < 4; ++m) {
    Complex mean = 0;
    for (const Complex& z : expected[m]) mean += z / static_cast<Real>(sheets);
    const std::array<std::function<Real(const Complex&)>, 4> moments = {
        [=](const Complex& z) { return z.real(); }, [=](const Complex& z) { return z.imag(); },
        [=](const Complex& z) { return std::pow(z.real() - mean.real(), 2); },
        [=](const Complex& z) { return std::pow(z.imag() - mean.imag(), 2); }};
    for (std::size_t which = 0; which < 4; ++which) {
      SampleMean ours, theirs;
      for (const Complex& z : expected[m]) ours.add(moments[which](z));
      for (const Complex& z : found[m]) theirs.add(moments[which](z));
      if (which >= 2 && ours.mean() < 1e-12) continue;  // real by symmetry
      // Aliases at distance 60 and more are 1e-4 of the strength of a sheet.
      EXPECT_NEAR(
          theirs.mean(), ours.mean(),
          4.5 * std::hypot(ours.standard_error(), theirs.standard_error()) + (which < 2 ? 1e-4 : 0))
          << "mode " << modes[m][0] << ", " << modes[m][1] << ", moment " << which;
      if (which >= 2) {
        EXPECT_LT(theirs.standard_error(), 0.1 * theirs.mean());
      }
    }
  }
}

// NS-SL and discontinuous_double_shear_layer.cpp of azeban: u = f(y + s(x)), f = tanh(2 pi (y -
// 1/4) / rho) up to 1/2 and tanh(2 pi (3/4 - y) / rho) above, s = xi + 0.025 sum over k <= p of
// alpha_k sin(2 pi k x - beta_k). Coefficient (m, q) of u is f^_q times coefficient m of exp(2 pi i
// q s), for which E exp(i c sin(b - beta)) = J_0(c).
TEST(Pdegym, ShearLayers) {
  FlowCase flow(unit_square(128, 64, "pdegym_sl"));
  const auto profile = [](Index q, Real rho) {  // real: f is even about y = 1/2
    constexpr int points = 2000;
    Real sum = 0;
    for (int j = 0; j < points; ++j) {
      const Real y = static_cast<Real>(j) / points;
      sum += std::cos(2 * pi * static_cast<Real>(q) * y) *
             std::tanh(2 * pi * (y <= 0.5 ? y - 0.25 : 0.75 - y) / rho) / points;
    }
    return sum;
  };
  const auto profile_moment = [&](Index q, int power) {
    return integral(0.08, 0.12, 20, [&](Real rho) { return std::pow(profile(q, rho), power); }) /
           0.04;
  };
  // E J_0(c alpha), the product over k <= p, and its mean over p = 7, ..., 12.
  const auto turned = [](const std::function<Real(int)>& c) {
    Real product = 1, sum = 0;
    for (int k = 1; k <= 12; ++k) {
      const Real size = c(k);
      product *= integral(0, 1, 20, [=](Real alpha) { return std::cyl_bessel_j(0, size * alpha); });
      if (k >= 7) sum += product / 6;
    }
    return sum;
  };
  const auto variance = [&](Index m, Index q) {  // of the coefficient of u
    constexpr int points = 256;
    Real sum = 0;
    for (int j = 0; j < points; ++j) {
      const Real s = static_cast<Real>(j) / points;
      sum += std::cos(2 * pi * static_cast<Real>(m) * s) / points * turned([=](int k) {
               return 0.1 * pi * static_cast<Real>(q) * std::abs(std::sin(pi * k * s));
             });
    }
    return sum * profile_moment(q, 2);
  };
  const std::array<Index, 3> along_y = {1, 3, 5};
  std::array<SampleMean, 3> real, imaginary, squared, side;
  SampleMean whole, whole_squared;
  ComplexMoments shifted;
  for (int n = 0; n < 2000; ++n) {
    flow.draw(n);
    // The vorticity is -2 pi i q u^.
    const auto u = [&](Index m, Index q) {
      return flow.coefficient(m, q) * Complex(0, 1 / (2 * pi * static_cast<Real>(q)));
    };
    for (std::size_t i = 0; i < 3; ++i) {
      const Complex z = u(0, along_y[i]);
      real[i].add(z.real());
      imaginary[i].add(z.imag());
      squared[i].add(square(z));
      side[i].add(square(u(2, along_y[i])));
    }
    shifted.add(u(2, 3));
    Real sum = square(u(0, 7));
    for (Index m = 1; m < 64; ++m) sum += square(u(m, 7)) + square(u(m, -7));
    whole.add(sum);
    whole_squared.add(sum * sum);
    EXPECT_LT(Kokkos::abs(flow.coefficient(1, 2)), 1e-5);
    EXPECT_LT(Kokkos::abs(flow.coefficient(1, 0)), 1e-13);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const Index q = along_y[i];
    const Real by_shift = pi * static_cast<Real>(q) / 8;
    const std::string what = "(0, " + std::to_string(q) + ")";
    real[i].expect(profile_moment(q, 1) * std::sin(by_shift) / by_shift *
                       turned([=](int) { return 0.05 * pi * static_cast<Real>(q); }),
                   what);
    imaginary[i].expect(0, what);
    squared[i].expect(variance(0, q), what + " squared");
    side[i].expect(variance(2, q), "(2, " + std::to_string(q) + ") squared");
  }
  shifted.real.expect(0, "(2, 3)");
  shifted.imaginary.expect(0, "(2, 3)");
  // The sum over m has no displacement in it: the law of rho.
  whole.expect(profile_moment(7, 2), "sum over m of (m, 7) squared");
  whole_squared.expect(profile_moment(7, 4), "its square");
}

// NS-Tracer-PwC: a disk of radius 1/4, whose area is pi / 16. Advection and diffusion keep the
// mean.
TEST(Pdegym, TheDiskKeepsItsMass) {
  FlowCase flow(
      "points = [128, 128]\nlengths = [1.0, 1.0]\ninitial = \"pdegym_pwc\"\n"
      "initial_amplitude = 10.0\ntracer_diffusivity = [0.0001]\ntracer_initial = [\"disk\"]\n");
  const Real before = flow.measure()["tracer_mean"];
  int inside = 0;
  for (int x = -64; x < 64; ++x)
    for (int y = -64; y < 64; ++y) inside += x * x + y * y < 32 * 32 ? 1 : 0;
  EXPECT_NEAR(before, inside / (128.0 * 128), 1e-15);
  EXPECT_NEAR(before, pi / 16, 1e-3);
  ASSERT_TRUE(flow.run("ssprk3", 0.002, 20));
  EXPECT_NEAR(flow.measure()["tracer_mean"], before, 1e-14 * before);
}

// FNS-KF as sinusoidal.hpp of azeban forces: 0.1 (cos z, sin z) of the velocities, z = 2 pi (x +
// y). Without its gradient 0.05 (cos z - sin z) (1, -1) is left.
TEST(Pdegym, ForcingOfFnsKf) {
  FlowCase flow(unit_square(16, 16, "zero",
                            "forcing = \"modes\"\n"
                            "forcing_modes = [1, 1, 0.6283185307179586, 0.6283185307179586]\n"));
  Array<Real**> rate("rate", 1, static_cast<std::size_t>(flow.model->width()));
  flow.model->nonlinear(rate, flow.state, 0);
  Kokkos::deep_copy(flow.state, rate);
  // u = -psi_y, v = psi_x, lap psi = w, where all is of one wavenumber: u = w_y / k^2, v = -w_x /
  // k^2, with w = 0.2 pi (cos z + sin z) and k^2 = 8 pi^2.
  EXPECT_LT(flow.error([](Real x, Real y) {
    const Real z = 2 * pi * (x + y);
    const Real u_y = 0.05 * 2 * pi * (-std::sin(z) - std::cos(z)), v_x = -u_y;
    return v_x - u_y;
  }),
            1e-14);
}

}  // namespace
