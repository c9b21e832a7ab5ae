// SPDX-License-Identifier: BSD-3-Clause
#include "models/navier_stokes3d.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::models {
namespace {

using diagnostics::Quantity;

// What measure() gives before the buoyancy flux of a stratified flow ...
enum : std::size_t {
  energy,
  enstrophy,
  helicity,
  energy_input,
  energy_dissipation,
  taylor_reynolds,
  kolmogorov_length,
  resolution,
  numbers_of_flow
};
// ... and the numbers of each scalar, the buoyancy among them.
enum : std::size_t { mean, variance, production, dissipation, numbers_of_scalar };

Real product(const Complex& a, const Complex& b) {
  return a.real() * b.real() + a.imag() * b.imag();
}
Real square(const Complex& a) { return product(a, a); }

std::size_t at(Index i) { return static_cast<std::size_t>(i); }
const Complex* complex(ConstRows state) { return reinterpret_cast<const Complex*>(state.data()); }

}  // namespace

std::vector<Quantity> NavierStokes3d::quantities() const {
  std::vector<Quantity> all = {
      {"energy", "mean kinetic energy <|u|^2>/2", "length^2/time^2"},
      {"enstrophy", "mean <|curl u|^2>/2", "1/time^2"},
      {"helicity", "mean <u.curl u>", "length/time^2"},
      {"energy_input", "by forcing", "length^2/time^3", "energy"},
      {"energy_dissipation", "by viscosities", "length^2/time^3", "energy"},
      {"taylor_reynolds", "u' lambda / nu, u'^2 = 2 E / 3, lambda^2 = 15 nu u'^2 / dissipation",
       "1"},
      {"kolmogorov_length", "eta = (nu^3 / dissipation)^(1/4)", "length"},
      {"resolution", "k_max eta, k_max the largest wavenumber kept along x", "1"},
  };
  if (settings_.stratification)
    all.push_back({"buoyancy_flux", "<w b>", "length^2/time^3", "energy"});
  const auto components = domain().components();
  for (std::size_t c = 3; c < components.size(); ++c) {
    const std::string& name = components[c].name;
    all.push_back({name + "_mean", "mean over the box"});
    all.push_back({name + "_variance", "variance over the box"});
    all.push_back({name + "_production", "of variance, by the gradient of the mean", "model units",
                   name + "_variance"});
    all.push_back(
        {name + "_dissipation", "of variance, by diffusion", "model units", name + "_variance"});
  }
  return all;
}

void NavierStokes3d::measure(Real* out, ConstRows state, Real) {
  const Index n = coefficients();
  const Complex* c = complex(state);
  const Real growth = amplification(c);
  const Real end = settings_.forcing == Forcing::linear
                       ? std::numeric_limits<Real>::infinity()
                       : settings_.forcing_cutoff * settings_.forcing_cutoff;
  const std::size_t stratified = settings_.stratification ? 1 : 0;
  const std::size_t count = numbers_of_flow + stratified + at(scalars()) * numbers_of_scalar;
  std::fill_n(out, count, 0.0);
  for (Index i = 0; i < n; ++i) {
    const auto k = wavenumber(i);
    const Real weight = k[0] == 0 ? 1 : 2, k2 = k[0] * k[0] + k[1] * k[1] + k[2] * k[2];
    const Complex u = c[i], v = c[n + i], w = c[2 * n + i];
    const Real speed2 = weight * (square(u) + square(v) + square(w));
    const Real viscous = settings_.viscosity * k2 + damping(k2);
    out[energy] += speed2 / 2;
    out[enstrophy] += k2 * speed2 / 2;
    // u*.(i k x u) = 2 k.(re u x im u).
    out[helicity] += 2 * weight *
                     (k[0] * (v.real() * w.imag() - w.real() * v.imag()) +
                      k[1] * (w.real() * u.imag() - u.real() * w.imag()) +
                      k[2] * (u.real() * v.imag() - v.real() * u.imag()));
    out[energy_dissipation] -= viscous * speed2;
    if (k2 > 0 && k2 < end) out[energy_input] += growth * speed2;
    if (force_.data() != nullptr)
      out[energy_input] += weight * (product(u, force_(at(i))) + product(v, force_(at(n + i))) +
                                     product(w, force_(at(2 * n + i))));
    if (settings_.stratification) out[numbers_of_flow] += weight * product(w, c[3 * n + i]);
    for (Index s = 0; s < scalars(); ++s) {
      Real* scalar = out + numbers_of_flow + stratified + at(s) * numbers_of_scalar;
      const Complex value = c[(3 + s) * n + i];
      if (k2 == 0) {
        scalar[mean] += value.real();
        continue;
      }
      const auto& [diffusivity, g, initial] = scalars_[at(s)];
      scalar[variance] += weight * square(value);
      scalar[production] -= 2 * weight * product(value, g[0] * u + g[1] * v + g[2] * w);
      scalar[dissipation] -= 2 * weight * (diffusivity * k2 + damping(k2)) * square(value);
    }
  }
  sum_over_space(out, static_cast<Index>(count), MPI_SUM);
  const Real nu = settings_.viscosity, lost = -out[energy_dissipation];
  if (nu > 0 && lost > 0) {
    const Real u2 = 2 * out[energy] / 3;
    out[taylor_reynolds] = u2 * std::sqrt(15 / (nu * lost));
    out[kolmogorov_length] = std::pow(nu * nu * nu / lost, 0.25);
    out[resolution] =
        out[kolmogorov_length] * settings_.box.unit(0) * static_cast<Real>(transform_.cut(0) - 1);
  }
}

