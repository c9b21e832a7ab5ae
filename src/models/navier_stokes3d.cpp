// SPDX-License-Identifier: BSD-3-Clause
#include "models/navier_stokes3d.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"
#include "core/process_grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::models {
namespace {

using spectral::BoxTransform;

BoxTransform::Settings transform_settings(const NavierStokes3d::Settings& settings,
                                          MPI_Comm space) {
  const auto scalars =
      static_cast<Index>(settings.scalars.size()) + (settings.stratification ? 1 : 0);
  BoxTransform::Settings made;
  made.dealiasing = settings.dealiasing;
  made.planning = settings.planning;
  made.space = space;
  made.most_fields = settings.rotational ? std::max(6 + scalars, 3 + 3 * scalars) : 5 + 3 * scalars;
  return made;
}

std::vector<NavierStokes3d::Scalar> all_scalars(const NavierStokes3d::Settings& settings) {
  std::vector<NavierStokes3d::Scalar> all;
  if (settings.stratification)
    all.push_back({settings.buoyancy_diffusivity,
                   {0, 0, *settings.stratification},
                   settings.buoyancy_initial});
  all.insert(all.end(), settings.scalars.begin(), settings.scalars.end());
  return all;
}

const Complex* complex(const Real* reals) { return reinterpret_cast<const Complex*>(reals); }
Complex* complex(Real* reals) { return reinterpret_cast<Complex*>(reals); }
const Real* reals(const Complex* c) { return reinterpret_cast<const Real*>(c); }
Real* reals(Complex* c) { return reinterpret_cast<Real*>(c); }

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

}  // namespace

NavierStokes3d::NavierStokes3d(const Settings& settings, MPI_Comm space)
    : settings_(settings),
      scalars_(all_scalars(settings)),
      space_(space),
      transform_(settings.box, transform_settings(settings, space)),
      lines_(0),
      modes_z_(2 * transform_.cut(2) - 1) {
  require(settings.box.dimensions == 3, "a flow in {} dimensions; allowed: 3",
          settings.box.dimensions);
  const Index n = coefficients();
  lines_ = n / modes_z_;
  kx_ = Array<Real*>("navier_stokes3d::kx", at(lines_));
  ky_ = Array<Real*>("navier_stokes3d::ky", at(lines_));
  kz_ = Array<Real*>("navier_stokes3d::kz", at(modes_z_));
  inverse_ = Array<Real*>("navier_stokes3d::inverse", at(n));
  for (Index i = 0; i < n; ++i) {
    const auto k = wavenumber(i);
    const Real k2 = k[0] * k[0] + k[1] * k[1] + k[2] * k[2];
    inverse_(at(i)) = k2 > 0 ? 1 / k2 : 0;
    kx_(at(i / modes_z_)) = k[0];
    ky_(at(i / modes_z_)) = k[1];
    kz_(at(i % modes_z_)) = k[2];
  }
  work_ = Array<Complex*>("navier_stokes3d::work", at(std::max(fields_in(), fields_out()) * n));
  make_forcing();
  rate_ = Array<Complex*>("navier_stokes3d::rate", at(fields() * n));
  values_ = Array<Real*>("navier_stokes3d::values", at(3 * transform_.points()));

  // Shells as wide as the largest of the three spacings of wavenumbers.
  const spectral::Box& box = settings_.box;
  const Real shell = std::max({box.unit(0), box.unit(1), box.unit(2)});
  const auto shell_of = [&](const std::array<Real, 3>& k) {
    return static_cast<Index>(std::lround(std::hypot(k[0], k[1], k[2]) / shell));
  };
  bin_.resize(at(n));
  for (Index i = 0; i < n; ++i) bin_[at(i)] = shell_of(wavenumber(i));
  bins_ = 1 + shell_of({box.unit(0) * static_cast<Real>(transform_.cut(0) - 1),
                        box.unit(1) * static_cast<Real>(transform_.cut(1) - 1),
                        box.unit(2) * static_cast<Real>(transform_.cut(2) - 1)});
}

