// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/config.hpp"
#include "core/domain.hpp"
#include "core/types.hpp"
#include "diagnostics/measurable.hpp"
#include "steppers/semilinear.hpp"

#include <mpi.h>

#include <array>
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
///
/// The ranks of space() may share a member: each has some columns of its states and of its
/// grid-point values, and whatever takes states or members is collective on space(). Most models
/// know one rank only.
class Model : public steppers::Semilinear, public diagnostics::Measurable {
 public:
  /// Grid-point values of one member, on this rank.
  virtual Index dofs() const { return width(); }
  /// The ranks that share a member, and what this one has of its grid-point values and its states.
  virtual MPI_Comm space() const { return MPI_COMM_SELF; }
  virtual Columns value_columns() const { return Columns(dofs()); }
  virtual Columns state_columns() const { return Columns(width()); }
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

  /// How much of a Fourier mode of a field (mode numbers along x, y, z) the discretisation keeps: 1
  /// of a resolved one, 0 of what it drops, something between under a cut-off filter.
  virtual Real response(const std::array<Index, 3>& mode) const;

  /// Floating-point operations of one nonlinear() of one state, for cost reports.
  virtual Real flops() const { return 10 * static_cast<Real>(width()); }

  /// What is random in the model in time: changes `states` at the end of step number `step` of
  /// length dt, a pure function of its seed, the number of the member, and the step. `number` is
  /// that of the first member.
  virtual void kick(Rows states, Index number, Index step, Real dt);

  /// A deterministic state to start from: the initial condition named in the input.
  virtual void reference(Real* member) const = 0;
  /// One of a random family of initial conditions: a pure function of the model's seed and
  /// `number`, and reference() is number 0. The same for all where the initial condition is not
  /// random.
  virtual void draw(Real* member, Index number) const;
};

/// The value of one of the model's parameters, if it has it.
std::optional<Real> parameter_of(const Model& model, const std::string& name);

/// A model as the registry knows it: what `describe` prints and how the input makes one.
struct ModelEntry {
  std::string name;
  std::string summary;    ///< with the equation
  std::string reference;  ///< key in docs/papers.bib
  Schema schema;          ///< the keys of [model] besides `name`
  /// `space` are the ranks that share its members: one, unless `shared`.
  std::unique_ptr<Model> (*make)(const Section& section, MPI_Comm space);
  bool shared = false;     ///< whether several ranks can share a member
  std::string state = {};  ///< components, what follows from them and is measured, with units
};

/// The models that come with Starling.
const std::vector<ModelEntry>& builtin();

}  // namespace starling::models
