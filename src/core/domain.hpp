// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <string>

namespace starling {

/// Where the grid-point values of a member are: point i at origin + i * spacing. Lorenz models
/// count variables: origin 0, spacing 1.
struct Domain {
  Index points = 0;
  Real origin = 0;
  Real spacing = 1;
  bool periodic = true;

  Real length() const { return spacing * static_cast<Real>(points); }
  Real coordinate(Index i) const { return origin + spacing * static_cast<Real>(i); }
  /// Whether x is in [origin, origin + length) if periodic, else between the first and the last
  /// point; never for a NaN.
  bool contains(Real x) const;
  /// The same for messages: "0 <= x < 22".
  std::string allowed() const;
};

}  // namespace starling