void NavierStokes3d::make_forcing() {
  const Settings& s = settings_;
  if (s.forcing == Forcing::low_shells) {
    const std::vector<Complex> ones(at(3 * coefficients()), Complex(1));
    require(energy_below(ones.data(), s.forcing_cutoff * s.forcing_cutoff) > 0,
            "no mode is below the wavenumber {} of the forcing; allowed: a larger one",
            s.forcing_cutoff);
  }
  if (s.forcing != Forcing::abc && s.forcing != Forcing::kolmogorov) return;
  require(s.forcing_mode < std::min({transform_.cut(0), transform_.cut(1), transform_.cut(2)}),
          "mode {} is forced; allowed: kept modes, below {}", s.forcing_mode,
          std::min({transform_.cut(0), transform_.cut(1), transform_.cut(2)}));
  force_ = Array<Complex*>("navier_stokes3d::force", at(3 * coefficients()));
  FlowKeys3d keys = s.initial_keys;
  keys.mode = s.forcing_mode;
  keys.amplitude = s.forcing_amplitude;
  if (s.forcing == Forcing::kolmogorov) keys.abc = {0, 0, 0};
  FlowField3d field(force_.data(), transform_, keys, 0);
  if (s.forcing == Forcing::abc) {
    field.from_velocity([&](Real x, Real y, Real z) { return abc_flow(keys, x, y, z); });
  } else {
    const Index mode = s.forcing_mode;
    const Complex amplitude(0, -s.forcing_amplitude / 2);
    field.from_modes([=](const std::array<Index, 3>& m) -> FlowField3d::Amplitude {
      return {m == std::array<Index, 3>{0, mode, 0} ? amplitude : Complex(0), 0, 0};
    });
  }
  project(force_.data());
}

Columns NavierStokes3d::value_columns() const {
  return Columns(transform_.all_points(), transform_.point_pieces()).repeated(fields());
}

Columns NavierStokes3d::state_columns() const {
  std::vector<Range> pieces;
  for (const Range& piece : transform_.coefficient_pieces())
    pieces.push_back({2 * piece.begin, 2 * piece.end});
  return Columns(2 * transform_.all_coefficients(), pieces).repeated(fields());
}

Domain NavierStokes3d::domain() const {
  const spectral::Box& box = settings_.box;
  std::vector<Component> components = {{"u", "velocity along x", "length/time"},
                                       {"v", "velocity along y", "length/time"},
                                       {"w", "velocity along z", "length/time"}};
  if (settings_.stratification) components.push_back({"buoyancy", "buoyancy", "length/time^2"});
  const std::size_t passive = settings_.scalars.size();
  for (std::size_t n = 0; n < passive; ++n)
    components.push_back({passive == 1 ? "scalar" : "scalar" + std::to_string(n + 1),
                          "concentration of a passive scalar", "1"});
  std::vector<Axis> axes;
  for (const int axis : {0, 1, 2})
    axes.push_back({box.points[at(axis)], 0, box.spacing(axis), true});
  return Domain(std::move(axes), std::move(components));
}

// By hyperviscosity.
Real NavierStokes3d::damping(Real k2) const {
  if (settings_.hyperviscosity == 0) return 0;
  return settings_.hyperviscosity * std::pow(k2, static_cast<Real>(settings_.hyperviscosity_power));
}

std::vector<std::complex<Real>> NavierStokes3d::linear() const {
  const bool diffuses = std::any_of(scalars_.begin(), scalars_.end(),
                                    [](const Scalar& scalar) { return scalar.diffusivity != 0; });
  if (settings_.viscosity == 0 && settings_.hyperviscosity == 0 && !diffuses) return {};
  const Index n = coefficients();
  std::vector<std::complex<Real>> symbol(at(fields() * n));
  for (Index i = 0; i < n; ++i) {
    const auto k = wavenumber(i);
    const Real k2 = k[0] * k[0] + k[1] * k[1] + k[2] * k[2], common = -damping(k2);
    for (Index c = 0; c < fields(); ++c)
      symbol[at(c * n + i)] =
          common - (c < 3 ? settings_.viscosity : scalars_[at(c - 3)].diffusivity) * k2;
  }
  return symbol;
}

