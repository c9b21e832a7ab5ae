// SPDX-License-Identifier: BSD-3-Clause
#include "models/initial_flow2d.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::models {
namespace {

constexpr Real pi = std::numbers::pi;

Real square(Real x) { return x * x; }

void taylor_green(FlowField2d& field) {
  const Real m = 2 * pi * static_cast<Real>(field.keys().mode), a = field.keys().amplitude;
  field.from_vorticity([=](Real x, Real y) { return 2 * a * std::sin(m * x) * std::sin(m * y); });
}

// lamb1932, section 165; meleshko1994. Positive vorticity is above, so that it moves towards +x.
void lamb_dipole(FlowField2d& field) {
  const Real lx = field.transform().box().length[0], ly = field.transform().box().length[1];
  const Real radius = field.keys().width * lx, speed = field.keys().amplitude;
  const Real zero = 3.8317059702075123156, k = zero / radius;  // J_1(zero) = 0
  const Real scale = -2 * speed * k / std::cyl_bessel_j(0.0, zero);
  field.from_vorticity([=](Real x, Real y) {
    const Real dx = lx * (x - 0.5), dy = ly * (y - 0.5), r = std::hypot(dx, dy);
    return r == 0 || r >= radius ? 0 : scale * std::cyl_bessel_j(1.0, k * r) * dy / r;
  });
}

// Two independent normal numbers of a mode as a complex one.
Complex normal(const FlowField2d& field, Index x, Index y) {
  std::array<Real, 2> z;
  field.random().normals(z.data(), 2, 2 * mode_number(x, y));
  return {z[0], z[1]};
}

// mcwilliams1984: psi^_k random with variance 1 / (k^2 (1 + (k/k0)^4)) up to a factor. The energy
// is that of all modes below 128 in each direction, so that the flow is the same for any
// resolution.
void mcwilliams1984(FlowField2d& field) {
  const Real ux = field.transform().box().unit(0), uy = field.transform().box().unit(1);
  const Real k0 = field.keys().wavenumber;
  const auto speed = [&](Index x, Index y) {  // times i: k psi^
    const Real k2 = square(ux * static_cast<Real>(x)) + square(uy * static_cast<Real>(y));
    return normal(field, x, y) / std::sqrt(1 + square(k2 / square(k0)));
  };
  Real energy = 0;
  for (Index x = 0; x < 128; ++x)
    for (Index y = x == 0 ? 1 : -127; y < 128; ++y) {
      const Complex u = speed(x, y);
      energy += square(u.real()) + square(u.imag());
    }
  const Real factor = std::sqrt(field.keys().energy / energy);
  field.from_modes([&](Index x, Index y) {
    const Real k = std::hypot(ux * static_cast<Real>(x), uy * static_cast<Real>(y));
    return -k * factor * speed(x, y);
  });
}

// E |w^_k|^2 = a^2 (k^2 + k0^2)^-exponent (li2021).
void random_field(FlowField2d& field) {
  const FlowKeys& keys = field.keys();
  const Real ux = field.transform().box().unit(0), uy = field.transform().box().unit(1);
  field.from_modes([&](Index x, Index y) {
    const Real k2 = square(ux * static_cast<Real>(x)) + square(uy * static_cast<Real>(y));
    return keys.amplitude * std::sqrt(0.5) *
           std::pow(k2 + square(keys.wavenumber), -keys.exponent / 2) * normal(field, x, y);
  });
}

// bell1989, eq. 4.1 up to the width.
Real double_layer(Real y, Real width) {
  return std::tanh(y <= 0.5 ? (y - 0.25) / width : (0.75 - y) / width);
}

void shear_layer(FlowField2d& field) {
  const FlowKeys keys = field.keys();
  field.from_velocity([=](Real x, Real y) -> FlowField2d::Velocity {
    return {keys.amplitude * double_layer(y, keys.width),
            keys.amplitude * keys.perturbation * std::sin(2 * pi * x)};
  });
}

// The families of herde2024, appendix B.

Complex wave(Real phase) { return {std::cos(phase), std::sin(phase)}; }

void sines(FlowField2d& field) {
  constexpr int p = 10;
  const Real a = field.keys().amplitude;
  std::array<Real, p * p> alpha;
  std::array<Complex, p * p> beta, gamma;  // exp(i phase)
  for (std::size_t n = 0; n < p * p; ++n) {
    const Real i = 1 + static_cast<Real>(n / p), j = 1 + static_cast<Real>(n % p);
    alpha[n] = a * field.uniform(3 * n, -1, 1) / std::sqrt(2 * pi * (i + j));
    beta[n] = wave(field.uniform(3 * n + 1, 0, 2 * pi));
    gamma[n] = wave(field.uniform(3 * n + 2, 0, 2 * pi));
  }
  field.from_velocity([&](Real x, Real y) {
    std::array<Complex, p> along_x, along_y;
    for (std::size_t i = 0; i < p; ++i) {
      along_x[i] = wave(2 * pi * static_cast<Real>(i + 1) * x);
      along_y[i] = wave(2 * pi * static_cast<Real>(i + 1) * y);
    }
    FlowField2d::Velocity u = {0, 0};
    for (std::size_t n = 0; n < p * p; ++n) {
      const Complex at_x = along_x[n / p] * beta[n], at_y = along_y[n % p] * gamma[n];
      u[0] += alpha[n] * at_x.imag() * at_y.imag();
      u[1] += alpha[n] * at_x.real() * at_y.real();
    }
    return u;
  });
}

// A bump and its periodic images.
Real periodic_gauss(Real distance, Real width) {
  Real sum = 0;
  for (int image = -1; image <= 1; ++image)
    sum += std::exp(-square(distance + image) / (2 * square(width)));
  return sum;
}

void gauss(FlowField2d& field) {
  const auto points = static_cast<std::size_t>(field.transform().points());
  std::vector<Real> vorticity(points);
  const Index nx = field.transform().box().points[0], ny = field.transform().box().points[1];
  std::vector<Real> along_x(static_cast<std::size_t>(nx)), along_y(static_cast<std::size_t>(ny));
  for (std::uint64_t n = 0; n < 100; ++n) {
    const Real width = field.uniform(4 * n + 1, 0.01, 0.1);
    const Real scale = field.keys().amplitude * field.uniform(4 * n, -1, 1) / width;
    const Real x0 = field.uniform(4 * n + 2, 0, 1), y0 = field.uniform(4 * n + 3, 0, 1);
    for (std::size_t i = 0; i < along_x.size(); ++i)
      along_x[i] = scale * periodic_gauss(static_cast<Real>(i) / static_cast<Real>(nx) - x0, width);
    for (std::size_t i = 0; i < along_y.size(); ++i)
      along_y[i] = periodic_gauss(static_cast<Real>(i) / static_cast<Real>(ny) - y0, width);
    field.for_points([&](Real x, Real y, std::size_t i) {
      vorticity[i] += along_x[static_cast<std::size_t>(std::lround(x * static_cast<Real>(nx)))] *
                      along_y[static_cast<std::size_t>(std::lround(y * static_cast<Real>(ny)))];
    });
  }
  field.from_values(vorticity);
}

void piecewise_constant(FlowField2d& field) {
  constexpr int cells = 10;
  std::array<Real, cells * cells> values;
  for (std::size_t n = 0; n < values.size(); ++n)
    values[n] = field.keys().amplitude * field.uniform(n, -1, 1);
  field.from_vorticity([&](Real x, Real y) {
    return values[static_cast<std::size_t>(y * cells) * cells +
                  static_cast<std::size_t>(x * cells)];
  });
}

// Uniform coefficients of cos cos, cos sin, sin cos and sin sin for each velocity, Hurst exponent
// 1/2.
void brownian_bridge(FlowField2d& field) {
  field.from_velocity_modes([&](Index x, Index y) {
    const Real k = 2 * pi * std::hypot(static_cast<Real>(x), static_cast<Real>(y));
    const Real scale = field.keys().amplitude / std::pow(k, 1.5);
    const std::uint64_t first = 8 * mode_number(x, std::abs(y));
    std::array<Complex, 2> u;
    for (std::uint64_t d = 0; d < 2; ++d) {
      const auto draw = [&](std::uint64_t n) { return field.uniform(first + 4 * d + n, -1, 1); };
      const Real cc = draw(0), cs = draw(1), sc = draw(2), ss = draw(3);
      const Complex above(cc - ss, cs + sc), below(cc + ss, sc - cs);  // y > 0, y < 0
      u[d] = scale * (y > 0 || x == 0 ? above : y < 0 ? below : 0.5 * (above + below));
    }
    return u;
  });
}

// The cubic spline of lanthaler2021, whose integral over the plane is 1.
Real spline(Real r) {
  const auto cube = [](Real s) { return s > 0 ? s * s * s : 0; };
  return 80 / (7 * pi) *
         (cube(r + 1) - 4 * cube(r + 0.5) + 6 * cube(r) - 4 * cube(r - 0.5) + cube(r - 1));
}

void vortex_sheet(FlowField2d& field) {
  constexpr Real smoothing = 5.0 / 128;
  constexpr int nodes = 4096;
  std::array<Real, 10> alpha, beta;
  for (std::size_t n = 0; n < 10; ++n) {
    alpha[n] = field.uniform(2 * n, 0, 0.003125);
    beta[n] = field.uniform(2 * n + 1, 0, 1);
  }
  // Nodes at equal distances in x, each with the length of the curve that it stands for.
  std::vector<Real> height(nodes), weight(nodes);
  for (std::size_t s = 0; s < nodes; ++s) {
    const Real x = static_cast<Real>(s) / nodes;
    Real y = 0.5 + 0.2 * std::sin(2 * pi * x), slope = 0.4 * pi * std::cos(2 * pi * x);
    for (std::size_t n = 0; n < 10; ++n) {
      y += alpha[n] * std::sin(2 * pi * (x + beta[n]));
      slope += 2 * pi * alpha[n] * std::cos(2 * pi * (x + beta[n]));
    }
    height[s] = y;
    weight[s] = field.keys().amplitude * std::hypot(1.0, slope) / nodes / square(smoothing);
  }
  const int reach = static_cast<int>(smoothing * nodes) + 1;
  field.from_vorticity([&](Real x, Real y) {
    Real sum = 0;
    const int middle = static_cast<int>(std::lround(x * nodes));
    for (int s = middle - reach; s <= middle + reach; ++s) {
      const auto node = static_cast<std::size_t>((s + nodes) % nodes);
      if (std::abs(y - height[node]) > smoothing) continue;
      const Real r = std::hypot(x - static_cast<Real>(s) / nodes, y - height[node]) / smoothing;
      if (r < 1) sum += weight[node] * spline(r);
    }
    return sum;
  });
}

void random_shear_layer(FlowField2d& field) {
  const auto terms = 7 + static_cast<std::size_t>(field.uniform(0, 0, 6));
  const Real width = field.uniform(1, 0.08, 0.12) / (2 * pi);
  const Real shift = field.uniform(2, -0.0625, 0.0625), a = field.keys().amplitude;
  std::vector<Real> alpha(terms), beta(terms);
  for (std::size_t k = 0; k < terms; ++k) {
    alpha[k] = 0.025 * field.uniform(3 + 2 * k, 0, 1);
    beta[k] = field.uniform(4 + 2 * k, 0, 2 * pi);
  }
  field.from_velocity([&](Real x, Real y) -> FlowField2d::Velocity {
    Real at = y + shift;
    for (std::size_t k = 0; k < terms; ++k)
      at += alpha[k] * std::sin(2 * pi * static_cast<Real>(k + 1) * x - beta[k]);
    return {a * double_layer(at - std::floor(at), width), 0};
  });
}

}  // namespace

