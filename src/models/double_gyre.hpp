// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "linalg/petsc_grid.hpp"
#include "models/model.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace starling::models {

/// Wind-driven gyres in a closed basin, one quasi-geostrophic layer above a deep one at rest
/// (sakov2008, section 4.2, without units):
///
///     q_t = -beta psi_x - eps J(psi, q) + w sin(2 pi y / Ly) - r zeta + nu lap zeta - A lap^2 zeta
///     q = zeta - F psi,   zeta = lap psi,   psi = zeta = lap zeta = 0 on the walls
///
/// J = psi_x q_y - psi_y q_x is that of arakawa1966, eq. 46, which keeps energy and enstrophy;
/// lap has five points, psi_x is central. psi follows from q by a direct solution.
///
/// A state is q, a member psi, at the points inside the walls: their values there are zero. Only in
/// builds with PETSc.
class DoubleGyre final : public Model {
 public:
  struct Start {
    std::string kind = "rest";
    Real amplitude = 0;
    std::array<Index, 2> mode = {1, 1};
    Index modes = 4;
    std::uint64_t seed = 1;
  };
  struct Settings {
    std::array<Index, 2> points = {0, 0};  // inside the walls
    std::array<Real, 2> lengths = {1, 1};
    Real beta = 1, advection = 0, froude = 0, wind = 0;  // beta, eps, F, w
    Real drag = 0, viscosity = 0, hyperviscosity = 0;    // r, nu, A
    Start start;
  };
  /// Throws InputError for fewer than 3 points in a direction.
  explicit DoubleGyre(const Settings& settings);

  Index width() const override { return grid_.points(); }
  void nonlinear(Rows out, ConstRows q, Real t) override;
  void to_physical(Rows psi, ConstRows q) const override;
  void to_states(Rows q, ConstRows psi) const override;
  Domain domain() const override;
  Real flops() const override;
  /// Energy mean (|grad psi|^2 + F psi^2) / 2 with the terms of its budget, enstrophy mean q^2 / 2.
  std::vector<diagnostics::Quantity> quantities() const override;
  void measure(Real* out, ConstRows q, Real t) override;
  /// q, and the velocities u = -psi_y and v = psi_x; eps of them advect.
  std::vector<Component> derived() const override;
  void derive(Real* out, ConstRows q) override;
  Real courant(ConstRows q) override;
  void reference(Real* psi) const override { draw(psi, 0); }
  void draw(Real* psi, Index number) const override;

  static ModelEntry entry();

 private:
  // Where a field is, with the walls around it: point (i, j) at [i + j * grid_.stride()].
  using Field = const Real*;
  void laplacian(Real* out, Field field) const;
  // psi with walls, and its Laplacians, of the state at hand.
  void invert(const Real* q);
  template <class Kernel>
  void each_row(const char* label, const Kernel& kernel) const;

  Settings settings_;
  linalg::petsc::Grid grid_;
  Real dx_, dy_;
  mutable linalg::petsc::Factors elliptic_;  // lap - F
  mutable linalg::petsc::Ghosted psi_, q_, zeta_, zeta2_;
  Array<Real*> values_, zeta4_, wind_;  // a field, another, w sin(2 pi y / Ly) of each row
};

}  // namespace starling::models