// u^ - k (k.u^) / k^2.
void NavierStokes3d::project(Complex* velocity) const {
  const Index n = coefficients();
  for (Index line = 0; line < lines_; ++line) {
    const Index first = line * modes_z_;
    const Real kx = kx_(at(line)), ky = ky_(at(line));
    const Real *kz = kz_.data(), *inverse = inverse_.data() + first;
    Real *u = reals(velocity + first), *v = reals(velocity + n + first),
         *w = reals(velocity + 2 * n + first);
    for_each("navier_stokes3d::project", modes_z_, [=](Index i) {
      const Index r = 2 * i, m = 2 * i + 1;
      const Real re = (kx * u[r] + ky * v[r] + kz[i] * w[r]) * inverse[i],
                 im = (kx * u[m] + ky * v[m] + kz[i] * w[m]) * inverse[i];
      u[r] -= kx * re;
      u[m] -= kx * im;
      v[r] -= ky * re;
      v[m] -= ky * im;
      w[r] -= kz[i] * re;
      w[m] -= kz[i] * im;
    });
  }
}

// i k x u^.
void NavierStokes3d::set_vorticity(Complex* vorticity, const Complex* velocity) const {
  const Index n = coefficients();
  for (Index line = 0; line < lines_; ++line) {
    const Index first = line * modes_z_;
    const Real kx = kx_(at(line)), ky = ky_(at(line));
    const Real* kz = kz_.data();
    const Real *u = reals(velocity + first), *v = reals(velocity + n + first),
               *w = reals(velocity + 2 * n + first);
    Real *x = reals(vorticity + first), *y = reals(vorticity + n + first),
         *z = reals(vorticity + 2 * n + first);
    for_each("navier_stokes3d::vorticity", modes_z_, [=](Index i) {
      const Index r = 2 * i, m = 2 * i + 1;
      x[r] = -(ky * w[m] - kz[i] * v[m]);
      x[m] = ky * w[r] - kz[i] * v[r];
      y[r] = -(kz[i] * u[m] - kx * w[m]);
      y[m] = kz[i] * u[r] - kx * w[r];
      z[r] = -(kx * v[m] - ky * u[m]);
      z[m] = kx * v[r] - ky * u[r];
    });
  }
}

void NavierStokes3d::multiply(const Complex* state) const {
  const Index n = coefficients(), scalars = this->scalars();
  Complex* work = work_.data();
  // Fluxes of the scalars, which come behind the velocities.
  const auto carry = [scalars](Real* const* out, Real* const* in, Real* const* scalar,
                               Index count) {
    const Real *u = in[0], *v = in[1], *w = in[2];
    for (Index s = 0; s < scalars; ++s) {
      const Real* c = scalar[s];
      Real *x = out[3 * s], *y = out[3 * s + 1], *z = out[3 * s + 2];
      for_each("navier_stokes3d::fluxes", count, [=](Index j) {
        x[j] = u[j] * c[j];
        y[j] = v[j] * c[j];
        z[j] = w[j] * c[j];
      });
    }
  };
  if (!settings_.rotational) {
    transform_.product(work, fields_out(), state, fields_in(),
                       [&](Real* const* o, Real* const* in, Index count) {
                         const Real *u = in[0], *v = in[1], *w = in[2];
                         Real *xx = o[0], *yy = o[1], *xy = o[2], *xz = o[3], *yz = o[4];
                         for_each("navier_stokes3d::products", count, [=](Index j) {
                           xx[j] = (u[j] - w[j]) * (u[j] + w[j]);
                           yy[j] = (v[j] - w[j]) * (v[j] + w[j]);
                           xy[j] = u[j] * v[j];
                           xz[j] = u[j] * w[j];
                           yz[j] = v[j] * w[j];
                         });
                         carry(o + 5, in, in + 3, count);
                       });
    return;
  }
  set_vorticity(work + 3 * n, state);
  const Real* from = reals(state);
  Real* to = reals(work);
  for_each("navier_stokes3d::copy", 6 * n, [=](Index i) { to[i] = from[i]; });
  const Real* scalars_from = reals(state + 3 * n);
  Real* scalars_to = reals(work + 6 * n);
  for_each("navier_stokes3d::copy", 2 * scalars * n,
           [=](Index i) { scalars_to[i] = scalars_from[i]; });
  transform_.product(
      work, fields_out(), work, fields_in(), [&](Real* const* o, Real* const* in, Index count) {
        const Real *u = in[0], *v = in[1], *w = in[2], *p = in[3], *q = in[4], *r = in[5];
        Real *x = o[0], *y = o[1], *z = o[2];
        for_each("navier_stokes3d::products", count, [=](Index j) {
          x[j] = v[j] * r[j] - w[j] * q[j];
          y[j] = w[j] * p[j] - u[j] * r[j];
          z[j] = u[j] * q[j] - v[j] * p[j];
        });
        carry(o + 3, in, in + 6, count);
      });
}

