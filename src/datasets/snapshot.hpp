// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"
#include "models/model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace starling::datasets {

/// All that is known of one member at a time: its grid-point values and the fields that follow from
/// them, one array of points() values each, in this order.
class Snapshot {
 public:
  /// `derived` are names of fields that the model derives from a state. Throws InputError for
  /// others, and if several ranks share members. `model` must outlive this.
  Snapshot(models::Model& model, const std::vector<std::string>& derived);

  const Domain& grid() const { return grid_; }
  /// The state's components come first.
  const std::vector<Component>& arrays() const { return arrays_; }
  std::size_t components() const { return grid_.components().size(); }

  /// Of the member `member` (0 or 1) of a state, a row of width() Reals.
  void take(const Real* state, Index member = 0);
  /// Of the member with these grid-point values, as far as the model resolves them.
  void take_values(const Real* values);

  /// Counts what was taken: another number, another state.
  long version() const { return version_; }
  /// Replaces grid-point values of the components by what the model resolves of them.
  void resolve(Real* values);

  const Real* operator[](std::size_t array) const {
    return values_.data() + static_cast<Index>(array) * grid_.points();
  }
  /// The array of a name; npos if there is none.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t find(const std::string& name) const;

  /// Integral quantities of what was taken last: those that the model knows, or of a model that
  /// knows none the energy <u^2>/2 of the first component and its largest |u|.
  std::vector<diagnostics::Quantity> quantities() const;
  void measure(Real* out, Real t);

  /// dq/dt by the model of the state that was taken last, grid-point values of the components: L q
  /// + N(q), without what happens at the end of steps. Valid until another state is taken.
  const Real* tendency(Real t);

 private:
  void look();
  void show(Index member);
  void spread(const Real* values);
  void derive();

  models::Model* model_;
  Domain grid_;
  std::vector<Component> arrays_;
  std::vector<std::size_t> derived_;  // of all that the model derives
  std::vector<Real> values_, all_derived_;
  std::vector<std::complex<Real>> symbol_;
  Array<Real**> state_, work_;
  Array<Real**> members_, scratch_, rates_;
  std::optional<Real> rates_time_;  // of the state, if they are known
  Index member_ = 0;
  long version_ = 0;
};

}  // namespace starling::datasets
