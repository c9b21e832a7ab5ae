// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "models/integrator.hpp"
#include "models/navier_stokes2d.hpp"
#include "steppers/stepper.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace starling::test_support {

inline const steppers::Scheme& scheme(const std::string& name) {
  for (const auto& each : steppers::builtin())
    if (each.name == name) return each;
  throw std::runtime_error("no scheme " + name);
}

/// Keys of a flow in the unit square with all modes that the grid resolves.
inline std::string unit_square(Index x, Index y, const std::string& initial,
                               const std::string& more = "") {
  return "points = [" + std::to_string(x) + ", " + std::to_string(y) +
         "]\nlengths = [1.0, 1.0]\ndealiasing = \"none\"\ninitial = \"" + initial + "\"\n" + more;
}

/// A model made from keys of [model], and one state of it.
class FlowCase {
 public:
  explicit FlowCase(const std::string& keys, MPI_Comm space = MPI_COMM_SELF) {
    const models::ModelEntry entry = models::NavierStokes2d::entry();
    Config config = Config::parse("[model]\n" + keys, "flow_case.hpp");
    any_ = entry.make(config.section("model", entry.schema), space);
    model = dynamic_cast<models::NavierStokes2d*>(any_.get());
    state = Array<Real**>("state", 1, static_cast<std::size_t>(model->width()));
    members = Array<Real**>("members", 1, static_cast<std::size_t>(model->dofs()));
    draw(0);
  }

  void draw(Index number) {
    model->draw(members.data(), number);
    model->to_states(state, members);
  }
  /// From values f(x, y) of the first field; one rank.
  void set(const std::function<Real(Real, Real)>& f) {
    const Domain domain = model->domain();
    for (Index i = 0; i < domain.points(); ++i) {
      const Point at = domain.point(i);
      members(0, static_cast<std::size_t>(i)) = f(at[0], at[1]);
    }
    model->to_states(state, members);
  }
  /// The largest difference of the first field from f(x, y), after run().
  Real error(const std::function<Real(Real, Real)>& f) {
    model->to_physical(members, state);
    const Domain domain = model->domain();
    Real largest = 0;
    for (Index i = 0; i < domain.points(); ++i) {
      const Point at = domain.point(i);
      largest =
          std::max(largest, std::abs(members(0, static_cast<std::size_t>(i)) - f(at[0], at[1])));
    }
    return largest;
  }

  bool run(const std::string& name, Real dt, Index steps, Index first = 0, Index number = 0) {
    models::Integrator integrator(*model, scheme(name).make(*model, dt));
    Array<Real**> history("history", 1, static_cast<std::size_t>(integrator.history_width()));
    return !integrator.advance(state, history, 0, first, steps, number).has_value();
  }

  std::map<std::string, Real> measure() {
    const auto quantities = model->quantities();
    std::vector<Real> values(quantities.size());
    model->measure(values.data(), state, 0);
    std::map<std::string, Real> named;
    for (std::size_t q = 0; q < values.size(); ++q) named[quantities[q].name] = values[q];
    return named;
  }

  Complex* coefficients() { return reinterpret_cast<Complex*>(state.data()); }
  /// The coefficient of a mode of a field; one rank.
  Complex& coefficient(Index mode_x, Index mode_y, Index field = 0) {
    const auto& transform = model->transform();
    for (Index i = 0; i < transform.coefficients(); ++i)
      if (transform.mode(i)[0] == mode_x && transform.mode(i)[1] == mode_y)
        return coefficients()[field * transform.coefficients() + i];
    throw std::runtime_error("no such mode");
  }

  models::NavierStokes2d* model;
  Array<Real**> state, members;

 private:
  std::unique_ptr<models::Model> any_;
};

}  // namespace starling::test_support
