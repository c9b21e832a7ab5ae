// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/domain.hpp"
#include "core/types.hpp"
#include "steppers/semilinear.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace starling::models {

/// An equation with its discretisation. Steppers see a Semilinear; everybody else sees members:
/// rows of dofs() grid-point values. Most models have one member a state and states that are the
/// grid-point values themselves, and then override nothing but width(), nonlinear() and
/// reference().
class Model : public steppers::Semilinear {
 public:
  /// Grid-point values of one member.
  virtual Index dofs() const { return width(); }
  /// 2 for models that step two real members packed as one complex field.
  virtual Index members_per_state() const { return 1; }
  std::vector<std::complex<Real>> linear() const override { return {}; }

  /// Where the grid-point values are.
  virtual Domain domain() const { return {width(), 0, 1, true}; }

  virtual void to_physical(Rows members, ConstRows states) const;
  virtual void to_states(Rows states, ConstRows members) const;

  /// The coefficients that can be estimated with the state: keys of [model] and their values.
  virtual std::vector<std::pair<std::string, Real>> parameters() const { return {}; }
  /// Where nonlinear() takes parameter `name` from, from now on: members_per_state() Reals that
  /// hold for all states of a call, one for each member of a state. linear() stays what it is; what
  /// a linear coefficient differs from it becomes part of nonlinear(). `name` is one of
  /// parameters().
  virtual Real* vary(const std::string& name);

  /// Floating-point operations of one nonlinear() of one state, for cost reports.
  virtual Real flops() const { return 10 * static_cast<Real>(width()); }

  /// A deterministic state to start from: the initial condition named in the input.
  virtual void reference(Real* member) const = 0;
};

/// The value of one of the model's parameters, if it has it.
std::optional<Real> parameter_of(const Model& model, const std::string& name);

/// A model as the registry knows it: what `describe` prints and how the input makes one.
struct ModelEntry {
  std::string name;
  std::string summary;    ///< with the equation
  std::string reference;  ///< key in docs/papers.bib
  Schema schema;          ///< the keys of [model] besides `name`
  std::unique_ptr<Model> (*make)(const Section& section);
};

/// The models that come with Starling.
const std::vector<ModelEntry>& builtin();

}  // namespace starling::models
