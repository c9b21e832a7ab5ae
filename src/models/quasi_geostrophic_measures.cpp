// SPDX-License-Identifier: BSD-3-Clause
// What QuasiGeostrophic knows of its states.
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "models/quasi_geostrophic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace starling::models {
namespace {

using diagnostics::Quantity;

constexpr const char* speed2 = "length^2/time^2";
constexpr const char* speed2_rate = "length^2/time^3";

Real dot(Complex a, Complex b) { return a.real() * b.real() + a.imag() * b.imag(); }
// Re conj(a) i b
Real dot_i(Complex a, Complex b) { return a.imag() * b.real() - a.real() * b.imag(); }

const Complex* complex(ConstRows rows) { return reinterpret_cast<const Complex*>(rows.data()); }

std::string of_layer(const std::string& name, Index layer, Index layers) {
  return layers == 1 ? name : fmt::format("{}_{}", name, layer + 1);
}

void add_over(Real* sums, Index count, MPI_Comm space) {
  if (size_of(space) == 1) return;
  STARLING_MPI(
      MPI_Allreduce(MPI_IN_PLACE, sums, static_cast<int>(count), MPI_DOUBLE, MPI_SUM, space));
}

}  // namespace

// What is summed, in the order of quantities(); those of layer 2 are zero with one layer.
struct QuasiGeostrophic::Sums {
  enum Name : std::size_t {
    energy,
    kinetic,
    kinetic_1,
    kinetic_2,
    potential,
    enstrophy_1,
    enstrophy_2,
    generation,
    drag,
    viscosity,
    filter,
    relaxation,
    sponge,
    forcing,
    topography,
    conversion,
    heat_flux,
    names
  };
  std::array<Real, names> of{};
};

std::vector<std::pair<std::size_t, Quantity>> QuasiGeostrophic::measured() const {
  using S = Sums;
  const bool two = layers_ == 2, stratified = kd2_ > 0;
  const Settings& s = settings_;
  std::vector<std::pair<std::size_t, Quantity>> all;
  const auto add = [&](bool has, std::size_t name, Quantity quantity) {
    if (has) all.emplace_back(name, std::move(quantity));
  };
  const auto term = [&](bool has, std::size_t name, const char* called, const char* long_name) {
    add(has, name, {called, long_name, speed2_rate, "energy"});
  };
  add(true, S::energy, {"energy", "total energy", speed2});
  add(true, S::kinetic, {"kinetic_energy", "kinetic energy", speed2});
  add(two, S::kinetic_1, {"kinetic_energy_1", "kinetic energy of the upper layer", speed2});
  add(two, S::kinetic_2, {"kinetic_energy_2", "kinetic energy of the lower layer", speed2});
  add(stratified, S::potential,
      {"available_potential_energy", "available potential energy", speed2});
  add(true, S::enstrophy_1, {of_layer("enstrophy", 0, layers_), "potential enstrophy", "1/time^2"});
  add(two, S::enstrophy_2, {"enstrophy_2", "potential enstrophy of the lower layer", "1/time^2"});
  term(two && s.mean_flow[0] != s.mean_flow[1], S::generation, "energy_generation",
       "work of the mean shear");
  term(s.drag != 0, S::drag, "energy_drag", "work of the bottom drag");
  term(s.viscosity != 0, S::viscosity, "energy_dissipation", "work of the hyperviscosity");
  term(s.filter_strength != 0, S::filter, "energy_filter", "work of the cut-off filter");
  term(s.relaxation != 0, S::relaxation, "energy_relaxation", "work of the thermal relaxation");
  term(sponge_.size() > 0, S::sponge, "energy_sponge", "work of the sponge");
  term(forcing_.size() > 0, S::forcing, "energy_input", "work of the forcing");
  term(topography_.size() > 0, S::topography, "energy_form_stress",
       "work of the mean flow over topography");
  add(two, S::conversion,
      {"baroclinic_conversion", "conversion of available potential into kinetic energy",
       speed2_rate});
  add(two, S::heat_flux,
      {"heat_flux", "eddy heat flux, mean of v (psi_1 - psi_2)", "length^3/time^2"});
  return all;
}

