// SPDX-License-Identifier: BSD-3-Clause
#include "models/navier_stokes2d.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace starling::models {
namespace {

using diagnostics::Quantity;

// What measure() gives before the tracers' numbers.
enum : std::size_t {
  energy,
  enstrophy,
  palinstrophy,
  energy_input,
  energy_dissipation,
  energy_drag,
  enstrophy_input,
  enstrophy_dissipation,
  enstrophy_drag,
  largest_vorticity,
  reynolds,
  numbers_of_flow
};
// And those of each tracer.
enum : std::size_t { mean, variance, production, dissipation, numbers_of_tracer };

Real product(const Complex& a, const Complex& b) {
  return a.real() * b.real() + a.imag() * b.imag();
}
Real square(const Complex& a) { return product(a, a); }

std::size_t at(Index i) { return static_cast<std::size_t>(i); }
const Complex* complex(ConstRows state) { return reinterpret_cast<const Complex*>(state.data()); }

}  // namespace

std::vector<Quantity> NavierStokes2d::quantities() const {
  // The enstrophy that a random kick adds depends on the flow: no closed budget.
  const std::string enstrophy_budget = settings_.ring ? "" : "enstrophy";
  std::vector<Quantity> all = {
      {"energy", "mean kinetic energy <|u|^2>/2"},
      {"enstrophy", "mean <w^2>/2", "1/time^2"},
      {"palinstrophy", "mean <|grad w|^2>/2"},
      {"energy_input", "by forcing", "model units", "energy"},
      {"energy_dissipation", "by viscosities", "model units", "energy"},
      {"energy_drag", "by drag and hypodrag", "model units", "energy"},
      {"enstrophy_input", "by deterministic forcing", "1/time^3", enstrophy_budget},
      {"enstrophy_dissipation", "by viscosities", "1/time^3", enstrophy_budget},
      {"enstrophy_drag", "by drag and hypodrag", "1/time^3", enstrophy_budget},
      {"largest_vorticity", "largest |w| at a grid point", "1/time"},
      {"reynolds", "u' l / nu, u'^2 = 2 E, l = u' / w' with w'^2 = 2 Z", "1"},
  };
  const auto components = domain().components();
  for (std::size_t c = 1; c < components.size(); ++c) {
    const std::string& name = components[c].name;
    all.push_back({name + "_mean", "mean concentration", "1"});
    all.push_back({name + "_variance", "variance of the concentration", "1"});
    all.push_back(
        {name + "_production", "of variance, by the mean gradient", "1/time", name + "_variance"});
    all.push_back(
        {name + "_dissipation", "of variance, by diffusion", "1/time", name + "_variance"});
  }
  return all;
}

void NavierStokes2d::measure(Real* out, ConstRows state, Real) {
  const Index n = coefficients();
  const Complex* w = complex(state);
  const auto tracers = settings_.tracers.size();
  const std::size_t count = numbers_of_flow + tracers * numbers_of_tracer;
  std::fill_n(out, count, 0.0);
  for (Index i = 0; i < n; ++i) {
    const Real kx = kx_(at(i)), ky = ky_(at(i)), k2 = kx * kx + ky * ky, inverse = inverse_(at(i));
    const Real weight = kx == 0 ? 1 : 2, z = weight * square(w[i]);
    const Real small = settings_.viscosity * k2 + damping(i), large = friction(i);
    const Real input = forcing_.data() == nullptr ? 0 : weight * product(w[i], forcing_(at(i)));
    out[energy] += z * inverse / 2;
    out[enstrophy] += z / 2;
    out[palinstrophy] += z * k2 / 2;
    out[energy_input] += input * inverse;
    out[energy_dissipation] -= small * z * inverse;
    out[energy_drag] -= large * z * inverse;
    out[enstrophy_input] += input;
    out[enstrophy_dissipation] -= small * z;
    out[enstrophy_drag] -= large * z;
    for (std::size_t c = 0; c < tracers; ++c) {
      Real* tracer = out + numbers_of_flow + c * numbers_of_tracer;
      const Complex value = w[static_cast<Index>(c + 1) * n + i];
      if (inverse == 0) {
        tracer[mean] += value.real();
        continue;
      }
      const auto& g = settings_.tracers[c].gradient;
      const Complex u_along_g = Complex(0, 1) * ((ky * g[0] - kx * g[1]) * inverse) * w[i];
      tracer[variance] += weight * square(value);
      tracer[production] -= 2 * weight * product(value, u_along_g);
      tracer[dissipation] -=
          2 * weight * (settings_.tracers[c].diffusivity * k2 + damping(i)) * square(value);
    }
  }
  sum_over_space(out, static_cast<Index>(count), MPI_SUM);
  if (ring_) out[energy_input] += ring_->energy_input();
  if (settings_.viscosity > 0 && out[enstrophy] > 0)
    out[reynolds] = 2 * out[energy] / (std::sqrt(2 * out[enstrophy]) * settings_.viscosity);

  transform_.to_points(values_.data(), w, 1);
  Real largest = 0;
  for (Index i = 0; i < transform_.points(); ++i)
    largest = std::max(largest, std::abs(values_(at(i))));
  sum_over_space(&largest, 1, MPI_MAX);
  out[largest_vorticity] = largest;
}

