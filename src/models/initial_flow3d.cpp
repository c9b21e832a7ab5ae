// SPDX-License-Identifier: BSD-3-Clause
#include "models/initial_flow3d.hpp"

#include "models/initial_flow2d.hpp"

#include <cmath>
#include <numbers>

namespace starling::models {
namespace {

constexpr Real pi = std::numbers::pi;

std::uint64_t mode_number(const std::array<Index, 3>& mode) {
  return models::mode_number(static_cast<Index>(models::mode_number(mode[0], mode[1])), mode[2]);
}

Real square(Real x) { return x * x; }

// brachet1983, eq. 1.1 with theta = 0; in boxes that are not cubes v is such that the flow has no
// divergence.
void taylor_green(FlowField3d& field) {
  const Real k = 2 * pi * static_cast<Real>(field.keys().mode), a = field.keys().amplitude;
  const auto& box = field.transform().box();
  const Real b = -a * box.length[1] / box.length[0];
  field.from_velocity([=](Real x, Real y, Real z) -> FlowField3d::Velocity {
    return {a * std::sin(k * x) * std::cos(k * y) * std::cos(k * z),
            b * std::cos(k * x) * std::sin(k * y) * std::cos(k * z), 0};
  });
}

void abc(FlowField3d& field) {
  const FlowKeys3d& keys = field.keys();
  field.from_velocity([&](Real x, Real y, Real z) { return abc_flow(keys, x, y, z); });
}

// Isotropic, E(k) ~ k^p exp(-p/2 (k/k0)^2) with the energy of all modes as given; directions and
// phases of each mode random (rogallo1981, eq. 33 ff.).
void random_flow(FlowField3d& field) {
  const FlowKeys3d& keys = field.keys();
  const auto& box = field.transform().box();
  const auto wavenumber = [&](const std::array<Index, 3>& m) -> std::array<Real, 3> {
    return {box.unit(0) * static_cast<Real>(m[0]), box.unit(1) * static_cast<Real>(m[1]),
            box.unit(2) * static_cast<Real>(m[2])};
  };
  const auto density = [&](const std::array<Real, 3>& k) {  // E(k) / k^2
    const Real k2 = square(k[0]) + square(k[1]) + square(k[2]);
    if (k2 == 0) return 0.0;
    return std::exp((keys.exponent / 2 - 1) * std::log(k2) -
                    keys.exponent / 2 * k2 / square(keys.wavenumber));
  };
  // Beyond it next to nothing; the flow must not depend on what the grid resolves.
  const Real largest = 5 * keys.wavenumber;
  std::array<Index, 3> most{};
  for (const int axis : {0, 1, 2})
    most[static_cast<std::size_t>(axis)] = static_cast<Index>(std::ceil(largest / box.unit(axis)));
  Real sum = 0;
  for (Index x = -most[0]; x <= most[0]; ++x)
    for (Index y = -most[1]; y <= most[1]; ++y)
      for (Index z = -most[2]; z <= most[2]; ++z) sum += density(wavenumber({x, y, z}));

  field.from_modes([&](const std::array<Index, 3>& mode) -> FlowField3d::Amplitude {
    const auto k = wavenumber(mode);
    const Real size = std::sqrt(2 * keys.energy * density(k) / sum);
    const std::uint64_t n = 3 * mode_number(mode);
    const Real first = 2 * pi * field.random().uniform(n),
               second = 2 * pi * field.random().uniform(n + 1),
               angle = 2 * pi * field.random().uniform(n + 2);
    const Complex a = size * std::cos(angle) * Complex(std::cos(first), std::sin(first)),
                  b = size * std::sin(angle) * Complex(std::cos(second), std::sin(second));
    // Unit vectors at right angles to k and to each other.
    const Real flat = std::hypot(k[0], k[1]), length = std::hypot(flat, k[2]);
    const std::array<Real, 3> e =
        flat > 0 ? std::array<Real, 3>{k[1] / flat, -k[0] / flat, 0} : std::array<Real, 3>{1, 0, 0};
    const std::array<Real, 3> f = {-k[2] * e[1] / length, k[2] * e[0] / length,
                                   (k[0] * e[1] - k[1] * e[0]) / length};
    return {a * e[0] + b * f[0], a * e[1] + b * f[1], a * e[2] + b * f[2]};
  });
}

}  // namespace

FlowField3d::FlowField3d(Complex* velocity, const spectral::BoxTransform& transform,
                         const FlowKeys3d& keys, Index number)
    : velocity_(velocity),
      transform_(&transform),
      keys_(keys),
      random_(keys.seed, Purpose::initial_condition, static_cast<std::uint64_t>(number), 0) {}

void FlowField3d::for_points(const spectral::BoxTransform& transform,
                             const std::function<void(Real, Real, Real, std::size_t)>& f) {
  const auto [nx, ny, nz] = transform.box().points;
  std::size_t i = 0;
  for (const Range& piece : transform.point_pieces())
    for (Index p = piece.begin; p < piece.end; ++p, ++i)
      f(static_cast<Real>(p % nx) / static_cast<Real>(nx),
        static_cast<Real>(p / nx % ny) / static_cast<Real>(ny),
        static_cast<Real>(p / nx / ny) / static_cast<Real>(nz), i);
}

void FlowField3d::from_velocity(const std::function<Velocity(Real, Real, Real)>& f) {
  const auto points = static_cast<std::size_t>(transform_->points());
  std::vector<Real> values(3 * points);
  for_points(*transform_, [&](Real x, Real y, Real z, std::size_t i) {
    const Velocity u = f(x, y, z);
    for (const std::size_t c : {0, 1, 2}) values[c * points + i] = u[c];
  });
  transform_->to_coefficients(velocity_, values.data(), 3);
}

void FlowField3d::from_modes(const std::function<Amplitude(const std::array<Index, 3>&)>& f) {
  const Index n = transform_->coefficients();
  for (Index i = 0; i < n; ++i) {
    const auto m = transform_->mode(i);
    const bool conjugate = m[0] == 0 && (m[1] < 0 || (m[1] == 0 && m[2] < 0));
    Amplitude u = {};
    if (conjugate) {
      u = f({0, -m[1], -m[2]});
      for (Complex& each : u) each = Kokkos::conj(each);
    } else if (m != std::array<Index, 3>{0, 0, 0}) {
      u = f(m);
    }
    for (const Index c : {0, 1, 2}) velocity_[c * n + i] = u[static_cast<std::size_t>(c)];
  }
}

FlowField3d::Velocity abc_flow(const FlowKeys3d& keys, Real x, Real y, Real z) {
  const Real k = 2 * pi * static_cast<Real>(keys.mode), a = keys.amplitude * keys.abc[0],
             b = keys.amplitude * keys.abc[1], c = keys.amplitude * keys.abc[2];
  return {a * std::sin(k * z) + c * std::cos(k * y), b * std::sin(k * x) + a * std::cos(k * z),
          c * std::sin(k * y) + b * std::cos(k * x)};
}

const std::vector<InitialFlow3d>& initial_flows3d() {
  static const std::vector<InitialFlow3d> all = {
      {"zero", "no flow", [](FlowField3d&) {}},
      {"taylor_green",
       "a (sin kx cos ky cos kz, -cos kx sin ky cos kz, 0), k of initial_mode (brachet1983)",
       taylor_green},
      {"abc",
       "a (A sin kz + C cos ky, B sin kx + A cos kz, C sin ky + B cos kx), A, B, C of initial_abc",
       abc},
      {"random",
       "isotropic, E(k) ~ k^p exp(-p/2 (k/k0)^2), p initial_exponent, k0 initial_wavenumber, of "
       "initial_energy (rogallo1981)",
       random_flow},
  };
  return all;
}

const std::vector<InitialScalar3d>& initial_scalars3d() {
  static const std::vector<InitialScalar3d> all = {
      {"zero", "none", [](Real, Real, Real) { return 0.0; }},
      {"sine_x", "sin(2 pi x / Lx)", [](Real x, Real, Real) { return std::sin(2 * pi * x); }},
      {"sine_y", "sin(2 pi y / Ly)", [](Real, Real y, Real) { return std::sin(2 * pi * y); }},
      {"sine_z", "sin(2 pi z / Lz)", [](Real, Real, Real z) { return std::sin(2 * pi * z); }},
  };
  return all;
}

}  // namespace starling::models
