// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <string>
#include <vector>

namespace starling::models {

/// One term lambda u^p d^d u / dx^d of a 1-D equation, named as it is written: "u_xx" (p = 0, d =
/// 2), "uu_x" (p = 1, d = 1), "uuu_x" (p = 2, d = 1), "uu" (p = 1, d = 0).
struct Term {
  int power;
  int derivative;
  Real coefficient;

  bool is_linear() const { return power == 0; }
  std::string name() const;
};

/// Throws InputError for a name that is no term.
Term parse_term(const std::string& name, Real coefficient);

/// Highest number of fields multiplied with each other: 2 for "uu_x"; 1 if all terms are linear.
/// Terms with coefficient 0 count, so that the discretisation does not depend on the values of
/// coefficients.
int product_degree(const std::vector<Term>& terms);

}  // namespace starling::models
