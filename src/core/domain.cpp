// SPDX-License-Identifier: BSD-3-Clause
#include "core/domain.hpp"

#include <fmt/format.h>

namespace starling {

bool Domain::contains(Real x) const {
  return x >= origin && (periodic ? x < origin + length() : x <= coordinate(points - 1));
}

std::string Domain::allowed() const {
  return periodic ? fmt::format("{} <= x < {}", origin, origin + length())
                  : fmt::format("{} <= x <= {}", origin, coordinate(points - 1));
}

}  // namespace starling
