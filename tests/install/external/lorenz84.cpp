// SPDX-License-Identifier: BSD-3-Clause
#include "lorenz84.hpp"

#include <memory>

using namespace starling;

void Lorenz84::nonlinear(Rows out, ConstRows u, Real) {
  for (Index r = 0; r < rows_of(u); ++r) {
    const Real x = u(r, 0), y = u(r, 1), z = u(r, 2);
    out(r, 0) = -y * y - z * z - a_ * x + a_ * F_;
    out(r, 1) = x * y - b_ * x * z - y + G_;
    out(r, 2) = b_ * x * y + x * z - z;
  }
}

void Lorenz84::reference(Real* member) const {
  member[0] = 1;
  member[1] = 1;
  member[2] = 1;
}

models::ModelEntry Lorenz84::entry() {
  return {"lorenz84",
          "dx/dt = -y^2 - z^2 - a x + a F, dy/dt = x y - b x z - y + G, dz/dt = b x y + x z - z",
          "lorenz1984",
          {Key::real("a", "damping of the westerly wind [1/time unit]").above(0).otherwise(0.25),
           Key::real("b", "displacement of the waves by the wind").otherwise(4.0),
           Key::real("F", "heating contrast between pole and equator").otherwise(8.0),
           Key::real("G", "heating contrast between land and sea").otherwise(1.0)},
          [](const Section& section, MPI_Comm) -> std::unique_ptr<models::Model> {
            return std::make_unique<Lorenz84>(section.real("a"), section.real("b"),
                                              section.real("F"), section.real("G"));
          }};
}