// The energy of modes 0 < k^2 < k2_end.
Real NavierStokes3d::energy_below(const Complex* state, Real k2_end) const {
  const Index n = coefficients();
  Real sum = 0;
  for (Index line = 0; line < lines_; ++line) {
    const Real kx = kx_(at(line)), ky = ky_(at(line)), flat = kx * kx + ky * ky;
    if (flat >= k2_end) continue;
    const Real weight = kx == 0 ? 0.5 : 1;
    for (Index z = 0; z < modes_z_; ++z) {
      const Real k2 = flat + kz_(at(z)) * kz_(at(z));
      if (k2 == 0 || k2 >= k2_end) continue;
      for (const Index c : {0, 1, 2}) {
        const Complex u = state[c * n + line * modes_z_ + z];
        sum += weight * (u.real() * u.real() + u.imag() * u.imag());
      }
    }
  }
  sum_over_space(&sum, 1, MPI_SUM);
  return sum;
}

// The rate A of a force A u.
Real NavierStokes3d::amplification(const Complex* state) const {
  if (settings_.forcing == Forcing::linear) return settings_.forcing_rate;
  if (settings_.forcing != Forcing::low_shells) return 0;
  const Real energy = energy_below(state, settings_.forcing_cutoff * settings_.forcing_cutoff);
  return energy > 0 ? settings_.energy_input / (2 * energy) : 0;
}

// Line by line, each in the first cache for all that is done to it.
void NavierStokes3d::assemble(Complex* out, const Complex* state, bool forces) const {
  const Real growth = forces ? amplification(state) : 0;
  for (Index line = 0; line < lines_; ++line) {
    assemble_velocity(out, state, line, forces, growth);
    for (Index s = 0; s < scalars(); ++s) assemble_scalar(out, state, line, s, forces);
  }
}

