// SPDX-License-Identifier: BSD-3-Clause
#include "core/domain.hpp"

#include "core/error.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace starling {
namespace {

constexpr std::array names = {"x", "y", "z"};

}  // namespace

std::string shown(const Point& point, int dimensions) {
  if (dimensions == 1) return fmt::format("{}", point[0]);
  if (dimensions == 2) return fmt::format("({}, {})", point[0], point[1]);
  return fmt::format("({}, {}, {})", point[0], point[1], point[2]);
}

bool Axis::contains(Real x) const {
  if (periodic) return x >= origin && x < origin + length();
  // Who computes the last point in another way may miss it by a rounding error.
  const Real slack = 1e-14 * (std::abs(origin) + length());
  return x >= origin - slack && x <= coordinate(points - 1) + slack;
}

std::string Axis::allowed(const char* name) const {
  return periodic ? fmt::format("{} <= {} < {}", origin, name, origin + length())
                  : fmt::format("{} <= {} <= {}", origin, name, coordinate(points - 1));
}

Domain::Domain(Index points, Real origin, Real spacing, bool periodic)
    : Domain({{points, origin, spacing, periodic}}, {{}}) {}

Domain::Domain(std::vector<Axis> axes, std::vector<Component> components)
    : axes_(std::move(axes)), components_(std::move(components)), points_(1) {
  STARLING_ASSERT(!axes_.empty() && axes_.size() <= names.size() && !components_.empty());
  for (const Axis& axis : axes_) points_ *= axis.points;
}

bool Domain::periodic() const {
  for (const Axis& axis : axes_)
    if (!axis.periodic) return false;
  return true;
}

Point Domain::point(Index i) const {
  Point point;
  for (std::size_t d = 0; d < axes_.size(); ++d) {
    point.at[d] = axes_[d].coordinate(i % axes_[d].points);
    i /= axes_[d].points;
  }
  return point;
}

bool Domain::contains(const Point& point) const {
  for (int d = 0; d < dimensions(); ++d)
    if (!axis(d).contains(point[d])) return false;
  return true;
}

std::string Domain::allowed() const {
  std::string text;
  for (int d = 0; d < dimensions(); ++d)
    text += (d > 0 ? ", " : "") + axis(d).allowed(names[static_cast<std::size_t>(d)]);
  return text;
}

}  // namespace starling
