// SPDX-License-Identifier: BSD-3-Clause
#include "models/double_gyre.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::models {
namespace {

using linalg::petsc::Factors;
using linalg::petsc::Grid;

constexpr Real pi = std::numbers::pi;

Real spacing(const DoubleGyre::Settings& s, std::size_t direction) {
  return s.lengths[direction] / static_cast<Real>(s.points[direction] + 1);
}

linalg::petsc::MatrixHandle helmholtz(const Grid& grid, Real dx, Real dy, Real f) {
  const Real x = 1 / (dx * dx), y = 1 / (dy * dy);
  return grid.matrix({{0, 0, -2 * x - 2 * y - f}, {-1, 0, x}, {1, 0, x}, {0, -1, y}, {0, 1, y}});
}

}  // namespace

DoubleGyre::DoubleGyre(const Settings& s)
    : settings_(s),
      grid_({s.points[0], s.points[1]}, Grid::Edge::zero, 1),
      dx_(spacing(s, 0)),
      dy_(spacing(s, 1)),
      elliptic_(helmholtz(grid_, dx_, dy_, s.froude), Factors::Order::nested_dissection),
      psi_(grid_),
      q_(grid_),
      zeta_(grid_),
      zeta2_(grid_),
      values_("double_gyre::values", static_cast<std::size_t>(grid_.points())),
      zeta4_("double_gyre::zeta4", static_cast<std::size_t>(grid_.points())),
      wind_("double_gyre::wind", static_cast<std::size_t>(s.points[1])) {
  require(std::min(s.points[0], s.points[1]) >= 3, "a basin of {} x {} points; allowed: >= 3",
          s.points[0], s.points[1]);
  for (Index j = 0; j < s.points[1]; ++j)
    wind_.data()[j] =
        s.wind * std::sin(2 * pi * static_cast<Real>(j + 1) / static_cast<Real>(s.points[1] + 1));
}

// kernel(j, first) returns the function of i in row j, whose first point is at `first` of a field
// without walls and at j * stride() of one with them.
template <class Kernel>
void DoubleGyre::each_row(const char* label, const Kernel& kernel) const {
  const Index nx = grid_.points(0);
  for (Index j = 0; j < grid_.points(1); ++j) for_each(label, nx, kernel(j, j * nx));
}

void DoubleGyre::laplacian(Real* out, Field field) const {
  const Index s = grid_.stride();
  const Real x = 1 / (dx_ * dx_), y = 1 / (dy_ * dy_);
  each_row("double_gyre::laplacian", [=](Index j, Index first) {
    Real* o = out + first;
    const Real* f = field + j * s;
    return [=](Index i) {
      o[i] = x * (f[i + 1] - 2 * f[i] + f[i - 1]) + y * (f[i + s] - 2 * f[i] + f[i - s]);
    };
  });
}

void DoubleGyre::invert(const Real* q) {
  elliptic_.solve(values_.data(), q);
  psi_.fill(values_.data());
  laplacian(values_.data(), psi_.first());
  zeta_.fill(values_.data());
  laplacian(values_.data(), zeta_.first());
  zeta2_.fill(values_.data());
  laplacian(zeta4_.data(), zeta2_.first());
}

void DoubleGyre::nonlinear(Rows out, ConstRows q, Real) {
  const Settings& c = settings_;
  const Index s = grid_.stride();
  const Real beta = c.beta / (2 * dx_), advection = c.advection / (12 * dx_ * dy_);
  const Real drag = c.drag, viscosity = c.viscosity, hyperviscosity = c.hyperviscosity;
  for (Index r = 0; r < rows_of(q); ++r) {
    const Real* state = q.data() + r * width();
    invert(state);
    q_.fill(state);
    each_row("double_gyre::rate", [&](Index j, Index first) {
      Real* o = out.data() + r * width() + first;
      const Real *p = psi_.first() + j * s, *v = q_.first() + j * s;
      const Real *zeta = zeta_.first() + j * s, *zeta2 = zeta2_.first() + j * s;
      const Real* zeta4 = zeta4_.data() + first;
      const Real wind = wind_.data()[j];
      return [=](Index i) {
        const Index n = i + s, e = i + 1, b = i - s, w = i - 1;  // north, east, below, west
        const Real jacobian = (p[e] - p[w]) * (v[n] - v[b]) - (p[n] - p[b]) * (v[e] - v[w]) +
                              p[e] * (v[n + 1] - v[b + 1]) - p[w] * (v[n - 1] - v[b - 1]) -
                              p[n] * (v[n + 1] - v[n - 1]) + p[b] * (v[b + 1] - v[b - 1]) +
                              p[n + 1] * (v[n] - v[e]) - p[b - 1] * (v[w] - v[b]) -
                              p[n - 1] * (v[n] - v[w]) + p[b + 1] * (v[e] - v[b]);
        o[i] = -beta * (p[e] - p[w]) - advection * jacobian + wind - drag * zeta[i] +
               viscosity * zeta2[i] - hyperviscosity * zeta4[i];
      };
    });
  }
}

void DoubleGyre::to_physical(Rows psi, ConstRows q) const {
  for (Index r = 0; r < rows_of(q); ++r)
    elliptic_.solve(psi.data() + r * width(), q.data() + r * width());
}

