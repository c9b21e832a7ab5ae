// SPDX-License-Identifier: BSD-3-Clause
#include "models/quasi_geostrophic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace starling::models {
namespace {

using Settings = QuasiGeostrophic::Settings;

std::vector<std::string> names_of_starts() {
  std::vector<std::string> names;
  for (const auto& [name, help] : QuasiGeostrophic::starts()) names.push_back(name);
  return names;
}

std::string help_of_starts() {
  std::string all = "reference state";
  const char* separator = ": ";
  for (const auto& [name, help] : QuasiGeostrophic::starts()) {
    all += separator + name + ": " + help;
    separator = "; ";
  }
  return all;
}

Schema schema() {
  const Value one_one = Value(std::vector<std::int64_t>{1, 1});
  return {
      Key::integers("points", "grid points of x and y").at_least(4).even(),
      Key::reals("lengths", "periods of x and y [length]").above(0),
      Key::integer("layers", "1: barotropic, 2: Phillips' model")
          .at_least(1)
          .at_most(2)
          .otherwise(2),
      Key::real("beta", "gradient of the planetary vorticity [1/(length time)]").otherwise(0.0),
      Key::real("radius",
                "deformation radius r_d [length]; one layer: 0 is an infinite one, q = lap psi")
          .at_least(0)
          .otherwise(0.0),
      Key::real("thickness_ratio", "H_1 / H_2, upper over lower layer").above(0).otherwise(1.0),
      Key::reals("mean_flow", "mean zonal flow of each layer, the upper one first [length/time]")
          .otherwise(Value(std::vector<Real>{})),
      Key::real("drag", "linear drag on the lowest layer [1/time]").at_least(0).otherwise(0.0),
      Key::real("hyperviscosity", "nu of nu (-lap)^p q [length^2p/time]")
          .at_least(0)
          .otherwise(0.0),
      Key::integer("hyperviscosity_power", "p").at_least(1).at_most(16).otherwise(4),
      Key::text("hyperviscosity_form", "isotropic: k^2p; anisotropic: kx^2p + ky^2p")
          .one_of({"isotropic", "anisotropic"})
          .otherwise("isotropic"),
      Key::real(
          "filter",
          "a of the cut-off filter exp(-a (K - 0.65 pi)^4) of each step, K = |(kx dx, ky dy)| "
          "> 0.65 pi (arbic2003); 0: none; 23.6 is usual")
          .at_least(0)
          .otherwise(0.0),
      Key::real("relaxation", "rate at which the interface relaxes to that of the jet [1/time]")
          .at_least(0)
          .otherwise(0.0),
      Key::real(
          "jet_speed",
          "U of the jet U (sech^2(y'/w) - sech^2(e/w)), y' from the middle, e from the nearest "
          "edge in y [length/time]")
          .otherwise(0.0),
      Key::real("jet_width", "w of the jet and of the sponge [length]").above(0).otherwise(1.0),
      Key::real("sponge", "s of the sponge s sech^2(e/w) on q without its zonal mean [1/time]")
          .at_least(0)
          .otherwise(0.0),
      Key::real("topography_amplitude",
                "h of eta = h cos(2 pi m x/Lx) cos(2 pi n y/Ly), added to q of the lowest layer "
                "[1/time]")
          .otherwise(0.0),
      Key::integers("topography_mode", "m and n").at_least(0).otherwise(one_one),
      Key::real("forcing_amplitude",
                "a of the steady source a cos(2 pi (m x/Lx + n y/Ly)) of q of the upper layer "
                "[1/time^2]")
          .otherwise(0.0),
      Key::integers("forcing_mode", "m and n").otherwise(one_one),
      Key::text("dealiasing",
                "truncation: modes below N/3; padding: products on 3N/2 points; none: aliased")
          .one_of({"truncation", "padding", "none"}),
      Key::text("fft", "FFTW planning; measured repeats bits only with its stored wisdom")
          .one_of({"estimate", "measured"})
          .otherwise("estimate"),
      Key::text("wisdom", "file of measured plans").otherwise("fftw.wisdom"),
      Key::text("initial", help_of_starts()).one_of(names_of_starts()).otherwise("zero"),
      Key::real("initial_amplitude", "a of the reference state [1/time; energy: length^2/time^2]")
          .otherwise(1.0),
      Key::integers("initial_mode", "m and n of the wave, k = 2 pi (m/Lx, n/Ly)")
          .otherwise(one_one),
      Key::text("initial_vertical_mode", "of the wave")
          .one_of({"barotropic", "baroclinic"})
          .otherwise("barotropic"),
      Key::integer("initial_modes", "largest mode number of what is random")
          .at_least(1)
          .otherwise(8),
      Key::integer("initial_seed", "of what is random").at_least(0).otherwise(1),
  };
}

spectral::Dealiasing dealiasing(const std::string& name) {
  using spectral::Dealiasing;
  if (name == "truncation") return Dealiasing::truncation;
  return name == "padding" ? Dealiasing::padding : Dealiasing::none;
}

// Two numbers, of x and of y.
template <class T>
std::array<T, 2> pair(const Section& section, const char* key, const std::vector<T>& values) {
  if (values.size() != 2) section.fail(key, "is not two numbers", "two: of x and of y");
  return {values[0], values[1]};
}
std::array<std::int64_t, 2> integers(const Section& section, const char* key) {
  return pair(section, key, section.integers(key));
}

void read_physics(Settings& s, const Section& section) {
  s.layers = static_cast<int>(section.integer("layers"));
  s.beta = section.real("beta");
  s.radius = section.real("radius");
  s.thickness_ratio = section.real("thickness_ratio");
  s.drag = section.real("drag");
  s.relaxation = section.real("relaxation");
  s.sponge = section.real("sponge");
  s.jet_speed = section.real("jet_speed");
  s.jet_width = section.real("jet_width");
  s.viscosity = section.real("hyperviscosity");
  s.order = static_cast<int>(section.integer("hyperviscosity_power"));
  s.anisotropic = section.text("hyperviscosity_form") == "anisotropic";
  s.filter_strength = section.real("filter");
  const std::vector<Real>& flow = section.reals("mean_flow");
  if (!flow.empty() && flow.size() != static_cast<std::size_t>(s.layers))
    section.fail("mean_flow", "is not of as many layers as there are", "one number for each layer");
  std::copy(flow.begin(), flow.end(), s.mean_flow.begin());
  if (s.layers == 2 && s.radius == 0)
    section.fail("radius", "two layers have a finite one", "a real > 0");
  if (s.layers == 1 && s.relaxation != 0)
    section.fail("relaxation", "there is no interface between layers", "0");
}

void read_sources(Settings& s, const Section& section) {
  const auto wave = [&](const char* key) {
    const auto mode = integers(section, key);
    return std::array<Real, 2>{s.box.unit(0) * static_cast<Real>(mode[0]),
                               s.box.unit(1) * static_cast<Real>(mode[1])};
  };
  if (const Real height = section.real("topography_amplitude"); height != 0) {
    const auto k = wave("topography_mode");
    s.topography = [=](Real x, Real y) { return height * std::cos(k[0] * x) * std::cos(k[1] * y); };
  }
  if (const Real a = section.real("forcing_amplitude"); a != 0) {
    const auto k = wave("forcing_mode");
    s.forcing[0] = [=](Real x, Real y) { return a * std::cos(k[0] * x + k[1] * y); };
  }
}

QuasiGeostrophic::Start read_start(const Section& section) {
  const auto mode = integers(section, "initial_mode");
  return {.kind = section.text("initial"),
          .amplitude = section.real("initial_amplitude"),
          .mode_x = mode[0],
          .mode_y = mode[1],
          .baroclinic = section.text("initial_vertical_mode") == "baroclinic",
          .modes = section.integer("initial_modes"),
          .seed = static_cast<std::uint64_t>(section.integer("initial_seed"))};
}

std::unique_ptr<Model> make(const Section& section, MPI_Comm space) {
  const auto points = integers(section, "points");
  const auto lengths = pair(section, "lengths", section.reals("lengths"));
  Settings s(spectral::Box(points[0], points[1], lengths[0], lengths[1]));
  s.dealiasing = dealiasing(section.text("dealiasing"));
  s.planning = section.text("fft") == "estimate" ? spectral::Planning::estimate
                                                 : spectral::Planning::measured;
  read_physics(s, section);
  read_sources(s, section);
  s.start = read_start(section);
  return std::make_unique<QuasiGeostrophic>(s, space);
}

}  // namespace

ModelEntry QuasiGeostrophic::entry() {
  return {.name = "quasi_geostrophic",
          .summary =
              "dq_i/dt + J(psi_i, q_i) + U_i dq_i/dx + Q_i dpsi_i/dx = -r lap psi_2 + ...: "
              "quasi-geostrophic turbulence in one or two layers",
          .reference = "phillips1954",
          .schema = schema(),
          .make = make,
          .shared = true,
          .state =
              "potential vorticity q1, q2 of the layers, upper one first [1/time] on [y][x]; "
              "output.derived: u1, v1 [length/time], streamfunction1 [length^2/time], u2, ...; "
              "measured: energy, kinetic energy by layer, available potential energy, enstrophy by "
              "layer, baroclinic conversion, eddy heat flux, the energy budget term by term; "
              "spectra and fluxes of both energies and of enstrophy"};
}

}  // namespace starling::models