const std::vector<InitialFlow2d>& initial_flows2d() {
  static const std::vector<InitialFlow2d> all = {
      {"zero", "at rest",
       [](FlowField2d& field) { field.from_modes([](Index, Index) { return Complex(0); }); }},
      {"taylor_green", "w = 2 a sin(2 pi m x/Lx) sin(2 pi m y/Ly)", taylor_green},
      {"lamb_dipole", "Lamb's dipole of radius width Lx in the middle, moving with speed a to +x",
       lamb_dipole},
      {"mcwilliams1984", "random, energy spectrum k / (1 + (k/k0)^4)", mcwilliams1984},
      {"random_field", "normal, variance of w^_k: a^2 (k^2 + k0^2)^-exponent (li2021)",
       random_field},
      {"shear_layer",
       "u = a tanh((y - Ly/4)/(width Ly)) and back, v = a perturbation sin(2 pi x/Lx) (bell1989)",
       shear_layer},
      {"pdegym_sines", "herde2024, NS-Sines", sines},
      {"pdegym_gauss", "NS-Gauss", gauss},
      {"pdegym_pwc", "NS-PwC", piecewise_constant},
      {"pdegym_bb", "NS-BB, to be spun up for 0.5", brownian_bridge},
      {"pdegym_svs", "NS-SVS", vortex_sheet},
      {"pdegym_sl", "NS-SL", random_shear_layer},
  };
  return all;
}

const std::vector<InitialTracer2d>& initial_tracers2d() {
  static const std::vector<InitialTracer2d> all = {
      {"zero", "none", [](Real, Real) { return 0.0; }},
      {"disk", "1 in a disk of radius 1/4 in the middle (herde2024, NS-Tracer-PwC)",
       [](Real x, Real y) { return std::hypot(x - 0.5, y - 0.5) < 0.25 ? 1.0 : 0.0; }},
      {"cosine_x", "cos(2 pi x/Lx)", [](Real x, Real) { return std::cos(2 * pi * x); }},
      {"cosine_y", "cos(2 pi y/Ly)", [](Real, Real y) { return std::cos(2 * pi * y); }},
  };
  return all;
}

}  // namespace starling::models
