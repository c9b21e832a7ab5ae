// SPDX-License-Identifier: BSD-3-Clause
#include "models/lorenz63.hpp"

namespace starling::models {

void Lorenz63::nonlinear(Rows out, ConstRows u, Real) {
  for (Index r = 0; r < rows_of(u); ++r) {
    const Real x = u(r, 0), y = u(r, 1), z = u(r, 2);
    out(r, 0) = sigma_ * (y - x);
    out(r, 1) = rho_ * x - y - x * z;
    out(r, 2) = x * y - beta_ * z;
  }
}

void Lorenz63::reference(Real* member) const {
  member[0] = 1.509;
  member[1] = -1.531;
  member[2] = 25.46;
}

ModelEntry Lorenz63::entry() {
  return {"lorenz63",
          "dx/dt = sigma (y - x), dy/dt = rho x - y - x z, dz/dt = x y - beta z",
          "lorenz1963",
          {Key::real("sigma", "Prandtl number").otherwise(10.0),
           Key::real("rho", "reduced Rayleigh number").otherwise(28.0),
           Key::real("beta", "geometric factor").otherwise(8.0 / 3.0)},
          [](const Section& section, MPI_Comm) -> std::unique_ptr<Model> {
            return std::make_unique<Lorenz63>(section.real("sigma"), section.real("rho"),
                                              section.real("beta"));
          },
          false,
          "x, y, z; measured: mean square / 2, mean, largest value"};
}

}  // namespace starling::models
