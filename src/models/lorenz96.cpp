// SPDX-License-Identifier: BSD-3-Clause
#include "models/lorenz96.hpp"

#include "core/error.hpp"
#include "core/kernel.hpp"

#include <algorithm>

namespace starling::models {

Lorenz96::Lorenz96(Index variables, Real forcing) : variables_(variables), forcing_(forcing) {
  require(variables >= 4, "Lorenz-96 with {} variables; allowed: >= 4", variables);
}

void Lorenz96::nonlinear(Rows out, ConstRows u, Real) {
  const Index n = variables_;
  const Real forcing = forcing_;
  for (Index r = 0; r < rows_of(u); ++r) {
    Real* dx = out.data() + r * n;
    const Real* x = u.data() + r * n;
    dx[0] = (x[1] - x[n - 2]) * x[n - 1] - x[0] + forcing;
    dx[1] = (x[2] - x[n - 1]) * x[0] - x[1] + forcing;
    dx[n - 1] = (x[0] - x[n - 3]) * x[n - 2] - x[n - 1] + forcing;
    for_each("lorenz96::interior", n - 3, [=](Index i) {
      const Index j = i + 2;
      dx[j] = (x[j + 1] - x[j - 2]) * x[j - 1] - x[j] + forcing;
    });
  }
}

void Lorenz96::reference(Real* member) const {
  std::fill_n(member, variables_, 0.0);
  member[0] = 1;
}

ModelEntry Lorenz96::entry() {
  return {"lorenz96",
          "dx_j/dt = (x_{j+1} - x_{j-2}) x_{j-1} - x_j + F",
          "lorenz1998",
          {Key::integer("variables", "number of variables").at_least(4).otherwise(40),
           Key::real("forcing", "F").otherwise(8.0)},
          [](const Section& section, MPI_Comm) -> std::unique_ptr<Model> {
            return std::make_unique<Lorenz96>(section.integer("variables"),
                                              section.real("forcing"));
          },
          false,
          "x_1, ..., x_n; measured: mean square / 2, mean, largest value"};
}

}  // namespace starling::models
