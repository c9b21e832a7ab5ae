// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/error.hpp"
#include "core/types.hpp"
#include "steppers/tile.hpp"

#include <type_traits>

namespace starling::steppers {

/// The factors that system.filter() multiplies a state with, for the last kernel of a step:
///
///     filter_.apply([&](auto filtered) {
///       for_each_row<T>("scheme::u", u, [=](Index r) {
///         ...
///         return [=](Index j) { v[j] = filtered(v[j] + n[j], j); };
///       });
///     });
template <class T>
class StateFilter {
 public:
  explicit StateFilter(const Semilinear& system) {
    const std::vector<Real> factors = system.filter();
    if (factors.empty()) return;
    const Index reals = system.width(), slots = static_cast<Index>(factors.size());
    constexpr bool is_real = std::is_same_v<T, Real>;
    const Index count = is_real ? reals : reals / 2;
    STARLING_ASSERT(slots == count || 2 * slots == reals);
    table_ = Array<Real*>("steppers::filter", static_cast<std::size_t>(count));
    for (Index j = 0; j < count; ++j)
      table_(static_cast<std::size_t>(j)) = factors[static_cast<std::size_t>(j * slots / count)];
  }

  template <class Kernel>
  void apply(const Kernel& kernel) const {
    with_factors<T>(table_.data(), kernel);
  }

 private:
  Array<Real*> table_;
};

}  // namespace starling::steppers