std::vector<Quantity> QuasiGeostrophic::quantities() const {
  std::vector<Quantity> all;
  for (auto& [name, quantity] : measured()) all.push_back(quantity);
  all.push_back({"largest_speed", "largest speed of a layer, with the mean flow", "length/time"});
  return all;
}

// E of a mode: -1/2 sum H_i/H psi_i q_i, with the weight of the coefficient.
Real QuasiGeostrophic::energy_of(Index i, const Complex* q) const {
  const Index n = n_;
  const Real *of_mean = barotropic_.data(), *of_difference = baroclinic_.data();
  Real twice = 0;
  if (layers_ == 1) {
    twice = -of_mean[i] * dot(q[i], q[i]);
  } else {
    const Complex mean = share_[0] * q[i] + share_[1] * q[n + i], wave = q[i] - q[n + i];
    twice =
        -of_mean[i] * dot(mean, mean) - share_[0] * share_[1] * of_difference[i] * dot(wave, wave);
  }
  return transform_.weight(i) * twice / 2;
}

void QuasiGeostrophic::add_up(Sums& sums, const Complex* q, const Complex* rate) const {
  const Index n = n_;
  const Settings& s = settings_;
  const Complex* psi = psi_.data();
  const Real stretching = share_[0] * f_[0];
  const auto lowest = static_cast<std::size_t>(layers_ - 1);
  auto& to = sums.of;
  for (Index i = 0; i < n; ++i) {
    const Real w = transform_.weight(i), kx = kx_.data()[i];
    const Real k2 = kx * kx + ky_.data()[i] * ky_.data()[i];
    const Complex* bottom = psi + (layers_ - 1) * n;
    to[Sums::energy] += energy_of(i, q);
    to[Sums::viscosity] -= 2 * decay_[static_cast<std::size_t>(i)] * energy_of(i, q);
    const Real drag = -w * share_[lowest] * s.drag * k2 * dot(bottom[i], bottom[i]);
    to[Sums::drag] += drag;
    to[Sums::conversion] -= drag;
    for (Index l = 0; l < layers_; ++l) {
      const auto layer = static_cast<std::size_t>(l);
      const Index j = l * n + i;
      const Real part = w * share_[layer];
      const Real twice = w * k2 * dot(psi[j], psi[j]);
      to[Sums::kinetic_1 + layer] += twice / 2;
      to[Sums::kinetic] += share_[layer] * twice / 2;
      to[Sums::enstrophy_1 + layer] += w * dot(q[j], q[j]) / 2;
      // Of the rates of q and of psi.
      to[Sums::conversion] += part * k2 * dot(psi[j], rate[j]);
      to[Sums::conversion] += decay_[static_cast<std::size_t>(i)] * share_[layer] * twice;
      if (forcing_.size() > 0) to[Sums::forcing] -= part * dot(psi[j], forcing_.data()[j]);
      if (source_.size() > 0) {
        const Complex forcing = forcing_.size() > 0 ? forcing_.data()[j] : Complex(0, 0);
        to[Sums::relaxation] -= part * dot(psi[j], source_.data()[j] - forcing);
      }
      if (sponge_.size() > 0 && kx != 0)
        to[Sums::sponge] += part * dot(psi[j], fields_.data()[2 * layers_ * n + j]);
    }
    if (topography_.size() > 0)
      to[Sums::topography] +=
          w * share_[lowest] * s.mean_flow[lowest] * kx * dot_i(bottom[i], topography_.data()[i]);
    if (layers_ == 1) {
      to[Sums::potential] += w * kd2_ * dot(psi[i], psi[i]) / 2;
      continue;
    }
    const Complex wave = psi[i] - psi[n + i];
    const Real flux = w * kx * dot_i(psi[i], psi[n + i]);
    to[Sums::potential] += w * stretching * dot(wave, wave) / 2;
    to[Sums::relaxation] -= w * s.relaxation * stretching * dot(wave, wave);
    to[Sums::heat_flux] += flux;
    to[Sums::generation] += stretching * (s.mean_flow[0] - s.mean_flow[1]) * flux;
  }
}

