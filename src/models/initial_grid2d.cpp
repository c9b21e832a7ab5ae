// SPDX-License-Identifier: BSD-3-Clause
#include "models/initial_grid2d.hpp"

#include "core/error.hpp"
#include "models/initial_flow2d.hpp"

#include <unordered_map>

namespace starling::models {
namespace {

spectral::BoxTransform::Settings whole_grid() {
  spectral::BoxTransform::Settings settings;
  settings.dealiasing = spectral::Dealiasing::none;
  return settings;
}

}  // namespace

InitialGrid2d::InitialGrid2d(const std::array<Index, 2>& points,
                             const spectral::BoxTransform& model)
    : transform_(spectral::Box(points[0], points[1], model.box().length[0], model.box().length[1]),
                 whole_grid()) {
  for (const int axis : {0, 1})
    require(transform_.cut(axis) >= model.cut(axis),
            "initial_points {} for modes below {}; allowed: at least {}",
            points[static_cast<std::size_t>(axis)], model.cut(axis), 2 * model.cut(axis));
  std::unordered_map<std::uint64_t, Index> place_of;
  for (Index i = 0; i < transform_.coefficients(); ++i)
    place_of[mode_number(transform_.mode(i)[0], transform_.mode(i)[1])] = i;
  for (Index i = 0; i < model.coefficients(); ++i)
    places_.push_back(place_of.at(mode_number(model.mode(i)[0], model.mode(i)[1])));
}

void InitialGrid2d::truncate(Complex* out, const Complex* coefficients) const {
  for (std::size_t i = 0; i < places_.size(); ++i) out[i] = coefficients[places_[i]];
}

}  // namespace starling::models
