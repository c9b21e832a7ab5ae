// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"

#include <array>

namespace starling {

/// Where a number of an ensemble, or an observation, is: up to three coordinates and a level
/// (layer, height class). What belongs to no place, such as a parameter of the model, is
/// everywhere: at distance 0 from all.
struct Place {
  std::array<Real, 3> x{};
  Real level = 0;
  bool everywhere = false;
};

/// How far places are from one another: Euclidean in the coordinates, the shortest way around in
/// periodic ones, with the difference of levels times `level_distance` as one more coordinate.
struct Geometry {
  int dimensions = 1;            ///< coordinates in use, 1 to 3
  std::array<Real, 3> period{};  ///< of each coordinate [length units]; 0: bounded
  Real level_distance = 0;       ///< length units that one level counts; 0: levels don't matter

  Real distance(const Place& a, const Place& b) const;
};

/// The geometry of a domain; `level_distance` as there.
Geometry geometry_of(const Domain& domain, Real level_distance = 0);
/// Where a grid-point value of a member is, and an observation of a component of it.
Place place_of(const Domain& domain, Index value);
Place place_at(const Domain& domain, const Point& point, Index component = 0);

}  // namespace starling
