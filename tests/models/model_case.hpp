// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "models/integrator.hpp"
#include "models/model.hpp"
#include "steppers/stepper.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace starling::test_support {

/// A model with one member a state, made from keys of [model], and one state of it.
class ModelCase {
 public:
  using Function = std::function<Real(Real x, Real y)>;

  ModelCase(const models::ModelEntry& entry, const std::string& keys) {
    Config config = Config::parse("[model]\n" + keys, "model_case.hpp");
    model = entry.make(config.section("model", entry.schema), MPI_COMM_SELF);
    member = block();
    state = block();
    model->reference(member.data());
    model->to_states(state, member);
  }

  Array<Real**> block() const {
    return Array<Real**>("block", 1, static_cast<std::size_t>(model->width()));
  }
  Index size() const { return model->width(); }

  /// From values f(x, y).
  void set(const Function& f) {
    const Domain domain = model->domain();
    for (Index i = 0; i < size(); ++i) {
      const Point at = domain.point(i);
      member.data()[i] = f(at[0], at[1]);
    }
    model->to_states(state, member);
  }
  /// The largest difference of values from f(x, y).
  Real error(const Array<Real**>& values, const Function& f) const {
    const Domain domain = model->domain();
    Real largest = 0;
    for (Index i = 0; i < size(); ++i) {
      const Point at = domain.point(i);
      largest = std::max(largest, std::abs(values.data()[i] - f(at[0], at[1])));
    }
    return largest;
  }
  Array<Real**> rate() const {
    const Array<Real**> out = block();
    model->nonlinear(out, state, 0);
    return out;
  }
  /// Runs on from where it is; whether all is finite.
  bool run(const std::string& name, Real dt, Index steps) {
    for (const auto& scheme : steppers::builtin()) {
      if (scheme.name != name) continue;
      models::Integrator integrator(*model, scheme.make(*model, dt));
      Array<Real**> history("history", 1, static_cast<std::size_t>(integrator.history_width()));
      const bool failed = integrator.advance(state, history, 0, 0, steps).has_value();
      model->to_physical(member, state);
      return !failed;
    }
    throw std::runtime_error("no scheme " + name);
  }

  std::unique_ptr<models::Model> model;
  Array<Real**> member, state;
};

}  // namespace starling::test_support
