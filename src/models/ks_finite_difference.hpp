// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "linalg/petsc_grid.hpp"
#include "models/model.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace starling::models {

/// u_t + a u u_x + b u_xx + c u_xxxx = 0 on the periodic domain [0, length), by central differences
/// of second order at `points` points: a coarse cousin of Semilinear1d. Of these
///
///     u u_x   (u_{j+1} + u_j + u_{j-1}) (u_{j+1} - u_{j-1}) / (6 dx)     (zabusky1965)
///
/// keeps sum u and sum u^2 to rounding, as u u_x does. L = -b D2 - c D2^2 is for implicit-explicit
/// schemes (implicit()); others take it explicitly, and then dt < dx^4 / (8 c) or so.
///
/// States and members are values at points. Only in builds with PETSc.
class KsFiniteDifference final : public Model, private steppers::ImplicitLinear {
 public:
  using Profile = std::function<Real(Real x)>;
  struct Settings {
    Index points = 0;
    Real length = 0;
    Real advection = 1, second = 1, fourth = 1;  // a, b, c
    Profile start = [](Real) { return 0.0; };
  };

  /// Throws InputError for fewer than 6 points.
  explicit KsFiniteDifference(const Settings& settings);

  Index width() const override { return grid_.points(); }
  void nonlinear(Rows out, ConstRows u, Real t) override;
  steppers::ImplicitLinear* implicit() override { return this; }
  Domain domain() const override { return {grid_.points(), 0, dx_, true}; }
  Real flops() const override { return 16 * static_cast<Real>(width()); }
  void reference(Real* member) const override;
  /// "advection", "second", "fourth". What the last two differ from those of the input is taken
  /// explicitly.
  std::vector<std::pair<std::string, Real>> parameters() const override;
  Real* vary(const std::string& name) override;

  /// The eigenvalue of L for a sine of wavenumber k: b k_2^2 - c k_2^4 with k_2 = 2 sin(k dx/2)/dx.
  Real growth(Real k) const;

  static ModelEntry entry();

 private:
  struct Shifted {
    Real shift;
    linalg::petsc::Factors factors;
  };
  struct Linear {
    Real second, fourth;
  };
  void explicit_part(Rows out, ConstRows u, Real t) override;
  void prepare(Real shift) override;
  void solve(Rows u, Real shift) override;
  void rate(Rows out, ConstRows u, Linear linear);

  linalg::petsc::Grid grid_;
  linalg::petsc::Ghosted field_;
  Real dx_, advection_;
  Linear all_, implicit_;  // b and c, and those of L
  Profile start_;
  std::vector<Shifted> shifted_;
  Array<Real*> known_;
};

}  // namespace starling::models
