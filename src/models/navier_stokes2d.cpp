// SPDX-License-Identifier: BSD-3-Clause
#include "models/navier_stokes2d.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <cmath>

namespace starling::models {
namespace {

using spectral::BoxTransform;

BoxTransform::Settings transform_settings(const NavierStokes2d::Settings& settings,
                                          MPI_Comm space) {
  const auto tracers = static_cast<Index>(settings.tracers.size());
  BoxTransform::Settings made;
  made.dealiasing = settings.dealiasing;
  made.planning = settings.planning;
  made.space = space;
  made.most_fields = std::max<Index>(3, 2 + 2 * tracers);
  return made;
}

const Complex* complex(const Real* reals) { return reinterpret_cast<const Complex*>(reals); }
Complex* complex(Real* reals) { return reinterpret_cast<Complex*>(reals); }

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

NavierStokes2d::NavierStokes2d(const Settings& settings, MPI_Comm space)
    : settings_(settings),
      space_(space),
      transform_(settings.box, transform_settings(settings, space)) {
  const Index n = coefficients();
  kx_ = Array<Real*>("navier_stokes2d::kx", at(n));
  ky_ = Array<Real*>("navier_stokes2d::ky", at(n));
  inverse_ = Array<Real*>("navier_stokes2d::inverse", at(n));
  for (Index i = 0; i < n; ++i) {
    const auto k = transform_.wavenumber(i);
    const Real k2 = k[0] * k[0] + k[1] * k[1];
    kx_(at(i)) = k[0];
    ky_(at(i)) = k[1];
    inverse_(at(i)) = k2 > 0 ? 1 / k2 : 0;
  }
  make_forcing();
  if (settings_.ring) ring_.emplace(transform_, *settings_.ring, space_);
  if (settings_.initial_points) initial_grid_.emplace(*settings_.initial_points, transform_);
  const Index fields_of_products = 2 + 2 * static_cast<Index>(settings_.tracers.size());
  work_ = Array<Complex*>("navier_stokes2d::work", at(std::max<Index>(4, fields_of_products) * n));
  rate_ = Array<Complex*>("navier_stokes2d::rate", at(fields() * n));
  values_ = Array<Real*>("navier_stokes2d::values", at(2 * transform_.points()));

  // Rings as wide as the larger of the two spacings of wavenumbers.
  const Real ring = std::max(settings_.box.unit(0), settings_.box.unit(1));
  const auto ring_of = [&](Real kx, Real ky) {
    return static_cast<Index>(std::lround(std::hypot(kx, ky) / ring));
  };
  bin_.resize(at(n));
  for (Index i = 0; i < n; ++i) bin_[at(i)] = ring_of(kx_(at(i)), ky_(at(i)));
  bins_ = 1 + ring_of(settings_.box.unit(0) * static_cast<Real>(transform_.cut(0) - 1),
                      settings_.box.unit(1) * static_cast<Real>(transform_.cut(1) - 1));
}

void NavierStokes2d::make_forcing() {
  if (settings_.forcing.empty()) return;
  forcing_ = Array<Complex*>("navier_stokes2d::forcing", at(coefficients()));
  for (const ForcedMode& mode : settings_.forcing) {
    require((mode.mode_x != 0 || mode.mode_y != 0) && std::abs(mode.mode_x) < transform_.cut(0) &&
                std::abs(mode.mode_y) < transform_.cut(1),
            "the mode ({}, {}) is forced; allowed: modes below ({}, {}) but (0, 0)", mode.mode_x,
            mode.mode_y, transform_.cut(0), transform_.cut(1));
    for (Index i = 0; i < coefficients(); ++i) {
      const auto m = transform_.mode(i);
      if (m[0] == mode.mode_x && m[1] == mode.mode_y)
        forcing_(at(i)) += Complex(mode.cosine, -mode.sine) / 2;
      if (m[0] == -mode.mode_x && m[1] == -mode.mode_y)
        forcing_(at(i)) += Complex(mode.cosine, mode.sine) / 2;
    }
  }
}

Columns NavierStokes2d::value_columns() const {
  return Columns(transform_.all_points(), transform_.point_pieces()).repeated(fields());
}

Columns NavierStokes2d::state_columns() const {
  std::vector<Range> pieces;
  for (const Range& piece : transform_.coefficient_pieces())
    pieces.push_back({2 * piece.begin, 2 * piece.end});
  return Columns(2 * transform_.all_coefficients(), pieces).repeated(fields());
}

Domain NavierStokes2d::domain() const {
  const spectral::Box& box = settings_.box;
  std::vector<Component> components = {{"vorticity", "vorticity", "1/time"}};
  for (std::size_t n = 0; n < settings_.tracers.size(); ++n)
    components.push_back(
        {settings_.tracers.size() == 1 ? "tracer" : "tracer" + std::to_string(n + 1),
         "concentration of a passive tracer", "1"});
  return Domain(
      {{box.points[0], 0, box.spacing(0), true}, {box.points[1], 0, box.spacing(1), true}},
      std::move(components));
}

// Without viscosity, which tracers have one of their own for.
Real NavierStokes2d::damping(Index i) const {
  const Real k2 = kx_(at(i)) * kx_(at(i)) + ky_(at(i)) * ky_(at(i));
  Real rate = settings_.hyperviscosity == 0
                  ? 0
                  : settings_.hyperviscosity *
                        std::pow(k2, static_cast<Real>(settings_.hyperviscosity_power));
  if (settings_.spectral_viscosity != 0) {
    const Real k0 = settings_.spectral_cutoff, k = std::sqrt(k2);
    const Real cutoff =
        settings_.sharp_cutoff ? (k >= k0 ? 1 : 0) : -std::expm1(-std::pow(k / k0, 18));
    rate += settings_.spectral_viscosity * cutoff * k2;
  }
  return rate;
}

Real NavierStokes2d::friction(Index i) const {
  const Real inverse = inverse_(at(i));
  if (inverse == 0) return 0;
  const Real hypodrag =
      settings_.hypodrag == 0
          ? 0
          : settings_.hypodrag * std::pow(inverse, static_cast<Real>(settings_.hypodrag_power));
  return settings_.drag + hypodrag;
}

bool NavierStokes2d::is_damped() const {
  const Settings& s = settings_;
  const bool diffuses = std::any_of(s.tracers.begin(), s.tracers.end(),
                                    [](const Tracer& tracer) { return tracer.diffusivity != 0; });
  return s.viscosity != 0 || s.hyperviscosity != 0 || s.spectral_viscosity != 0 || s.drag != 0 ||
         s.hypodrag != 0 || diffuses;
}

std::vector<std::complex<Real>> NavierStokes2d::linear() const {
  const auto& flow = settings_.mean_flow;
  if (!is_damped() && flow[0] == 0 && flow[1] == 0 && !viscosity_ && !drag_) return {};
  const Index n = coefficients();
  std::vector<std::complex<Real>> symbol(at(fields() * n));
  for (Index i = 0; i < n; ++i) {
    const Real kx = kx_(at(i)), ky = ky_(at(i)), k2 = kx * kx + ky * ky;
    const std::complex<Real> common(-damping(i), -(kx * flow[0] + ky * flow[1]));
    symbol[at(i)] = common - settings_.viscosity * k2 - friction(i);
    for (Index c = 1; c < fields(); ++c)
      symbol[at(c * n + i)] = common - settings_.tracers[at(c - 1)].diffusivity * k2;
  }
  return symbol;
}

// u^ = i ky w^ / k^2, v^ = -i kx w^ / k^2.
void NavierStokes2d::set_velocity(Complex* velocity, const Complex* vorticity) const {
  const Index n = coefficients();
  const Real *kx = kx_.data(), *ky = ky_.data(), *inverse = inverse_.data();
  const Real* w = reinterpret_cast<const Real*>(vorticity);
  Real *u = reinterpret_cast<Real*>(velocity), *v = reinterpret_cast<Real*>(velocity + n);
  for_each("navier_stokes2d::velocity", n, [=](Index i) {
    const Real re = w[2 * i] * inverse[i], im = w[2 * i + 1] * inverse[i];
    u[2 * i] = -ky[i] * im;
    u[2 * i + 1] = ky[i] * re;
    v[2 * i] = kx[i] * im;
    v[2 * i + 1] = -kx[i] * re;
  });
}

// out = forcing - advection; forcing may be null.
void NavierStokes2d::advect(Complex* out, const Complex* state, const Complex* forcing) const {
  const Index n = coefficients(), tracers = fields() - 1;
  const Real *kx = kx_.data(), *ky = ky_.data(), *inverse = inverse_.data();
  Complex* work = work_.data();
  set_velocity(work, state);
  const auto copied = reinterpret_cast<const Real*>(state + n);
  auto* copy = reinterpret_cast<Real*>(work + 2 * n);
  if (tracers > 0)
    for_each("navier_stokes2d::tracers", 2 * tracers * n, [=](Index i) { copy[i] = copied[i]; });

  transform_.product(work, 2 + 2 * tracers, work, 2 + tracers,
                     [=](Real* const* o, Real* const* in, Index count) {
                       const Real *u = in[0], *v = in[1];
                       Real *uv = o[0], *difference = o[1];
                       for_each("navier_stokes2d::products", count, [=](Index j) {
                         uv[j] = u[j] * v[j];
                         difference[j] = (v[j] - u[j]) * (v[j] + u[j]);
                       });
                       for (Index c = 0; c < tracers; ++c) {
                         const Real* tracer = in[2 + c];
                         Real *uc = o[2 + 2 * c], *vc = o[3 + 2 * c];
                         for_each("navier_stokes2d::fluxes", count, [=](Index j) {
                           uc[j] = u[j] * tracer[j];
                           vc[j] = v[j] * tracer[j];
                         });
                       }
                     });

  const Real *uv = reinterpret_cast<const Real*>(work),
             *difference = reinterpret_cast<const Real*>(work + n);
  Real* rate = reinterpret_cast<Real*>(out);
  const auto finish = [=](auto forced) {
    for_each("navier_stokes2d::rate", n, [=](Index i) {
      const Real p = (kx[i] - ky[i]) * (kx[i] + ky[i]), q = kx[i] * ky[i];
      rate[2 * i] = forced(p * uv[2 * i] + q * difference[2 * i], 2 * i);
      rate[2 * i + 1] = forced(p * uv[2 * i + 1] + q * difference[2 * i + 1], 2 * i + 1);
    });
  };
  if (forcing == nullptr) {
    finish([](Real value, Index) { return value; });
  } else {
    const Real* f = reinterpret_cast<const Real*>(forcing);
    finish([f](Real value, Index i) { return value + f[i]; });
  }

  const Real* w = reinterpret_cast<const Real*>(state);
  for (Index c = 0; c < tracers; ++c) {
    const Real *uc = reinterpret_cast<const Real*>(work + (2 + 2 * c) * n),
               *vc = reinterpret_cast<const Real*>(work + (3 + 2 * c) * n);
    Real* change = reinterpret_cast<Real*>(out + (1 + c) * n);
    const Real gx = settings_.tracers[at(c)].gradient[0], gy = settings_.tracers[at(c)].gradient[1];
    for_each("navier_stokes2d::tracer_rate", n, [=](Index i) {
      // -i (k.flux) - u.G
      const Real along = (ky[i] * gx - kx[i] * gy) * inverse[i];
      change[2 * i] = kx[i] * uc[2 * i + 1] + ky[i] * vc[2 * i + 1] + along * w[2 * i + 1];
      change[2 * i + 1] = -kx[i] * uc[2 * i] - ky[i] * vc[2 * i] - along * w[2 * i];
    });
  }
}

void NavierStokes2d::nonlinear(Rows out, ConstRows u, Real) {
  for (Index r = 0; r < rows_of(u); ++r) {
    Complex* rate = complex(out.data() + r * width());
    const Complex* state = complex(u.data() + r * width());
    advect(rate, state, forcing_.data());
    add_varied(rate, state);
  }
}

void NavierStokes2d::add_varied(Complex* out, const Complex* state) const {
  if (!viscosity_ && !drag_) return;
  const Real more_viscosity = viscosity_ ? *viscosity_ - settings_.viscosity : 0;
  const Real more_drag = drag_ ? *drag_ - settings_.drag : 0;
  const Real *kx = kx_.data(), *ky = ky_.data();
  for_each("navier_stokes2d::varied", coefficients(), [=](Index i) {
    out[i] -= (more_viscosity * (kx[i] * kx[i] + ky[i] * ky[i]) + more_drag) * state[i];
  });
}

void NavierStokes2d::to_physical(Rows members, ConstRows states) const {
  for (Index s = 0; s < rows_of(states); ++s)
    transform_.to_points(members.data() + s * dofs(), complex(states.data() + s * width()),
                         fields());
}

void NavierStokes2d::to_states(Rows states, ConstRows members) const {
  for (Index s = 0; s < rows_of(states); ++s) {
    Complex* state = complex(states.data() + s * width());
    transform_.to_coefficients(state, members.data() + s * dofs(), fields());
    for (Index i = 0; i < coefficients(); ++i)
      if (inverse_(at(i)) == 0) state[i] = 0;
  }
}

void NavierStokes2d::kick(Rows states, Index number, Index step, Real dt) {
  if (!ring_) return;
  for (Index s = 0; s < rows_of(states); ++s)
    ring_->kick(complex(states.data() + s * width()), number + s, step, dt);
}

void NavierStokes2d::draw_vorticity(Complex* vorticity, Index number) const {
  if (settings_.initial == "laminar") {
    // Balance of forcing and friction: a solution where the forced modes do not advect each other.
    for (Index i = 0; i < coefficients() && forcing_.data() != nullptr; ++i)
      if (forcing_(at(i)) != Complex(0))
        vorticity[i] =
            forcing_(at(i)) / (settings_.viscosity / inverse_(at(i)) + damping(i) + friction(i));
    return;
  }
  const BoxTransform& grid = initial_grid_ ? initial_grid_->transform() : transform_;
  std::vector<Complex> sampled(at(grid.coefficients()));
  FlowField2d field(sampled.data(), grid, settings_.initial_keys, number);
  for (const InitialFlow2d& each : initial_flows2d())
    if (each.name == settings_.initial) each.make(field);
  if (initial_grid_)
    initial_grid_->truncate(vorticity, sampled.data());
  else
    std::copy(sampled.begin(), sampled.end(), vorticity);
}

void NavierStokes2d::draw(Real* member, Index number) const {
  std::vector<Complex> coefficients(at(this->coefficients()));
  draw_vorticity(coefficients.data(), number);
  transform_.to_points(member, coefficients.data(), 1);
  const BoxTransform& grid = initial_grid_ ? initial_grid_->transform() : transform_;
  std::vector<Complex> sampled(at(grid.coefficients()));
  const FlowField2d places(sampled.data(), grid, settings_.initial_keys, number);
  std::vector<Real> values(at(grid.points()));
  for (Index c = 1; c < fields(); ++c) {
    Real* out = member + c * transform_.points();
    for (const InitialTracer2d& each : initial_tracers2d())
      if (each.name == settings_.tracers[at(c - 1)].initial)
        places.for_points([&](Real x, Real y, std::size_t i) { values[i] = each.value(x, y); });
    if (!initial_grid_) {
      std::copy(values.begin(), values.end(), out);
      continue;
    }
    grid.to_coefficients(sampled.data(), values.data(), 1);
    initial_grid_->truncate(coefficients.data(), sampled.data());
    transform_.to_points(out, coefficients.data(), 1);
  }
}

// 5/2 N log2 N for a real transform of N points, and what is done at points and coefficients.
Real NavierStokes2d::flops() const {
  const auto points =
      static_cast<Real>(transform_.product_points(0) * transform_.product_points(1));
  const auto transforms = static_cast<Real>(4 + 3 * (fields() - 1));
  return transforms * 2.5 * points * std::log2(points) +
         static_cast<Real>(fields()) * (4 * points + 10 * static_cast<Real>(width()));
}

std::vector<std::pair<std::string, Real>> NavierStokes2d::parameters() const {
  return {{"viscosity", settings_.viscosity}, {"drag", settings_.drag}};
}

Real* NavierStokes2d::vary(const std::string& name) {
  std::optional<Real>& varied = name == "viscosity" ? viscosity_ : drag_;
  varied = name == "viscosity" ? settings_.viscosity : settings_.drag;
  return &*varied;
}

void NavierStokes2d::sum_over_space(Real* values, Index count, MPI_Op op) const {
  if (size_of(space_) == 1) return;
  STARLING_MPI(
      MPI_Allreduce(MPI_IN_PLACE, values, static_cast<int>(count), MPI_DOUBLE, op, space_));
}

Real NavierStokes2d::response(const std::array<Index, 3>& mode) const {
  return transform_.keeps(mode) ? 1 : 0;
}

}  // namespace starling::models
