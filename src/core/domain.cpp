// SPDX-License-Identifier: BSD-3-Clause
#include "core/domain.hpp"

#include <fmt/format.h>

#include <cmath>

namespace starling {

bool Domain::contains(Real x) const {
  if (periodic) return x >= origin && x < origin + length();
  // Who computes the last point in another way may miss it by a rounding error.
  const Real slack = 1e-14 * (std::abs(origin) + length());
  return x >= origin - slack && x <= coordinate(points - 1) + slack;
}

std::string Domain::allowed() const {
  return periodic ? fmt::format("{} <= x < {}", origin, origin + length())
                  : fmt::format("{} <= x <= {}", origin, coordinate(points - 1));
}

}  // namespace starling
