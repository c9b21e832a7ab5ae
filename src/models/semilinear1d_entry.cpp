// SPDX-License-Identifier: BSD-3-Clause
#include "models/initial_waves1d.hpp"
#include "models/semilinear1d.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace starling::models {
namespace {

using spectral::Dealiasing;
using spectral::Planning;

std::vector<std::string> names_of_states() {
  std::vector<std::string> all = {"zero", "sine", "kassam", "soliton", "cole_hopf"};
  for (const InitialWaves1d& each : initial_waves1d()) all.push_back(each.name);
  return all;
}

std::string summaries() {
  std::string all;
  for (const InitialWaves1d& each : initial_waves1d())
    all += fmt::format("; {}: {}", each.name, each.summary);
  return all;
}

const Schema schema = {
    Key::integer("points", "grid points N").at_least(4).even(),
    Key::real("length", "period L of the domain [length units]").above(0),
    Key::table("terms",
               "coefficients of u_t + sum lambda u^p d^d u/dx^d = 0: u_xx, uu_x, uuu_x, ..."),
    Key::text("dealiasing",
              "truncation: modes |k| < N/3 for quadratic terms; padding: products on 3N/2 "
              "points")
        .one_of({"truncation", "padding", "none"}),
    Key::text("fft", "FFTW planning; measured repeats bits only with its stored wisdom")
        .one_of({"estimate", "measured"})
        .otherwise("estimate"),
    Key::text("wisdom", "file of measured plans").otherwise("fftw.wisdom"),
    Key::text("initial",
              "reference state: zero; sine: a sin(2 pi m x/L); kassam: "
              "cos(2 pi x/L) (1 + sin(2 pi x/L)) (kassam2005); soliton of u_t + b uu_x + "
              "c u_xxx = 0 with speed v (zabusky1965); cole_hopf: exact Burgers solution "
              "(cole1951) with a > 1" +
                  summaries())
        .one_of(names_of_states())
        .otherwise("zero"),
    Key::real("amplitude", "a of the reference state").otherwise(1.0),
    Key::integer("mode", "m of the reference state").at_least(1).otherwise(1),
    Key::real("speed", "v of the soliton [length/time]").above(0).otherwise(1.0),
    Key::integer("initial_seed", "of random initial states").at_least(0).otherwise(1),
    Key::integer("initial_modes", "random initial states have modes 1, ..., initial_modes")
        .at_least(1)
        .otherwise(5),
    Key::real("initial_sigma", "sigma of gaussian_field").at_least(0).otherwise(1.0),
    Key::real("initial_tau", "tau of gaussian_field [radians per unit length]")
        .at_least(0)
        .otherwise(1.0),
    Key::real("initial_exponent", "exponent of gaussian_field").otherwise(2.0),
};

Real coefficient(const Section& section, const std::string& name) {
  const Table& terms = section.table("terms");
  const auto found = terms.find(name);
  return found == terms.end() ? 0 : found->second;
}

Semilinear1d::Profile profile(const Section& section) {
  const std::string& name = section.text("initial");
  const Real length = section.real("length"), a = section.real("amplitude");
  const Real k = 2 * std::numbers::pi / length * static_cast<Real>(section.integer("mode"));
  if (name == "sine") return [=](Real x) { return a * std::sin(k * x); };
  if (name == "kassam") return [=](Real x) { return a * std::cos(k * x) * (1 + std::sin(k * x)); };
  if (name == "soliton") {
    const Real b = coefficient(section, "uu_x"), c = coefficient(section, "u_xxx");
    const Real speed = section.real("speed");
    if (b == 0 || c <= 0)
      section.fail("initial", "a soliton needs terms uu_x and u_xxx",
                   "terms.uu_x != 0 and terms.u_xxx > 0");
    return [=](Real x) {
      const Real sech = 1 / std::cosh(std::sqrt(speed / c) / 2 * (x - length / 2));
      return 3 * speed / b * sech * sech;
    };
  }
  if (name == "cole_hopf") {
    const Real nu = -coefficient(section, "u_xx");
    if (nu <= 0 || a <= 1 || coefficient(section, "uu_x") != 1)
      section.fail("initial", "is a solution of u_t + u u_x - nu u_xx = 0",
                   "terms.uu_x = 1, terms.u_xx < 0, amplitude > 1");
    return [=](Real x) { return 2 * nu * k * std::sin(k * x) / (a + std::cos(k * x)); };
  }
  return [](Real) { return 0.0; };
}

Dealiasing dealiasing(const std::string& name) {
  if (name == "truncation") return Dealiasing::truncation;
  return name == "padding" ? Dealiasing::padding : Dealiasing::none;
}

std::unique_ptr<Model> make(const Section& section, MPI_Comm) {
  std::vector<Term> terms;
  for (const auto& [name, value] : section.table("terms")) terms.push_back(parse_term(name, value));
  const spectral::Grid grid(section.integer("points"), section.real("length"));
  const Dealiasing dealiased = dealiasing(section.text("dealiasing"));
  const Planning planning =
      section.text("fft") == "estimate" ? Planning::estimate : Planning::measured;
  const WaveKeys keys = {section.real("length"),
                         section.real("amplitude"),
                         section.integer("initial_modes"),
                         section.real("initial_sigma"),
                         section.real("initial_tau"),
                         section.real("initial_exponent"),
                         static_cast<std::uint64_t>(section.integer("initial_seed"))};
  const auto& all = initial_waves1d();
  const auto found = std::find_if(all.begin(), all.end(), [&](const InitialWaves1d& each) {
    return each.name == section.text("initial");
  });
  if (found == all.end())
    return std::make_unique<Semilinear1d>(grid, std::move(terms), dealiased, planning,
                                          profile(section));
  return std::make_unique<Semilinear1d>(
      grid, std::move(terms), dealiased, planning,
      [keys, make = found->make](Index number, Index count) { return make(keys, number, count); });
}

}  // namespace

ModelEntry Semilinear1d::entry() {
  return {
      "semilinear1d",
      "u_t + sum lambda_pd u^p d^d u/dx^d = 0, periodic: Kuramoto-Sivashinsky, Korteweg-de Vries, "
      "Burgers, ...",
      "kassam2005",
      schema,
      make,
      false,
      "u on [x]; measured: energy <u^2>/2, mean, largest value, energy spectrum"};
}

}  // namespace starling::models
