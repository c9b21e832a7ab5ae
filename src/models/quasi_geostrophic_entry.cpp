// SPDX-License-Identifier: BSD-3-Clause
#include "models/quasi_geostrophic.hpp"

#include <algorithm>
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
  return {
      Key::integer("points_x", "grid points in x").at_least(4).even(),
      Key::integer("points_y", "grid points in y").at_least(4).even(),
      Key::real("length_x", "period in x [length]").above(0),
      Key::real("length_y", "period in y [length]").above(0),
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
      Key::real("mean_flow_1", "mean zonal flow of the upper layer [length/time]").otherwise(0.0),
      Key::real("mean_flow_2", "mean zonal flow of the lower layer [length/time]").otherwise(0.0),
      Key::real("drag", "linear drag on the lowest layer [1/time]").at_least(0).otherwise(0.0),
      Key::real("viscosity", "nu of nu (-lap)^p q [length^2p/time]").at_least(0).otherwise(0.0),
      Key::integer("order", "p of the hyperviscosity").at_least(1).at_most(16).otherwise(1),
      Key::text("viscosity_form", "isotropic: k^2p; anisotropic: kx^2p + ky^2p")
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
      Key::real("topography",
                "h of eta = h cos(2 pi m x/L) cos(2 pi n y/W), added to q of the lowest layer "
                "[1/time]")
          .otherwise(0.0),
      Key::integer("topography_mode_x", "m").at_least(0).otherwise(1),
      Key::integer("topography_mode_y", "n").at_least(0).otherwise(1),
      Key::real("forcing",
                "a of the steady source a cos(2 pi (m x/L + n y/W)) of q of the upper layer "
                "[1/time^2]")
          .otherwise(0.0),
      Key::integer("forcing_mode_x", "m").otherwise(0),
      Key::integer("forcing_mode_y", "n").otherwise(4),
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
      Key::integer("initial_mode_x", "of the wave").otherwise(1),
      Key::integer("initial_mode_y", "of the wave").otherwise(0),
      Key::text("initial_vertical_mode", "of the wave")
          .one_of({"barotropic", "baroclinic"})
          .otherwise("barotropic"),
      Key::integer("initial_modes", "largest mode number of what is random")
          .at_least(1)
          .otherwise(8),
      Key::integer("seed", "of what is random").at_least(0).otherwise(1),
  };
}

spectral::Dealiasing dealiasing(const std::string& name) {
  using spectral::Dealiasing;
  if (name == "truncation") return Dealiasing::truncation;
  return name == "padding" ? Dealiasing::padding : Dealiasing::none;
}

void read_physics(Settings& s, const Section& section) {
  s.layers = static_cast<int>(section.integer("layers"));
  s.beta = section.real("beta");
  s.mean_flow = {section.real("mean_flow_1"), section.real("mean_flow_2")};
  s.radius = section.real("radius");
  s.thickness_ratio = section.real("thickness_ratio");
  s.drag = section.real("drag");
  s.relaxation = section.real("relaxation");
  s.sponge = section.real("sponge");
  s.jet_speed = section.real("jet_speed");
  s.jet_width = section.real("jet_width");
  s.viscosity = section.real("viscosity");
  s.order = static_cast<int>(section.integer("order"));
  s.anisotropic = section.text("viscosity_form") == "anisotropic";
  s.filter_strength = section.real("filter");
  if (s.layers == 2 && s.radius == 0)
    section.fail("radius", "two layers have a finite one", "a real > 0");
  if (s.layers == 1 && s.mean_flow[1] != 0)
    section.fail("mean_flow_2", "there is no lower layer", "0");
  if (s.layers == 1 && s.relaxation != 0)
    section.fail("relaxation", "there is no interface between layers", "0");
}

void read_sources(Settings& s, const Section& section) {
  const auto mode = [&](const char* key, int axis) {
    return s.box.unit(axis) * static_cast<Real>(section.integer(key));
  };
  if (const Real height = section.real("topography"); height != 0) {
    const Real kx = mode("topography_mode_x", 0), ky = mode("topography_mode_y", 1);
    s.topography = [=](Real x, Real y) { return height * std::cos(kx * x) * std::cos(ky * y); };
  }
  if (const Real a = section.real("forcing"); a != 0) {
    const Real kx = mode("forcing_mode_x", 0), ky = mode("forcing_mode_y", 1);
    s.forcing[0] = [=](Real x, Real y) { return a * std::cos(kx * x + ky * y); };
  }
}

QuasiGeostrophic::Start read_start(const Section& section) {
  return {.kind = section.text("initial"),
          .amplitude = section.real("initial_amplitude"),
          .mode_x = section.integer("initial_mode_x"),
          .mode_y = section.integer("initial_mode_y"),
          .baroclinic = section.text("initial_vertical_mode") == "baroclinic",
          .modes = section.integer("initial_modes"),
          .seed = static_cast<std::uint64_t>(section.integer("seed"))};
}

std::unique_ptr<Model> make(const Section& section, MPI_Comm space) {
  Settings s(spectral::Box(section.integer("points_x"), section.integer("points_y"),
                           section.real("length_x"), section.real("length_y")));
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
          .shared = true};
}

}  // namespace starling::models