std::vector<Quantity> NavierStokes3d::spectra() const {
  std::vector<Quantity> all = {
      {"energy_spectrum", "kinetic energy", "length^2/time^2"},
      {"energy_flux", "kinetic energy that advection takes to larger wavenumbers",
       "length^2/time^3"},
  };
  const auto components = domain().components();
  for (std::size_t c = 3; c < components.size(); ++c)
    all.push_back({components[c].name + "_spectrum", "variance"});
  return all;
}

std::vector<Real> NavierStokes3d::bins() const {
  const spectral::Box& box = settings_.box;
  const Real shell = std::max({box.unit(0), box.unit(1), box.unit(2)});
  std::vector<Real> all;
  for (Index b = 0; b < bins_; ++b) all.push_back(shell * static_cast<Real>(b));
  return all;
}

void NavierStokes3d::measure_spectra(Real* out, ConstRows state) {
  const Index n = coefficients(), scalars = this->scalars();
  const Complex* u = complex(state);
  Real *energies = out, *flux = out + bins_;
  std::fill_n(out, (2 + scalars) * bins_, 0.0);
  Complex* rate = rate_.data();
  multiply(u);
  assemble(rate, u, false);
  for (Index i = 0; i < n; ++i) {
    const Index b = bin_[at(i)];
    const Real weight = transform_.weight(i);
    for (const Index c : {0, 1, 2}) {
      energies[b] += weight * square(u[c * n + i]) / 2;
      flux[b] -= weight * product(u[c * n + i], rate[c * n + i]);
    }
    for (Index s = 0; s < scalars && inverse_(at(i)) != 0; ++s)
      out[(2 + s) * bins_ + b] += weight * square(u[(3 + s) * n + i]);
  }
  sum_over_space(out, (2 + scalars) * bins_, MPI_SUM);
  for (Index b = 1; b < bins_; ++b) flux[b] += flux[b - 1];
}

std::vector<Component> NavierStokes3d::derived() const {
  return {{"vorticity_x", "vorticity along x", "1/time"},
          {"vorticity_y", "vorticity along y", "1/time"},
          {"vorticity_z", "vorticity along z", "1/time"},
          {"vorticity_magnitude", "magnitude of the vorticity", "1/time"},
          {"q_criterion", "Q = -1/2 d_i u_j d_j u_i: above 0 where it turns more than it strains",
           "1/time^2"}};
}

void NavierStokes3d::derive(Real* out, ConstRows state) {
  set_vorticity(work_.data(), complex(state));
  transform_.to_points(out, work_.data(), 3);
  const Index points = transform_.points();
  Real *magnitude = out + 3 * points, *q = out + 4 * points;
  for (Index i = 0; i < points; ++i)
    magnitude[i] = std::hypot(out[i], out[points + i], out[2 * points + i]);
  add_q_criterion(q, state);
}

// Q (hunt1988), from the gradients d_i u_j and d_j u_i of each pair.
void NavierStokes3d::add_q_criterion(Real* q, ConstRows state) {
  const Index points = transform_.points(), n = transform_.coefficients();
  const Complex* u = complex(state);
  std::fill_n(q, points, 0.0);
  for (int i = 0; i < 3; ++i)
    for (int j = i; j < 3; ++j) {
      for (Index c = 0; c < n; ++c) {
        const auto k = transform_.wavenumber(c);
        const Complex a = u[j * n + c], b = u[i * n + c];
        const Real ki = k[static_cast<std::size_t>(i)], kj = k[static_cast<std::size_t>(j)];
        work_(c) = Complex(-ki * a.imag(), ki * a.real());
        work_(n + c) = Complex(-kj * b.imag(), kj * b.real());
      }
      transform_.to_points(values_.data(), work_.data(), 2);
      const Real weight = i == j ? 0.5 : 1;
      for (Index p = 0; p < points; ++p) q[p] -= weight * values_(p) * values_(points + p);
    }
}

Real NavierStokes3d::courant(ConstRows state) {
  const Index points = transform_.points();
  transform_.to_points(values_.data(), complex(state), 3);
  const Real* u = values_.data();
  const spectral::Box& box = settings_.box;
  const Real x = 1 / box.spacing(0), y = 1 / box.spacing(1), z = 1 / box.spacing(2);
  Real largest = 0;
  for (Index i = 0; i < points; ++i)
    largest = std::max(largest, std::abs(u[i]) * x + std::abs(u[points + i]) * y +
                                    std::abs(u[2 * points + i]) * z);
  sum_over_space(&largest, 1, MPI_MAX);
  return largest;
}

}  // namespace starling::models