void NavierStokes3d::assemble_velocity(Complex* out, const Complex* state, Index line, bool forces,
                                       Real growth) const {
  const Index n = coefficients(), first = line * modes_z_, count = modes_z_;
  const Real kx = kx_(at(line)), ky = ky_(at(line));
  const Real *kz = kz_.data(), *inverse = inverse_.data() + first;
  const auto product = [&](Index field) { return reals(work_.data() + field * n + first); };
  const auto field_of = [&](Index field) { return reals(state + field * n + first); };
  Real *x = reals(out + first), *y = reals(out + n + first), *z = reals(out + 2 * n + first);
  const Real *u = field_of(0), *v = field_of(1), *w = field_of(2);

  // p = N.k / k^2 is left to the pressure. What else there is acts before: see below.
  const auto finish = [=](Index r, Real k, Real over, Real nx, Real ny, Real nz) {
    const Real p = (kx * nx + ky * ny + k * nz) * over;
    x[r] = nx - kx * p;
    y[r] = ny - ky * p;
    z[r] = nz - k * p;
  };
  if (settings_.rotational) {
    const Real *a = product(0), *b = product(1), *c = product(2);
    for_each("navier_stokes3d::rotational", count, [=](Index i) {
      // The mean of u x curl u is zero.
      const Real on = inverse[i] == 0 ? 0 : 1;
      finish(2 * i, kz[i], inverse[i], on * a[2 * i], on * b[2 * i], on * c[2 * i]);
      finish(2 * i + 1, kz[i], inverse[i], on * a[2 * i + 1], on * b[2 * i + 1], on * c[2 * i + 1]);
    });
  } else {
    const Real *xx = product(0), *yy = product(1), *xy = product(2), *xz = product(3),
               *yz = product(4);
    for_each("navier_stokes3d::divergence", count, [=](Index i) {
      const Index r = 2 * i, m = 2 * i + 1;
      // -i k.(u u): real parts from imaginary ones, and back.
      finish(r, kz[i], inverse[i], kx * xx[m] + ky * xy[m] + kz[i] * xz[m],
             kx * xy[m] + ky * yy[m] + kz[i] * yz[m], kx * xz[m] + ky * yz[m]);
      finish(m, kz[i], inverse[i], -(kx * xx[r] + ky * xy[r] + kz[i] * xz[r]),
             -(kx * xy[r] + ky * yy[r] + kz[i] * yz[r]), -(kx * xz[r] + ky * yz[r]));
    });
  }
  if (!forces) return;

  // Forces that may have a divergence.
  if (settings_.rotation != 0 || settings_.stratification) {
    const Real spin = 2 * settings_.rotation;
    const Real* b = settings_.stratification ? field_of(3) : nullptr;
    for_each("navier_stokes3d::waves", 2 * count, [=](Index r) {
      const Index i = r / 2;
      const Real fx = spin * v[r], fy = -spin * u[r], fz = b == nullptr ? 0 : b[r];
      const Real p = (kx * fx + ky * fy + kz[i] * fz) * inverse[i];
      x[r] += fx - kx * p;
      y[r] += fy - ky * p;
      z[r] += fz - kz[i] * p;
    });
  }
  // And those that have none, but at k = 0 where the mean flow is not forced.
  if (growth != 0) {
    const Real end = settings_.forcing == Forcing::linear
                         ? std::numeric_limits<Real>::infinity()
                         : settings_.forcing_cutoff * settings_.forcing_cutoff;
    const Real flat = kx * kx + ky * ky;
    if (flat < end)
      for_each("navier_stokes3d::growth", 2 * count, [=](Index r) {
        const Index i = r / 2;
        const Real k2 = flat + kz[i] * kz[i], g = k2 > 0 && k2 < end ? growth : 0;
        x[r] += g * u[r];
        y[r] += g * v[r];
        z[r] += g * w[r];
      });
  }
  if (force_.data() != nullptr) {
    const Real *fx = reals(force_.data() + first), *fy = reals(force_.data() + n + first),
               *fz = reals(force_.data() + 2 * n + first);
    for_each("navier_stokes3d::force", 2 * count, [=](Index r) {
      x[r] += fx[r];
      y[r] += fy[r];
      z[r] += fz[r];
    });
  }
}

void NavierStokes3d::assemble_scalar(Complex* out, const Complex* state, Index line, Index scalar,
                                     bool forces) const {
  const Index n = coefficients(), first = line * modes_z_;
  const Index flux = (settings_.rotational ? 3 : 5) + 3 * scalar;
  const Real kx = kx_(at(line)), ky = ky_(at(line));
  const Real* kz = kz_.data();
  const Real *x = reals(work_.data() + flux * n + first),
             *y = reals(work_.data() + (flux + 1) * n + first),
             *z = reals(work_.data() + (flux + 2) * n + first);
  Real* rate = reals(out + (3 + scalar) * n + first);
  for_each("navier_stokes3d::scalar", modes_z_, [=](Index i) {
    const Index r = 2 * i, m = 2 * i + 1;
    rate[r] = kx * x[m] + ky * y[m] + kz[i] * z[m];
    rate[m] = -(kx * x[r] + ky * y[r] + kz[i] * z[r]);
  });
  const auto [gx, gy, gz] = scalars_[at(scalar)].gradient;
  if (!forces || (gx == 0 && gy == 0 && gz == 0)) return;
  const Real *u = reals(state + first), *v = reals(state + n + first),
             *w = reals(state + 2 * n + first);
  for_each("navier_stokes3d::gradient", 2 * modes_z_, [=, gx = gx, gy = gy, gz = gz](Index r) {
    rate[r] -= gx * u[r] + gy * v[r] + gz * w[r];
  });
}

