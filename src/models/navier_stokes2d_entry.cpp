// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "models/navier_stokes2d.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace starling::models {
namespace {

using spectral::Dealiasing;
using spectral::Planning;

std::string summaries() {
  std::string all = "; laminar: forcing balanced by viscosity and drag";
  for (const InitialFlow2d& each : initial_flows2d())
    all += fmt::format("; {}: {}", each.name, each.summary);
  return all;
}

std::vector<std::string> names_of_flows() {
  std::vector<std::string> all = {"laminar"};
  for (const InitialFlow2d& each : initial_flows2d()) all.push_back(each.name);
  return all;
}

std::vector<std::string> names_of_tracers() {
  std::vector<std::string> all;
  for (const InitialTracer2d& each : initial_tracers2d()) all.push_back(each.name);
  return all;
}

Schema schema() {
  const Real two_pi = 2 * std::numbers::pi;
  const Value none = Value(std::vector<Real>{});
  return {
      Key::integers("points", "grid points of x and y").at_least(4).even(),
      Key::reals("lengths", "periods of x and y")
          .above(0)
          .otherwise(Value(std::vector<Real>{two_pi, two_pi})),
      Key::text("dealiasing", "truncation: modes below N/3; padding: products on 3N/2 points; none")
          .one_of({"truncation", "padding", "none"})
          .otherwise("truncation"),
      Key::text("fft", "FFTW planning; measured repeats bits only with its stored wisdom")
          .one_of({"estimate", "measured"})
          .otherwise("estimate"),
      Key::text("wisdom", "file of measured plans").otherwise("fftw.wisdom"),
      Key::real("viscosity", "nu [length^2/time]").at_least(0).otherwise(0.0),
      Key::real("hyperviscosity", "nu_p of (-1)^(p+1) nu_p lap^p [length^2p/time]")
          .at_least(0)
          .otherwise(0.0),
      Key::integer("hyperviscosity_power", "p").at_least(1).otherwise(4),
      Key::real("spectral_viscosity", "of wavenumbers above spectral_cutoff [length^2/time]")
          .at_least(0)
          .otherwise(0.0),
      Key::real("spectral_cutoff", "k0 [radians per unit length]").above(0).optional(),
      Key::text("spectral_cutoff_shape", "smooth: 1 - exp(-(k/k0)^18); sharp: k >= k0")
          .one_of({"smooth", "sharp"})
          .otherwise("smooth"),
      Key::real("drag", "mu [1/time]").at_least(0).otherwise(0.0),
      Key::real("hypodrag", "mu_q of (-1)^q mu_q lap^-q [length^-2q/time]")
          .at_least(0)
          .otherwise(0.0),
      Key::integer("hypodrag_power", "q").at_least(1).otherwise(1),
      Key::reals("mean_flow", "uniform velocities along x and y")
          .otherwise(Value(std::vector<Real>{0, 0})),
      Key::reals("tracer_diffusivity", "a passive tracer for each number [length^2/time]")
          .at_least(0)
          .otherwise(none),
      Key::reals("tracer_gradient", "of the mean of each tracer: along x and y of the first, ...")
          .otherwise(none),
      Key::texts("tracer_initial", "of each tracer; zero where there is none")
          .one_of(names_of_tracers())
          .otherwise(Value(std::vector<std::string>{})),
      Key::text(
          "forcing",
          "none; kolmogorov: velocity F sin(2 pi n y/Ly) along x (chandler2013); modes: those "
          "of forcing_modes; ring: random, white in time, in wavenumbers forcing_wavenumber +- "
          "forcing_width, with energy_input at every step")
          .one_of({"none", "kolmogorov", "modes", "ring"})
          .otherwise("none"),
      Key::real("forcing_amplitude", "F [length/time^2]").otherwise(1.0),
      Key::integer("forcing_mode", "n").at_least(1).otherwise(4),
      Key::reals("forcing_modes",
                 "m, n, a, b of each: a cos(k.x) + b sin(k.x), k = (2 pi m/Lx, 2 pi n/Ly), in the "
                 "equation of the vorticity [1/time^2]")
          .otherwise(none),
      Key::real("forcing_wavenumber", "middle of the ring [radians per unit length]")
          .above(0)
          .optional(),
      Key::real("forcing_width", "half of the width of the ring [radians per unit length]")
          .above(0)
          .otherwise(1.0),
      Key::real("energy_input", "by random forcing [length^2/time^3]").at_least(0).otherwise(0.1),
      Key::integer("forcing_seed", "of random forcing").at_least(0).otherwise(1),
      Key::text("initial", "reference state" + summaries())
          .one_of(names_of_flows())
          .otherwise("zero"),
      Key::real("initial_amplitude", "a").otherwise(1.0),
      Key::real("initial_energy", "of mcwilliams1984").above(0).otherwise(0.5),
      Key::real("initial_wavenumber", "k0 [radians per unit length]").above(0).otherwise(6.0),
      Key::real("initial_width", "width, in periods of x for lamb_dipole, of y for shear_layer")
          .above(0)
          .below(0.5)
          .otherwise(0.1),
      Key::real("initial_exponent", "exponent").otherwise(2.5),
      Key::real("initial_perturbation", "perturbation").otherwise(0.05),
      Key::integer("initial_mode", "m").at_least(1).otherwise(1),
      Key::integer("initial_seed", "of random initial states").at_least(0).otherwise(1),
      Key::integers("initial_points",
                    "of x and y, of a grid on which initial flow and tracers are sampled and then "
                    "truncated: the same for all resolutions; none: the grid of the model")
          .at_least(4)
          .even()
          .otherwise(Value(std::vector<std::int64_t>{})),
  };
}

std::array<Real, 2> pair(const Section& section, const char* key) {
  const std::vector<Real>& values = section.reals(key);
  if (values.size() != 2) section.fail(key, "is not two numbers", "two: of x and of y");
  return {values[0], values[1]};
}

spectral::Box box(const Section& section) {
  const auto& points = section.integers("points");
  if (points.size() != 2) section.fail("points", "is not two numbers", "two: of x and of y");
  const auto lengths = pair(section, "lengths");
  return {points[0], points[1], lengths[0], lengths[1]};
}

std::vector<NavierStokes2d::Tracer> tracers(const Section& section) {
  const auto& diffusivity = section.reals("tracer_diffusivity");
  const auto& gradient = section.reals("tracer_gradient");
  const auto& initial = section.texts("tracer_initial");
  if (!gradient.empty() && gradient.size() != 2 * diffusivity.size())
    section.fail("tracer_gradient", "is of another number of tracers than tracer_diffusivity",
                 "two numbers for each tracer, or none");
  if (!initial.empty() && initial.size() != diffusivity.size())
    section.fail("tracer_initial", "is of another number of tracers than tracer_diffusivity",
                 "one name for each tracer, or none");
  std::vector<NavierStokes2d::Tracer> all;
  for (std::size_t n = 0; n < diffusivity.size(); ++n) {
    NavierStokes2d::Tracer tracer;
    tracer.diffusivity = diffusivity[n];
    if (!gradient.empty()) tracer.gradient = {gradient[2 * n], gradient[2 * n + 1]};
    if (!initial.empty()) tracer.initial = initial[n];
    all.push_back(tracer);
  }
  return all;
}

void read_forcing(NavierStokes2d::Settings& settings, const Section& section) {
  const std::string& name = section.text("forcing");
  if (name == "kolmogorov") {
    // The curl of (F sin k y, 0).
    const Index mode = section.integer("forcing_mode");
    const Real k = settings.box.unit(1) * static_cast<Real>(mode);
    settings.forcing.push_back({0, mode, -k * section.real("forcing_amplitude"), 0});
  } else if (name == "modes") {
    const auto& modes = section.reals("forcing_modes");
    if (modes.empty() || modes.size() % 4 != 0)
      section.fail("forcing_modes", "is not a list of four numbers each", "m, n, a, b, ...");
    for (std::size_t n = 0; n < modes.size(); n += 4) {
      if (modes[n] != std::round(modes[n]) || modes[n + 1] != std::round(modes[n + 1]))
        section.fail("forcing_modes", "has a mode that is no integer", "integers m and n");
      settings.forcing.push_back(
          {std::lround(modes[n]), std::lround(modes[n + 1]), modes[n + 2], modes[n + 3]});
    }
  } else if (name == "ring") {
    if (!section.has("forcing_wavenumber"))
      section.fail("forcing", "needs forcing_wavenumber", "a number > 0 for it");
    settings.ring = RingForcing::Settings{
        section.real("forcing_wavenumber"), section.real("forcing_width"),
        section.real("energy_input"), static_cast<std::uint64_t>(section.integer("forcing_seed"))};
  }
}

std::unique_ptr<Model> make(const Section& section, MPI_Comm space) {
  NavierStokes2d::Settings settings(box(section));
  const std::string& dealiasing = section.text("dealiasing");
  settings.dealiasing = dealiasing == "truncation" ? Dealiasing::truncation
                        : dealiasing == "padding"  ? Dealiasing::padding
                                                   : Dealiasing::none;
  settings.planning = section.text("fft") == "estimate" ? Planning::estimate : Planning::measured;
  settings.viscosity = section.real("viscosity");
  settings.hyperviscosity = section.real("hyperviscosity");
  settings.hyperviscosity_power = section.integer("hyperviscosity_power");
  settings.spectral_viscosity = section.real("spectral_viscosity");
  if (settings.spectral_viscosity > 0 && !section.has("spectral_cutoff"))
    section.fail("spectral_viscosity", "needs spectral_cutoff", "a number > 0 for it");
  if (section.has("spectral_cutoff")) settings.spectral_cutoff = section.real("spectral_cutoff");
  settings.sharp_cutoff = section.text("spectral_cutoff_shape") == "sharp";
  settings.drag = section.real("drag");
  settings.hypodrag = section.real("hypodrag");
  settings.hypodrag_power = section.integer("hypodrag_power");
  settings.mean_flow = pair(section, "mean_flow");
  settings.tracers = tracers(section);
  read_forcing(settings, section);

  settings.initial = section.text("initial");
  const bool has_friction = settings.viscosity > 0 || settings.hyperviscosity > 0 ||
                            settings.drag > 0 || settings.hypodrag > 0;
  if (settings.initial == "laminar" && (settings.forcing.empty() || !has_friction))
    section.fail("initial", "needs deterministic forcing, and viscosity or drag",
                 "both, or another");
  settings.initial_keys = {section.real("initial_amplitude"),
                           section.real("initial_energy"),
                           section.real("initial_wavenumber"),
                           section.real("initial_width"),
                           section.real("initial_exponent"),
                           section.real("initial_perturbation"),
                           section.integer("initial_mode"),
                           static_cast<std::uint64_t>(section.integer("initial_seed"))};
  const auto& points = section.integers("initial_points");
  if (points.size() == 2)
    settings.initial_points = {points[0], points[1]};
  else if (!points.empty())
    section.fail("initial_points", "is not two numbers", "two: of x and of y; or none");
  return std::make_unique<NavierStokes2d>(settings, space);
}

}  // namespace

ModelEntry NavierStokes2d::entry() {
  return {"navier_stokes2d",
          "w_t + (u + U).grad w = viscosities - drag + forcing, periodic, with passive tracers",
          "basdevant1983",
          schema(),
          make,
          true,
          "vorticity w [1/time], tracer1, ... on [y][x]; output.derived: u, v [length/time], "
          "streamfunction [length^2/time]; measured: energy, enstrophy, palinstrophy and their "
          "budgets (input, dissipation, drag), tracers' means and variances, largest vorticity, "
          "Reynolds number; spectra and fluxes of energy and enstrophy"};
}

}  // namespace starling::models
