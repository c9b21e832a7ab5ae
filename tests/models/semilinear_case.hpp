// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/integrator.hpp"
#include "models/semilinear1d.hpp"

#include <memory>
#include <string>
#include <vector>

namespace starling::test_support {

/// One member of a 1-D equation, run by itself.
class SemilinearCase {
 public:
  SemilinearCase(Index points, Real length, std::vector<models::Term> terms,
                 models::Semilinear1d::Profile start,
                 spectral::Dealiasing dealiasing = spectral::Dealiasing::truncation)
      : model(spectral::Grid(points, length), std::move(terms), dealiasing,
              spectral::Planning::estimate, std::move(start)),
        members("members", 2, static_cast<std::size_t>(points)),
        state("state", 1, static_cast<std::size_t>(2 * points)) {
    for (Index m = 0; m < 2; ++m) model.reference(members.data() + m * points);
    model.to_states(state, members);
  }

  /// Runs on from where it is.
  bool run(const std::string& scheme, Real dt, Index steps) {
    for (const auto& each : steppers::builtin()) {
      if (each.name != scheme) continue;
      models::Integrator integrator(model, each.make(model, dt));
      Array<Real**> history("history", 1, static_cast<std::size_t>(integrator.history_width()));
      const bool failed = integrator.advance(state, history, 0, 0, steps).has_value();
      model.to_physical(members, state);
      return !failed;
    }
    return false;
  }

  Real u(Index j) const { return members(0, static_cast<std::size_t>(j)); }
  Real x(Index j) const { return model.grid().coordinate(j); }
  Real mean_square() const {
    Real sum = 0;
    for (Index j = 0; j < model.dofs(); ++j) sum += u(j) * u(j);
    return sum / static_cast<Real>(model.dofs());
  }

  models::Semilinear1d model;
  Array<Real**> members, state;
};

}  // namespace starling::test_support
