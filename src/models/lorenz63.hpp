// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/model.hpp"

namespace starling::models {

/// dx/dt = sigma (y - x), dy/dt = rho x - y - x z, dz/dt = x y - beta z (lorenz1963, eqs. 25-27).
class Lorenz63 final : public Model {
 public:
  Lorenz63(Real sigma, Real rho, Real beta) : sigma_(sigma), rho_(rho), beta_(beta) {}

  Index width() const override { return 3; }
  void nonlinear(Rows out, ConstRows u, Real t) override;
  /// Not periodic: variables 0, 1, 2.
  Domain domain() const override { return {3, 0, 1, false}; }
  /// A point near the attractor (sakov2012).
  void reference(Real* member) const override;

  std::vector<std::pair<std::string, Real>> parameters() const override {
    return {{"sigma", sigma_}, {"rho", rho_}, {"beta", beta_}};
  }
  Real* vary(const std::string& name) override {
    return name == "sigma" ? &sigma_ : name == "rho" ? &rho_ : &beta_;
  }

  static ModelEntry entry();

 private:
  Real sigma_, rho_, beta_;
};

}  // namespace starling::models