void DoubleGyre::to_states(Rows q, ConstRows psi) const {
  const Real f = settings_.froude;
  for (Index r = 0; r < rows_of(psi); ++r) {
    const Real* member = psi.data() + r * width();
    Real* state = q.data() + r * width();
    laplacian(state, psi_.fill(member));
    for_each("double_gyre::vorticity", width(), [=](Index i) { state[i] -= f * member[i]; });
  }
}

Domain DoubleGyre::domain() const {
  return {{{grid_.points(0), dx_, dx_, false}, {grid_.points(1), dy_, dy_, false}},
          {{"psi", "stream function"}}};
}

// By nested dissection a factor has at most 31/8 n log2 n numbers (George); both are used once.
Real DoubleGyre::flops() const {
  const auto n = static_cast<Real>(width());
  return 31.0 / 2 * n * std::log2(n) + 70 * n;
}

std::vector<diagnostics::Quantity> DoubleGyre::quantities() const {
  return {{"energy", "mean (|grad psi|^2 + F psi^2) / 2"},
          {"kinetic_energy", "mean |grad psi|^2 / 2"},
          {"enstrophy", "mean q^2 / 2"},
          {"energy_input", "by the wind", "model units", "energy"},
          {"energy_dissipation", "by drag and viscosities", "model units", "energy"}};
}

void DoubleGyre::measure(Real* out, ConstRows q, Real) {
  const Settings& c = settings_;
  const Index nx = grid_.points(0), s = grid_.stride();
  invert(q.data());
  std::fill_n(out, 5, 0.0);
  for (Index j = 0; j < grid_.points(1); ++j)
    for (Index i = 0; i < nx; ++i) {
      const Index at = i + j * s;
      const Real vorticity = q.data()[i + j * nx], psi = psi_.first()[at];
      const Real friction = c.drag * zeta_.first()[at] - c.viscosity * zeta2_.first()[at] +
                            c.hyperviscosity * zeta4_.data()[i + j * nx];
      out[0] -= psi * vorticity / 2;
      out[1] -= psi * zeta_.first()[at] / 2;
      out[2] += vorticity * vorticity / 2;
      out[3] -= psi * wind_.data()[j];
      out[4] += psi * friction;
    }
  // Points of the walls have weight, and no value.
  const auto cells = static_cast<Real>((nx + 1) * (grid_.points(1) + 1));
  for (int k = 0; k < 5; ++k) out[k] /= cells;
}

std::vector<Component> DoubleGyre::derived() const {
  return {{"q", "potential vorticity"}, {"u", "velocity along x"}, {"v", "velocity along y"}};
}

void DoubleGyre::derive(Real* out, ConstRows q) {
  const Index s = grid_.stride(), n = width();
  const Real x = 1 / (2 * dx_), y = 1 / (2 * dy_);
  elliptic_.solve(values_.data(), q.data());
  const Real* psi = psi_.fill(values_.data());
  std::copy_n(q.data(), n, out);
  each_row("double_gyre::derive", [=](Index j, Index first) {
    const Real* p = psi + j * s;
    Real *u = out + n + first, *v = out + 2 * n + first;
    return [=](Index i) {
      u[i] = -y * (p[i + s] - p[i - s]);
      v[i] = x * (p[i + 1] - p[i - 1]);
    };
  });
}

Real DoubleGyre::courant(ConstRows q) {
  const Index s = grid_.stride();
  elliptic_.solve(values_.data(), q.data());
  const Real* psi = psi_.fill(values_.data());
  Real largest = 0;
  for (Index j = 0; j < grid_.points(1); ++j)
    for (Index i = 0; i < grid_.points(0); ++i) {
      const Real* p = psi + i + j * s;
      largest = std::max(largest, std::abs(p[s] - p[-s]) + std::abs(p[1] - p[-1]));
    }
  return std::abs(settings_.advection) * largest / (2 * dx_ * dy_);
}

void DoubleGyre::draw(Real* psi, Index number) const {
  const Start& start = settings_.start;
  const Index nx = grid_.points(0), ny = grid_.points(1);
  std::fill_n(psi, width(), 0.0);
  if (start.kind == "rest") return;
  const auto add = [&](Index m, Index n, Real factor) {
    for (Index j = 0; j < ny; ++j)
      for (Index i = 0; i < nx; ++i)
        psi[i + j * nx] +=
            factor * std::sin(pi * static_cast<Real>(m * (i + 1)) / static_cast<Real>(nx + 1)) *
            std::sin(pi * static_cast<Real>(n * (j + 1)) / static_cast<Real>(ny + 1));
  };
  if (start.kind == "mode") {
    add(start.mode[0], start.mode[1], start.amplitude);
    return;
  }
  // The mean square of a product of two sines is 1/4.
  const Stream stream(start.seed, Purpose::initial_condition, static_cast<std::uint64_t>(number),
                      0);
  const auto z = [&](Index m, Index n) {
    return stream.normal(static_cast<std::uint64_t>((m << 16) + n));
  };
  Real sum = 0;
  for (Index m = 1; m <= start.modes; ++m)
    for (Index n = 1; n <= start.modes; ++n) sum += z(m, n) * z(m, n) / 4;
  for (Index m = 1; m <= start.modes; ++m)
    for (Index n = 1; n <= start.modes; ++n) add(m, n, start.amplitude * z(m, n) / std::sqrt(sum));
}

}  // namespace starling::models