void NavierStokes3d::nonlinear(Rows out, ConstRows u, Real) {
  for (Index r = 0; r < rows_of(u); ++r) {
    Complex* rate = complex(out.data() + r * width());
    const Complex* state = complex(u.data() + r * width());
    multiply(state);
    assemble(rate, state, true);
    add_varied(rate, state);
  }
}

void NavierStokes3d::add_varied(Complex* out, const Complex* state) const {
  if (!viscosity_) return;
  const Real more = *viscosity_ - settings_.viscosity;
  const Index n = coefficients();
  const Real* inverse = inverse_.data();
  for (const Index c : {0, 1, 2}) {
    Complex* to = out + c * n;
    const Complex* from = state + c * n;
    for_each("navier_stokes3d::varied", n, [=](Index i) {
      if (inverse[i] != 0) to[i] -= more / inverse[i] * from[i];
    });
  }
}

void NavierStokes3d::to_physical(Rows members, ConstRows states) const {
  for (Index s = 0; s < rows_of(states); ++s)
    transform_.to_points(members.data() + s * dofs(), complex(states.data() + s * width()),
                         fields());
}

void NavierStokes3d::to_states(Rows states, ConstRows members) const {
  for (Index s = 0; s < rows_of(states); ++s) {
    Complex* state = complex(states.data() + s * width());
    transform_.to_coefficients(state, members.data() + s * dofs(), fields());
    project(state);
  }
}

void NavierStokes3d::kick(Rows states, Index, Index step, Real) {
  if (step % 16 != 0) return;
  for (Index s = 0; s < rows_of(states); ++s)
    transform_.make_hermitian(complex(states.data() + s * width()), fields());
}

void NavierStokes3d::draw(Real* member, Index number) const {
  const Index n = coefficients(), points = transform_.points();
  std::vector<Complex> velocity(at(3 * n), Complex(0));
  FlowField3d field(velocity.data(), transform_, settings_.initial_keys, number);
  for (const InitialFlow3d& each : initial_flows3d())
    if (each.name == settings_.initial) each.make(field);
  transform_.to_points(member, velocity.data(), 3);
  for (Index s = 0; s < scalars(); ++s)
    for (const InitialScalar3d& each : initial_scalars3d())
      if (each.name == scalars_[at(s)].initial)
        FlowField3d::for_points(transform_, [&](Real x, Real y, Real z, std::size_t i) {
          member[at((3 + s) * points) + i] = each.value(x, y, z);
        });
}

// 5/2 N log2 N for a real transform of N points, and what is done at points and coefficients.
Real NavierStokes3d::flops() const {
  const auto points = static_cast<Real>(
      transform_.product_points(0) * transform_.product_points(1) * transform_.product_points(2));
  return static_cast<Real>(fields_in() + fields_out()) * 2.5 * points * std::log2(points) +
         static_cast<Real>(fields()) * (3 * points + 15 * static_cast<Real>(2 * coefficients()));
}

std::vector<std::pair<std::string, Real>> NavierStokes3d::parameters() const {
  return {{"viscosity", settings_.viscosity}};
}

Real* NavierStokes3d::vary(const std::string&) {
  viscosity_ = settings_.viscosity;
  return &*viscosity_;
}

void NavierStokes3d::sum_over_space(Real* values, Index count, MPI_Op op) const {
  if (size_of(space_) == 1) return;
  STARLING_MPI(
      MPI_Allreduce(MPI_IN_PLACE, values, static_cast<int>(count), MPI_DOUBLE, op, space_));
}

Real NavierStokes3d::response(const std::array<Index, 3>& mode) const {
  return transform_.keeps(mode) ? 1 : 0;
}

}  // namespace starling::models
