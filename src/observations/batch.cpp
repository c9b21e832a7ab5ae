// SPDX-License-Identifier: BSD-3-Clause
#include "observations/batch.hpp"

#include "core/error.hpp"

namespace starling::observations {

void Batch::resize(Index size) {
  const auto count = static_cast<std::size_t>(size);
  location.resize(count);
  kind.resize(count);
  value.resize(count);
  variance.resize(count);
}

void Batch::reserve(Index size) {
  const auto count = static_cast<std::size_t>(size);
  location.reserve(count);
  kind.reserve(count);
  value.reserve(count);
  variance.reserve(count);
}

void require_inside(const Batch& batch, const Domain& domain, const std::string& source) {
  for (Index j = 0; j < batch.size(); ++j) {
    const Real x = batch.location[static_cast<std::size_t>(j)];
    if (domain.contains(x)) continue;
    throw InputError(fmt::format(
        "{}: observation {} at time {}: location = {} is outside the domain; allowed: {}", source,
        batch.first + j, batch.time, x, domain.allowed()));
  }
}

}  // namespace starling::observations
