// SPDX-License-Identifier: BSD-3-Clause
#include "observations/kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace starling::observations {

const std::vector<KindEntry>& kinds() {
  static const std::vector<KindEntry> all = {
      {"point", Kind::state, "the field at a place, interpolated linearly between grid points",
       Sampling::linear, nullptr},
      {"spectral", Kind{1},
       "the field at a place, by trigonometric interpolation: exact for resolved waves; periodic "
       "domains",
       Sampling::spectral, nullptr},
      {"average",
       Kind{2},
       "mean of the field over a box around a place: the exact integral of the linear interpolant",
       Sampling::average,
       nullptr,
       {Key::real("extent", "kind \"average\": width of the box [length units of the model]")
            .above(0)
            .optional()}},
      {"speed", Kind{3}, "absolute value of the field at a place", Sampling::linear,
       [](Real u) { return std::abs(u); }},
      {"square", Kind{4}, "square of the field at a place", Sampling::linear,
       [](Real u) { return u * u; }},
      {"exponential", Kind{5}, "exponential of the field at a place", Sampling::linear,
       [](Real u) { return std::exp(u); }},
      {"logarithm", Kind{6}, "log(1 + |u|) of the field u at a place", Sampling::linear,
       [](Real u) { return std::log1p(std::abs(u)); }},
      {"saturating", Kind{7}, "hyperbolic tangent of the field at a place: a bounded response",
       Sampling::linear, [](Real u) { return std::tanh(u); }},
  };
  return all;
}

const KindEntry* find(Kind kind) {
  const auto found = std::find_if(kinds().begin(), kinds().end(),
                                  [kind](const KindEntry& each) { return each.kind == kind; });
  return found == kinds().end() ? nullptr : &*found;
}

const KindEntry* find(const std::string& name) {
  const auto found = std::find_if(kinds().begin(), kinds().end(),
                                  [&name](const KindEntry& each) { return each.name == name; });
  return found == kinds().end() ? nullptr : &*found;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const KindEntry& each : kinds()) names.push_back(each.name);
  return names;
}

std::string allowed_kinds() {
  std::string list;
  for (const KindEntry& each : kinds())
    list +=
        fmt::format("{}{} ({})", list.empty() ? "" : ", ", static_cast<int>(each.kind), each.name);
  return list;
}

}  // namespace starling::observations
