// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/model.hpp"

/// A model of the general circulation in three numbers: the westerly wind x and the two phases y, z
/// of a chain of waves. dx/dt = -y^2 - z^2 - a x + a F, dy/dt = x y - b x z - y + G,
/// dz/dt = b x y + x z - z (Lorenz 1984, Tellus A 36, 98-110, eqs. 1-3).
class Lorenz84 final : public starling::models::Model {
 public:
  using Real = starling::Real;

  Lorenz84(Real damping, Real displacement, Real forcing, Real contrast)
      : a_(damping), b_(displacement), F_(forcing), G_(contrast) {}

  starling::Index width() const override { return 3; }
  void nonlinear(starling::Rows out, starling::ConstRows u, Real t) override;
  starling::Domain domain() const override { return {3, 0, 1, false}; }
  void reference(Real* member) const override;

  static starling::models::ModelEntry entry();

 private:
  Real a_, b_, F_, G_;
};