void QuasiGeostrophic::measure(Real* out, ConstRows state, Real t) {
  const Complex* q = complex(state);
  Complex* rate = tendency_.data();
  nonlinear(make_rows(reinterpret_cast<Real*>(rate), 1, width()), state, t);
  for (std::size_t i = 0; i < symbol_.size(); ++i)
    rate[i] += Complex(symbol_[i].real(), symbol_[i].imag()) * q[i];
  Sums sums;
  if (!factors_.empty() && dt_ > 0) {
    // To first order in dt, as the state before the filter of the next step.
    Complex* next = psi_.data();
    for (Index i = 0; i < layers_ * n_; ++i) next[i] = q[i] + dt_ * rate[i];
    for (Index i = 0; i < n_; ++i) {
      const Real factor = factors_[static_cast<std::size_t>(i)];
      sums.of[Sums::filter] += (factor * factor - 1) * energy_of(i, next) / dt_;
    }
  }
  invert(psi_.data(), q);
  invert(rate, rate);
  add_up(sums, q, rate);
  add_over(sums.of.data(), static_cast<Index>(sums.of.size()), space_);
  // Work on potential vorticity counts as work on kinetic energy, but that of the relaxation.
  sums.of[Sums::conversion] -=
      sums.of[Sums::forcing] + sums.of[Sums::sponge] + sums.of[Sums::topography];
  for (const std::size_t name : measured_) *out++ = sums.of[name];
  *out = largest(state, 1, 1, false);
}

std::vector<Quantity> QuasiGeostrophic::spectra() const {
  std::vector<Quantity> all;
  for (Index l = 0; l < layers_; ++l)
    all.push_back({of_layer("kinetic_energy_spectrum", l, layers_), "kinetic energy", speed2});
  for (Index l = 0; l < layers_; ++l)
    all.push_back({of_layer("enstrophy_spectrum", l, layers_), "potential enstrophy", "1/time^2"});
  all.push_back({"kinetic_energy_flux", "flux of kinetic energy to smaller scales", speed2_rate});
  if (layers_ == 1) return all;
  all.push_back({"available_potential_energy_spectrum", "available potential energy", speed2});
  all.push_back({"available_potential_energy_flux",
                 "flux of available potential energy to smaller scales", speed2_rate});
  all.push_back({"energy_generation_spectrum", "work of the mean shear", speed2_rate});
  all.push_back({"energy_drag_spectrum", "work of the bottom drag", speed2_rate});
  return all;
}

std::vector<Real> QuasiGeostrophic::bins() const {
  std::vector<Real> all;
  for (Index b = 0; b < shells_; ++b) all.push_back(shell_ * static_cast<Real>(b));
  return all;
}

