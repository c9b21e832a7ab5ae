// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/extra_column.hpp"
#include "models/model.hpp"

#include <memory>
#include <vector>

namespace starling::models {

/// A model whose members carry extra columns (core/extra_column.hpp) behind their grid-point
/// values, constant in time. Those that are parameters of the model hold for their member alone: a
/// state is the inner state followed by the z of each column and member of the state, with zero
/// tendency, and the inner N is evaluated state by state with the values of that state.
///
/// Steppers see nothing of it. L is that of the values in [model]; what a member's linear
/// coefficients differ from it is part of N, and as explicit as N is in the scheme. Costs one call
/// of the inner N a state instead of one a tile.
class Augmented final : public Model {
 public:
  /// Columns in_model name parameters of `inner`.
  Augmented(std::unique_ptr<Model> inner, std::vector<ExtraColumn> columns);
  ~Augmented() override;

  const Model& inner() const { return *inner_; }
  Index width() const override { return inner_->width() + extra_reals(); }
  Index dofs() const override { return inner_->dofs() + extras(); }
  Index members_per_state() const override { return inner_->members_per_state(); }
  std::vector<std::complex<Real>> linear() const override;
  void nonlinear(Rows out, ConstRows u, Real t) override;
  std::vector<Real> filter() const override;
  steppers::ImplicitLinear* implicit() override { return implicit_.get(); }
  /// Of the grid-point values.
  Domain domain() const override { return inner_->domain(); }
  void kick(Rows states, Index number, Index step, Real dt) override;
  // What the inner model knows of its part of the states.
  std::vector<diagnostics::Quantity> quantities() const override { return inner_->quantities(); }
  void measure(Real* out, ConstRows state, Real t) override;
  std::vector<diagnostics::Quantity> spectra() const override { return inner_->spectra(); }
  std::vector<Real> bins() const override { return inner_->bins(); }
  void measure_spectra(Real* out, ConstRows state) override;
  std::vector<Component> derived() const override { return inner_->derived(); }
  void derive(Real* out, ConstRows state) override;
  Real courant(ConstRows state) override;
  void to_physical(Rows members, ConstRows states) const override;
  void to_states(Rows states, ConstRows members) const override;
  Real flops() const override { return inner_->flops(); }
  /// The columns at the z of their means.
  void reference(Real* member) const override;
  void draw(Real* member, Index number) const override;

 private:
  class Implicit;
  ConstRows inner_part(ConstRows state) const;
  // rate(out, u) of the inner model for each state, with the values of that state.
  template <class Rate>
  void each_state(Rows out, ConstRows u, const Rate& rate);
  Index extras() const { return static_cast<Index>(columns_.size()); }
  // A whole number of coefficients: one more, always zero, where these are complex and the columns
  // odd.
  Index extra_reals() const {
    const Index reals = extras() * members_per_state();
    return is_complex_ ? reals + reals % 2 : reals;
  }

  std::unique_ptr<Model> inner_;
  std::vector<ExtraColumn> columns_;
  bool is_complex_ = false;     // the states of the inner model are coefficients
  std::vector<Real*> targets_;  // where the model reads the column; null for those it doesn't use
  std::vector<Real> reference_;
  Array<Real**> members_;  // grid-point values of one state
  std::unique_ptr<steppers::ImplicitLinear> implicit_;
};

}  // namespace starling::models
