// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "models/navier_stokes3d.hpp"

#include <fmt/format.h>

#include <numbers>

namespace starling::models {
namespace {

using spectral::Dealiasing;
using spectral::Planning;

template <class Table>
std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> all;
  for (const auto& each : table) all.push_back(each.name);
  return all;
}

template <class Table>
std::string summaries_of(const Table& table) {
  std::string all;
  for (const auto& each : table) all += fmt::format("; {}: {}", each.name, each.summary);
  return all;
}

Schema schema() {
  const Real two_pi = 2 * std::numbers::pi;
  const Value none = Value(std::vector<Real>{});
  return {
      Key::integers("points", "grid points of x, y and z").at_least(4).even(),
      Key::reals("lengths", "periods of x, y and z")
          .above(0)
          .otherwise(Value(std::vector<Real>{two_pi, two_pi, two_pi})),
      Key::text("dealiasing", "truncation: modes below N/3; padding: products on 3N/2 points; none")
          .one_of({"truncation", "padding", "none"})
          .otherwise("truncation"),
      Key::text("fft", "FFTW planning; measured repeats bits only with its stored wisdom")
          .one_of({"estimate", "measured"})
          .otherwise("estimate"),
      Key::text("wisdom", "file of measured plans").otherwise("fftw.wisdom"),
      Key::text("advection",
                "divergence: div(u u), 8 transforms; rotational: u x curl u, 9; the same without "
                "aliases")
          .one_of({"divergence", "rotational"})
          .otherwise("divergence"),
      Key::real("viscosity", "nu [length^2/time]").at_least(0).otherwise(0.0),
      Key::real("hyperviscosity", "nu_p of (-1)^(p+1) nu_p lap^p [length^2p/time]")
          .at_least(0)
          .otherwise(0.0),
      Key::integer("hyperviscosity_power", "p").at_least(1).otherwise(4),
      Key::real("rotation", "Omega, about z [1/time]").otherwise(0.0),
      Key::real("stratification",
                "N^2 [1/time^2]: the flow has a buoyancy [length/time^2]; below 0 it is unstable")
          .optional(),
      Key::real("buoyancy_diffusivity", "[length^2/time]").at_least(0).otherwise(0.0),
      Key::text("buoyancy_initial", "at time 0" + summaries_of(initial_scalars3d()))
          .one_of(names_of(initial_scalars3d()))
          .otherwise("zero"),
      Key::reals("scalar_diffusivity", "a passive scalar for each number [length^2/time]")
          .at_least(0)
          .otherwise(none),
      Key::reals("scalar_gradient",
                 "of the mean of each scalar: along x, y and z of the first, ...")
          .otherwise(none),
      Key::texts("scalar_initial", "of each scalar; zero where there is none")
          .one_of(names_of(initial_scalars3d()))
          .otherwise(Value(std::vector<std::string>{})),
      Key::text("forcing",
                "none; low_shells: along the velocity of wavenumbers below forcing_cutoff, with "
                "energy_input whatever the flow; linear: forcing_rate u (lundgren2003); abc: "
                "forcing_amplitude times the flow abc with initial_abc; kolmogorov: F sin(2 pi m "
                "y/Ly) along x")
          .one_of({"none", "low_shells", "linear", "abc", "kolmogorov"})
          .otherwise("none"),
      Key::real("energy_input", "of low_shells [length^2/time^3]").at_least(0).otherwise(0.1),
      Key::real("forcing_cutoff", "of low_shells [radians per unit length]")
          .above(0)
          .otherwise(2.5),
      Key::real("forcing_rate", "of linear [1/time]").otherwise(0.1),
      Key::real("forcing_amplitude", "F [length/time^2]").otherwise(1.0),
      Key::integer("forcing_mode", "m of abc and kolmogorov").at_least(1).otherwise(1),
      Key::text("initial", "reference state" + summaries_of(initial_flows3d()))
          .one_of(names_of(initial_flows3d()))
          .otherwise("taylor_green"),
      Key::real("initial_amplitude", "a").otherwise(1.0),
      Key::integer("initial_mode", "in all directions").at_least(1).otherwise(1),
      Key::reals("initial_abc", "A, B, C").otherwise(Value(std::vector<Real>{1, 1, 1})),
      Key::real("initial_energy", "of random [length^2/time^2]").above(0).otherwise(0.5),
      Key::real("initial_wavenumber", "k0 [radians per unit length]").above(0).otherwise(4.0),
      Key::real("initial_exponent", "p").above(0).otherwise(4.0),
      Key::integer("initial_seed", "of random initial states").at_least(0).otherwise(1),
  };
}

std::array<Real, 3> triple(const Section& section, const char* key) {
  const std::vector<Real>& values = section.reals(key);
  if (values.size() != 3) section.fail(key, "is not three numbers", "three: of x, y and z");
  return {values[0], values[1], values[2]};
}

spectral::Box box(const Section& section) {
  const auto& points = section.integers("points");
  if (points.size() != 3) section.fail("points", "is not three numbers", "three: of x, y and z");
  const auto lengths = triple(section, "lengths");
  return {points[0], points[1], points[2], lengths[0], lengths[1], lengths[2]};
}

std::vector<NavierStokes3d::Scalar> scalars(const Section& section) {
  const auto& diffusivity = section.reals("scalar_diffusivity");
  const auto& gradient = section.reals("scalar_gradient");
  const auto& initial = section.texts("scalar_initial");
  if (!gradient.empty() && gradient.size() != 3 * diffusivity.size())
    section.fail("scalar_gradient", "is of another number of scalars than scalar_diffusivity",
                 "three numbers for each scalar, or none");
  if (!initial.empty() && initial.size() != diffusivity.size())
    section.fail("scalar_initial", "is of another number of scalars than scalar_diffusivity",
                 "one name for each scalar, or none");
  std::vector<NavierStokes3d::Scalar> all;
  for (std::size_t n = 0; n < diffusivity.size(); ++n) {
    NavierStokes3d::Scalar scalar;
    scalar.diffusivity = diffusivity[n];
    if (!gradient.empty())
      scalar.gradient = {gradient[3 * n], gradient[3 * n + 1], gradient[3 * n + 2]};
    if (!initial.empty()) scalar.initial = initial[n];
    all.push_back(scalar);
  }
  return all;
}

NavierStokes3d::Forcing forcing(const std::string& name) {
  using Forcing = NavierStokes3d::Forcing;
  if (name == "low_shells") return Forcing::low_shells;
  if (name == "linear") return Forcing::linear;
  if (name == "abc") return Forcing::abc;
  return name == "kolmogorov" ? Forcing::kolmogorov : Forcing::none;
}

std::unique_ptr<Model> make(const Section& section, MPI_Comm space) {
  NavierStokes3d::Settings settings(box(section));
  const std::string& dealiasing = section.text("dealiasing");
  settings.dealiasing = dealiasing == "truncation" ? Dealiasing::truncation
                        : dealiasing == "padding"  ? Dealiasing::padding
                                                   : Dealiasing::none;
  settings.planning = section.text("fft") == "estimate" ? Planning::estimate : Planning::measured;
  settings.rotational = section.text("advection") == "rotational";
  settings.viscosity = section.real("viscosity");
  settings.hyperviscosity = section.real("hyperviscosity");
  settings.hyperviscosity_power = section.integer("hyperviscosity_power");
  settings.rotation = section.real("rotation");
  if (section.has("stratification")) settings.stratification = section.real("stratification");
  settings.buoyancy_diffusivity = section.real("buoyancy_diffusivity");
  settings.buoyancy_initial = section.text("buoyancy_initial");
  settings.scalars = scalars(section);
  settings.forcing = forcing(section.text("forcing"));
  settings.energy_input = section.real("energy_input");
  settings.forcing_cutoff = section.real("forcing_cutoff");
  settings.forcing_rate = section.real("forcing_rate");
  settings.forcing_amplitude = section.real("forcing_amplitude");
  settings.forcing_mode = section.integer("forcing_mode");
  settings.initial = section.text("initial");
  settings.initial_keys = {section.real("initial_amplitude"),
                           section.real("initial_energy"),
                           section.real("initial_wavenumber"),
                           section.real("initial_exponent"),
                           section.integer("initial_mode"),
                           triple(section, "initial_abc"),
                           static_cast<std::uint64_t>(section.integer("initial_seed"))};
  return std::make_unique<NavierStokes3d>(settings, space);
}

}  // namespace

ModelEntry NavierStokes3d::entry() {
  return {"navier_stokes3d",
          "u_t + u.grad u + 2 Omega z x u = -grad p + b z + nu lap u + forcing, div u = 0, "
          "periodic, with buoyancy and passive scalars",
          "canuto2006",
          schema(),
          make,
          true,
          "u, v, w [length/time], buoyancy [length/time^2], scalar1, ... on [z][y][x]; "
          "output.derived: vorticity_x, _y, _z, vorticity_magnitude [1/time], q_criterion "
          "[1/time^2]; measured: energy, enstrophy, helicity, budgets, Taylor's Reynolds number, "
          "Kolmogorov's length and k_max times it; spectra and flux of energy"};
}

}  // namespace starling::models
