// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/model.hpp"
#include "spectral/box_transform.hpp"

#include <array>
#include <complex>
#include <functional>
#include <vector>

namespace starling::models {

/// A model whose state is the coefficients of one or more real fields on a periodic box of two or
/// three dimensions (spectral::BoxTransform), one field after the other, and whose members are the
/// values of the same fields at the grid points. An equation gives rate(), reference(), and
/// linear() if its L is not zero; what the ranks of space() share of a field is seen to here.
///
/// rate() and measurements may use work() and values(), and nothing else may.
class BoxModel : public Model {
 public:
  struct Settings {
    explicit Settings(const spectral::Box& of) : box(of) {}
    spectral::Box box;
    spectral::Dealiasing dealiasing = spectral::Dealiasing::truncation;
    spectral::Planning planning = spectral::Planning::estimate;
    int degree = 2;  ///< factors of the products in rate()
  };
  /// The keys of [model] that Settings are made of, in so many dimensions.
  static Schema keys(int dimensions = 2);
  static Settings settings(const Section& section, int dimensions = 2);

  const spectral::BoxTransform& transform() const { return transform_; }
  /// Fields of a state, and coefficients of a field on this rank.
  Index fields() const { return static_cast<Index>(components_.size()); }
  Index coefficients() const { return transform_.coefficients(); }

  /// The rate of change of one state but for L, out as in. Collective on space(), allocates
  /// nothing.
  virtual void rate(Complex* out, const Complex* in, Real t) = 0;

  Index width() const override { return 2 * fields() * coefficients(); }
  Index dofs() const override { return fields() * transform_.points(); }
  MPI_Comm space() const override { return space_; }
  Columns value_columns() const override;
  Columns state_columns() const override;
  Domain domain() const override;
  void nonlinear(Rows out, ConstRows u, Real t) override;
  void to_physical(Rows members, ConstRows states) const override;
  void to_states(Rows states, ConstRows members) const override;
  /// Of the transforms of rate(), 5/2 N log2 N each, and 4 a value and 10 a Real of the state.
  Real flops() const override;
  Real response(const std::array<Index, 3>& mode) const override;

 protected:
  /// `in` and `out` are the fields that rate() takes to the points and back. Throws InputError.
  /// Collective on `space`, which must outlive this.
  BoxModel(const Settings& settings, std::vector<Component> components, Index in, Index out,
           MPI_Comm space);

  /// Wavenumbers of my coefficients along an axis [radians per unit length].
  const Real* wavenumbers(int axis) const { return k_.data() + axis * coefficients(); }
  /// L from its symbol, symbol(field, k): k has the wavenumbers of x, y and z.
  std::vector<std::complex<Real>> diagonal(
      const std::function<std::complex<Real>(Index field, const std::array<Real, 3>& k)>& symbol)
      const;

  /// Room for coefficients, and for grid-point values, of as many fields as the largest of in, out
  /// and fields().
  Complex* work() const { return work_.data(); }
  Real* values() const { return values_.data(); }
  static const Complex* coefficients_of(ConstRows state) {
    return reinterpret_cast<const Complex*>(state.data());
  }

  /// Sets a member to what f(fields, x) writes for each of my grid points x: one value a field.
  void set_fields(Real* member, const std::function<void(Real* fields, const Point& x)>& f) const;
  /// Of all ranks that share the state. Collective on space().
  void add_over_space(Real* sums, Index count) const;
  Real largest_over_space(Real mine) const;

 private:
  std::vector<Component> components_;
  Index in_, out_;
  MPI_Comm space_;
  spectral::BoxTransform transform_;
  Array<Real*> k_;
  Array<Complex*> work_;
  Array<Real*> values_;
};

}  // namespace starling::models
