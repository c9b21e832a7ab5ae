// SPDX-License-Identifier: BSD-3-Clause
#include "filters/taper.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace starling::filters {
namespace {

constexpr Real cut = 6.907755278982137;  // ln 1000
constexpr Real infinity = std::numeric_limits<Real>::infinity();

constexpr std::array shapes{std::pair{"gaspari_cohn", Taper::Shape::gaspari_cohn},
                            std::pair{"gaussian", Taper::Shape::gaussian},
                            std::pair{"exponential", Taper::Shape::exponential},
                            std::pair{"step", Taper::Shape::step}};

// z is the distance in supports; both branches, so that loops over it vectorise.
inline Real gaspari_cohn(Real in_supports) {
  const Real z = 2 * in_supports;
  const Real near = ((((-0.25 * z + 0.5) * z + 0.625) * z - 5.0 / 3) * z) * z + 1;
  const Real far = ((((z / 12 - 0.5) * z + 0.625) * z + 5.0 / 3) * z - 5) * z + 4 - 2 / (3 * z);
  const Real weight = z <= 1 ? near : std::max(far, 0.0);
  return z < 2 ? weight : 0;
}

}  // namespace

Taper::Taper(Shape shape, Real support) : shape_(shape), support_(support), inverse_(1 / support) {
  require(support > 0, "the support of a taper is {}; allowed: above 0", support);
}

Taper::Shape Taper::shape_named(std::string_view name) {
  const auto found = std::find_if(shapes.begin(), shapes.end(),
                                  [name](const auto& each) { return each.first == name; });
  STARLING_ASSERT(found != shapes.end());
  return found->second;
}

Real Taper::operator()(Real distance) const {
  weigh(&distance, &distance, 1);
  return distance;
}

void Taper::weigh(Real* weight, const Real* distance, Index count) const {
  const Real inverse = inverse_, support = support_;
  switch (shape_) {
    case Shape::gaspari_cohn:
#pragma GCC ivdep
      for (Index i = 0; i < count; ++i) weight[i] = gaspari_cohn(distance[i] * inverse);
      break;
    case Shape::gaussian:
      for (Index i = 0; i < count; ++i) {
        const Real z = distance[i] * inverse;
        weight[i] = distance[i] <= support ? std::exp(-cut * z * z) : 0;
      }
      break;
    case Shape::exponential:
      for (Index i = 0; i < count; ++i)
        weight[i] = distance[i] <= support ? std::exp(-cut * distance[i] * inverse) : 0;
      break;
    case Shape::step:
      for (Index i = 0; i < count; ++i) weight[i] = distance[i] <= support ? 1 : 0;
      break;
  }
}

Schema Localization::schema(bool infinite_by_default) {
  std::vector<std::string> names;
  for (const auto& each : shapes) names.emplace_back(each.first);
  const auto support = [] {
    return Key::real("support",
                     "distance from which on an observation has no weight [length units]; inf: all "
                     "observations count fully")
        .above(0);
  };
  return {Key::text("taper", "how the weight of an observation falls with distance")
              .one_of(names)
              .otherwise("gaspari_cohn"),
          infinite_by_default ? support().otherwise(infinity) : support(),
          Key::real("level_distance", "distance that one level counts [length units]")
              .at_least(0)
              .otherwise(0.0)};
}

Localization Localization::read(const Section& section) {
  return {Taper(Taper::shape_named(section.text("taper")), section.real("support")),
          section.real("level_distance")};
}

Geometry Localization::geometry(Geometry of_run) const {
  of_run.level_distance = level_distance;
  return of_run;
}

}  // namespace starling::filters
