// SPDX-License-Identifier: BSD-3-Clause
#include "models/double_gyre.hpp"

#include <algorithm>

namespace starling::models {
namespace {

const Schema schema = {
    Key::integers("points", "grid points of x and y inside the walls").at_least(3),
    Key::reals("lengths", "of the basin along x and y [length]")
        .above(0)
        .otherwise(Value(std::vector<Real>{1.0, 1.0})),
    Key::real("beta", "beta of -beta psi_x").otherwise(1.0),
    Key::real("advection", "eps of -eps J(psi, q), a Rossby number"),
    Key::real("froude", "F of q = lap psi - F psi: 1 / (deformation radius)^2 [1/length^2]")
        .at_least(0),
    Key::real("wind", "w of the wind's curl w sin(2 pi y/Ly)"),
    Key::real("drag", "r of -r lap psi").at_least(0).otherwise(0.0),
    Key::real("viscosity", "nu of nu lap^2 psi").at_least(0).otherwise(0.0),
    Key::real("hyperviscosity", "A of -A lap^3 psi").at_least(0).otherwise(0.0),
    Key::text("initial",
              "reference state: rest; mode: psi = a sin(pi m x/Lx) sin(pi n y/Ly); random: such "
              "modes up to initial_modes with normal coefficients, a the root mean square of psi")
        .one_of({"rest", "mode", "random"})
        .otherwise("rest"),
    Key::real("initial_amplitude", "a of the reference state").otherwise(1.0),
    Key::integers("initial_mode", "m and n of the mode")
        .at_least(1)
        .otherwise(Value(std::vector<std::int64_t>{1, 1})),
    Key::integer("initial_modes", "largest m and n of what is random").at_least(1).otherwise(4),
    Key::integer("initial_seed", "of what is random").at_least(0).otherwise(1),
};

// Two numbers, of x and of y.
template <class To, class From>
std::array<To, 2> pair(const Section& section, const char* key, const std::vector<From>& values) {
  if (values.size() != 2) section.fail(key, "is not two numbers", "two: of x and of y");
  return {values[0], values[1]};
}

std::unique_ptr<Model> make(const Section& section, MPI_Comm) {
  DoubleGyre::Settings s;
  s.points = pair<Index>(section, "points", section.integers("points"));
  s.lengths = pair<Real>(section, "lengths", section.reals("lengths"));
  s.beta = section.real("beta");
  s.advection = section.real("advection");
  s.froude = section.real("froude");
  s.wind = section.real("wind");
  s.drag = section.real("drag");
  s.viscosity = section.real("viscosity");
  s.hyperviscosity = section.real("hyperviscosity");
  s.start.kind = section.text("initial");
  s.start.amplitude = section.real("initial_amplitude");
  s.start.mode = pair<Index>(section, "initial_mode", section.integers("initial_mode"));
  s.start.modes = section.integer("initial_modes");
  s.start.seed = static_cast<std::uint64_t>(section.integer("initial_seed"));
  const Index fewest = std::min(s.points[0], s.points[1]);
  if (s.start.kind == "random" && s.start.modes > fewest)
    section.fail("initial_modes", "is more than the grid resolves", "at most the points");
  return std::make_unique<DoubleGyre>(s);
}

}  // namespace

ModelEntry DoubleGyre::entry() {
  return {"double_gyre",
          "q_t = -beta psi_x - eps J(psi, q) + w sin(2 pi y/Ly) - r lap psi + nu lap^2 psi - A "
          "lap^3 psi, q = lap psi - F psi, in a closed basin",
          "sakov2008",
          schema,
          make,
          false,
          "psi at points inside the walls; derived: q, u, v; measured: energy with its budget, "
          "kinetic energy, enstrophy"};
}

}  // namespace starling::models