std::vector<Quantity> NavierStokes2d::spectra() const {
  std::vector<Quantity> all = {
      {"energy_spectrum", "kinetic energy"},
      {"energy_flux", "kinetic energy that advection takes to larger wavenumbers"},
      {"enstrophy_flux", "enstrophy that advection takes to larger wavenumbers", "1/time^3"},
  };
  const auto components = domain().components();
  for (std::size_t c = 1; c < components.size(); ++c)
    all.push_back({components[c].name + "_spectrum", "variance of the concentration", "1"});
  return all;
}

std::vector<Real> NavierStokes2d::bins() const {
  const Real ring = std::max(settings_.box.unit(0), settings_.box.unit(1));
  std::vector<Real> all;
  for (Index b = 0; b < bins_; ++b) all.push_back(ring * static_cast<Real>(b));
  return all;
}

void NavierStokes2d::measure_spectra(Real* out, ConstRows state) {
  const Index n = coefficients(), tracers = fields() - 1;
  const Complex* u = complex(state);
  Real *energies = out, *energy_flux = out + bins_, *enstrophy_flux = out + 2 * bins_;
  std::fill_n(out, (3 + tracers) * bins_, 0.0);
  Complex* rate = rate_.data();
  advect(rate, u, nullptr);
  for (Index i = 0; i < n; ++i) {
    const Index b = bin_[at(i)];
    const Real weight = kx_(at(i)) == 0 ? 1 : 2, inverse = inverse_(at(i));
    const Real transfer = weight * product(u[i], rate[i]);
    energies[b] += weight * square(u[i]) * inverse / 2;
    energy_flux[b] -= transfer * inverse;
    enstrophy_flux[b] -= transfer;
    for (Index c = 1; c <= tracers && inverse != 0; ++c)
      out[(2 + c) * bins_ + b] += weight * square(u[c * n + i]);
  }
  sum_over_space(out, (3 + tracers) * bins_, MPI_SUM);
  for (Index b = 1; b < bins_; ++b) {
    energy_flux[b] += energy_flux[b - 1];
    enstrophy_flux[b] += enstrophy_flux[b - 1];
  }
}

std::vector<Component> NavierStokes2d::derived() const {
  return {{"u", "velocity along x", "length/time"},
          {"v", "velocity along y", "length/time"},
          {"streamfunction", "streamfunction, u = -d/dy, v = d/dx", "length^2/time"}};
}

void NavierStokes2d::derive(Real* out, ConstRows state) {
  const Index n = coefficients();
  const Complex* w = complex(state);
  Complex* work = work_.data();
  set_velocity(work, w);
  for (Index i = 0; i < n; ++i) {
    // The mean flow belongs to the velocity.
    if (inverse_(at(i)) == 0) {
      work[i] = settings_.mean_flow[0];
      work[n + i] = settings_.mean_flow[1];
    }
    work[2 * n + i] = -inverse_(at(i)) * w[i];
  }
  transform_.to_points(out, work, 3);
}

Real NavierStokes2d::courant(ConstRows state) {
  set_velocity(work_.data(), complex(state));
  transform_.to_points(values_.data(), work_.data(), 2);
  const Real *u = values_.data(), *v = u + transform_.points();
  const Real x = 1 / settings_.box.spacing(0), y = 1 / settings_.box.spacing(1);
  Real largest = 0;
  for (Index i = 0; i < transform_.points(); ++i)
    largest = std::max(largest, std::abs(u[i] + settings_.mean_flow[0]) * x +
                                    std::abs(v[i] + settings_.mean_flow[1]) * y);
  sum_over_space(&largest, 1, MPI_MAX);
  return largest;
}

}  // namespace starling::models