void QuasiGeostrophic::measure_spectra(Real* out, ConstRows state) {
  const Complex* q = complex(state);
  const Index n = n_, layers = layers_;
  Complex *psi = psi_.data(), *fields = fields_.data();
  invert(psi, q);
  for (Index l = 0; l < layers; ++l) velocities(fields + 2 * l * n, psi + l * n);
  stress(fields);

  const Index count = layers == 1 ? 3 : 9;
  std::fill_n(out, count * shells_, 0.0);
  const Index flux = 2 * layers;
  const Real stretching = share_[0] * f_[0];
  for (Index i = 0; i < n; ++i) {
    const Index bin = bin_.data()[i];
    const auto add = [&](Index spectrum, Real value) { out[spectrum * shells_ + bin] += value; };
    const Real w = transform_.weight(i), kx = kx_.data()[i], ky = ky_.data()[i];
    for (Index l = 0; l < layers; ++l) {
      const Complex p = psi[l * n + i], *stress = fields + 2 * l * n + i;
      add(l, w * (kx * kx + ky * ky) * dot(p, p) / 2);
      add(layers + l, w * dot(q[l * n + i], q[l * n + i]) / 2);
      const Complex advection = -(kx * kx - ky * ky) * stress[0] - kx * ky * stress[n];
      add(flux, -w * share_[static_cast<std::size_t>(l)] * dot(p, advection));
    }
    if (layers == 1) continue;
    const Complex wave = psi[i] - psi[n + i];
    add(flux + 1, w * stretching * dot(wave, wave) / 2);
    add(flux + 2, -w * stretching * dot(wave, fields[4 * n + i]));
    add(flux + 3, w * stretching * (settings_.mean_flow[0] - settings_.mean_flow[1]) * kx *
                      dot_i(psi[i], psi[n + i]));
    add(flux + 4,
        -w * share_[1] * settings_.drag * (kx * kx + ky * ky) * dot(psi[n + i], psi[n + i]));
  }
  add_over(out, count * shells_, space_);
  const auto accumulate = [&](Index spectrum) {
    for (Index b = 1; b < shells_; ++b)
      out[spectrum * shells_ + b] += out[spectrum * shells_ + b - 1];
  };
  accumulate(flux);
  if (layers == 2) accumulate(flux + 2);
}

std::vector<Component> QuasiGeostrophic::derived() const {
  std::vector<Component> all;
  for (Index l = 0; l < layers_; ++l) {
    const auto name = [&](const char* of) {
      return layers_ == 1 ? std::string(of) : fmt::format("{}{}", of, l + 1);
    };
    const auto level = static_cast<Real>(l);
    all.push_back({name("u"), "velocity in x, without the mean flow", "length/time", level});
    all.push_back({name("v"), "velocity in y", "length/time", level});
    all.push_back({name("streamfunction"), "streamfunction", "length^2/time", level});
  }
  return all;
}

void QuasiGeostrophic::derive(Real* out, ConstRows state) {
  Complex* fields = fields_.data();
  invert(psi_.data(), complex(state));
  for (Index l = 0; l < layers_; ++l) {
    velocities(fields, psi_.data() + l * n_);
    std::copy_n(psi_.data() + l * n_, n_, fields + 2 * n_);
    transform_.to_points(out + 3 * l * transform_.points(), fields, 3);
  }
}

// u and v of one layer.
void QuasiGeostrophic::velocities(Complex* uv, const Complex* psi) const {
  for (Index i = 0; i < n_; ++i) {
    const Real kx = kx_.data()[i], ky = ky_.data()[i];
    uv[i] = Complex(ky * psi[i].imag(), -ky * psi[i].real());
    uv[n_ + i] = Complex(-kx * psi[i].imag(), kx * psi[i].real());
  }
}

// Largest over the points of |u| scale_x + |v| scale_y, or of the root of the sum of squares.
Real QuasiGeostrophic::largest(ConstRows state, Real scale_x, Real scale_y, bool add) {
  const Index points = transform_.points();
  const Real *u = values_.data(), *v = u + points;
  Real most = 0;
  invert(psi_.data(), complex(state));
  for (Index l = 0; l < layers_; ++l) {
    velocities(fields_.data(), psi_.data() + l * n_);
    transform_.to_points(values_.data(), fields_.data(), 2);
    const Real mean = settings_.mean_flow[static_cast<std::size_t>(l)];
    for (Index j = 0; j < points; ++j) {
      const Real x = std::abs(mean + u[j]) * scale_x, y = std::abs(v[j]) * scale_y;
      most = std::max(most, add ? x + y : x * x + y * y);
    }
  }
  if (size_of(space_) > 1)
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, space_));
  return add ? most : std::sqrt(most);
}

Real QuasiGeostrophic::courant(ConstRows state) {
  return largest(state, 1 / settings_.box.spacing(0), 1 / settings_.box.spacing(1), true);
}

}  // namespace starling::models
