// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "models/model.hpp"

namespace starling::models {

/// dx_j/dt = (x_{j+1} - x_{j-2}) x_{j-1} - x_j + F, j periodic (lorenz1998, eq. 1). Time unit: 5
/// days of the atmosphere.
class Lorenz96 final : public Model {
 public:
  /// Throws InputError for fewer than 4 variables.
  Lorenz96(Index variables, Real forcing);

  Index width() const override { return variables_; }
  void nonlinear(Rows out, ConstRows u, Real t) override;
  /// x_0 = 1, all others 0.
  void reference(Real* member) const override;

  std::vector<std::pair<std::string, Real>> parameters() const override {
    return {{"forcing", forcing_}};
  }
  Real* vary(const std::string&) override { return &forcing_; }

  static ModelEntry entry();

 private:
  Index variables_;
  Real forcing_;
};

}  // namespace starling::models
