// SPDX-License-Identifier: BSD-3-Clause
#include "models/initial_flow2d.hpp"

#include <cmath>
#include <cstdlib>

namespace starling::models {

std::uint64_t mode_number(Index mode_x, Index mode_y) {
  const auto fold = [](Index m) { return static_cast<std::uint64_t>(m >= 0 ? 2 * m : -2 * m - 1); };
  const std::uint64_t a = fold(mode_x), b = fold(mode_y);
  return a >= b ? a * a + a + b : b * b + a;
}

FlowField2d::FlowField2d(Complex* vorticity, const spectral::BoxTransform& transform,
                         const FlowKeys& keys, Index number)
    : vorticity_(vorticity),
      transform_(&transform),
      keys_(keys),
      random_(keys.seed, Purpose::initial_condition, static_cast<std::uint64_t>(number), 0) {}

Real FlowField2d::uniform(std::uint64_t index, Real low, Real high) const {
  return low + (high - low) * random_.uniform(index);
}

void FlowField2d::for_points(const std::function<void(Real, Real, std::size_t)>& f) const {
  const Index nx = transform_->box().points[0], ny = transform_->box().points[1];
  std::size_t i = 0;
  for (const Range& piece : transform_->point_pieces())
    for (Index p = piece.begin; p < piece.end; ++p, ++i)
      f(static_cast<Real>(p % nx) / static_cast<Real>(nx),
        static_cast<Real>(p / nx) / static_cast<Real>(ny), i);
}

void FlowField2d::from_values(const std::vector<Real>& vorticity) {
  transform_->to_coefficients(vorticity_, vorticity.data(), 1);
}

void FlowField2d::from_vorticity(const std::function<Real(Real, Real)>& f) {
  std::vector<Real> values(static_cast<std::size_t>(transform_->points()));
  for_points([&](Real x, Real y, std::size_t i) { values[i] = f(x, y); });
  from_values(values);
}

// The vorticity i kx v - i ky u of velocities that may have a divergence, which is left behind.
void FlowField2d::from_velocity(const std::function<Velocity(Real, Real)>& f) {
  const auto points = static_cast<std::size_t>(transform_->points());
  const Index n = transform_->coefficients();
  std::vector<Real> values(2 * points);
  for_points([&](Real x, Real y, std::size_t i) {
    const Velocity u = f(x, y);
    values[i] = u[0];
    values[points + i] = u[1];
  });
  std::vector<Complex> velocity(static_cast<std::size_t>(2 * n));
  transform_->to_coefficients(velocity.data(), values.data(), 2);
  for (Index i = 0; i < n; ++i) {
    const auto k = transform_->wavenumber(i);
    const Complex u = velocity[static_cast<std::size_t>(i)],
                  v = velocity[static_cast<std::size_t>(n + i)];
    vorticity_[i] = Complex(0, 1) * (k[0] * v - k[1] * u);
  }
}

void FlowField2d::from_modes(const std::function<Complex(Index, Index)>& f) {
  for (Index i = 0; i < transform_->coefficients(); ++i) {
    const auto m = transform_->mode(i);
    if (m[0] == 0 && m[1] == 0)
      vorticity_[i] = 0;
    else
      vorticity_[i] = m[0] == 0 && m[1] < 0 ? Kokkos::conj(f(0, -m[1])) : f(m[0], m[1]);
  }
}

void FlowField2d::from_velocity_modes(
    const std::function<std::array<Complex, 2>(Index, Index)>& f) {
  const Real kx = transform_->box().unit(0), ky = transform_->box().unit(1);
  from_modes([&](Index x, Index y) {
    const auto u = f(x, y);
    return Complex(0, 1) * (kx * static_cast<Real>(x) * u[1] - ky * static_cast<Real>(y) * u[0]);
  });
}

void FlowField2d::scale(Real factor) {
  for (Index i = 0; i < transform_->coefficients(); ++i) vorticity_[i] *= factor;
}

}  // namespace starling::models
