// SPDX-License-Identifier: BSD-3-Clause
#include "core/geometry.hpp"

#include <algorithm>
#include <cmath>

namespace starling {

Real Geometry::distance(const Place& a, const Place& b) const {
  if (a.everywhere || b.everywhere) return 0;
  const Real levels = level_distance * (a.level - b.level);
  Real squares = levels * levels;
  for (int d = 0; d < dimensions; ++d) {
    const auto axis = static_cast<std::size_t>(d);
    Real along = std::abs(a.x[axis] - b.x[axis]);
    if (period[axis] > 0) {
      along = std::fmod(along, period[axis]);
      along = std::min(along, period[axis] - along);
    }
    squares += along * along;
  }
  return std::sqrt(squares);
}

Geometry geometry_of(const Domain& domain, Real level_distance) {
  Geometry geometry{domain.dimensions(), {}, level_distance};
  for (int d = 0; d < domain.dimensions(); ++d)
    if (domain.axis(d).periodic)
      geometry.period[static_cast<std::size_t>(d)] = domain.axis(d).length();
  return geometry;
}

Place place_of(const Domain& domain, Index value) {
  return place_at(domain, domain.point(value % domain.points()), value / domain.points());
}

Place place_at(const Domain& domain, const Point& point, Index component) {
  return {point.at, domain.components()[static_cast<std::size_t>(component)].level, false};
}

}  // namespace starling
