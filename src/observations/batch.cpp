// SPDX-License-Identifier: BSD-3-Clause
#include "observations/batch.hpp"

#include "core/error.hpp"

namespace starling::observations {

void Batch::resize(Index size) {
  const auto count = static_cast<std::size_t>(size);
  location.resize(count);
  component.assign(count, 0);
  kind.assign(count, Kind::state);
  extent.assign(count, 0);
  sensor.assign(count, -1);
  value.resize(count);
  variance.resize(count);
  blocks.clear();
  covariance.clear();
}

void Batch::reserve(Index size) {
  const auto count = static_cast<std::size_t>(size);
  location.reserve(count);
  component.reserve(count);
  kind.reserve(count);
  extent.reserve(count);
  sensor.reserve(count);
  value.reserve(count);
  variance.reserve(count);
}

void Batch::select(const std::vector<char>& keep) {
  STARLING_ASSERT(keep.size() >= value.size());
  // Blocks first, while observations still have their old numbers.
  std::size_t entry = 0, block = 0;
  Index before = 0, next = 0;  // observations kept of [0, next)
  const auto count_to = [&](Index end) {
    for (; next < end; ++next) before += keep[static_cast<std::size_t>(next)] != 0 ? 1 : 0;
    return before;
  };
  for (const ErrorBlock old : blocks) {
    ErrorBlock left{count_to(old.first), 0, static_cast<Index>(entry)};
    const auto kept = [&](Index i) { return keep[static_cast<std::size_t>(old.first + i)] != 0; };
    for (Index i = 0; i < old.count; ++i)
      for (Index k = 0; kept(i) && k < old.count; ++k)
        if (kept(k))
          covariance[entry++] =
              covariance[static_cast<std::size_t>(old.offset + i * old.count + k)];
    left.count = count_to(old.first + old.count) - left.first;
    if (left.count > 0) blocks[block++] = left;
  }
  blocks.resize(block);
  covariance.resize(entry);

  std::size_t to = 0;
  for (std::size_t from = 0; from < value.size(); ++from) {
    if (keep[from] == 0) continue;
    location[to] = location[from];
    component[to] = component[from];
    kind[to] = kind[from];
    extent[to] = extent[from];
    sensor[to] = sensor[from];
    value[to] = value[from];
    variance[to] = variance[from];
    ++to;
  }
  location.resize(to);
  component.resize(to);
  kind.resize(to);
  extent.resize(to);
  sensor.resize(to);
  value.resize(to);
  variance.resize(to);
}

void require_inside(const Batch& batch, const Domain& domain, const std::string& source) {
  const auto components = static_cast<Index>(domain.components().size());
  for (Index j = 0; j < batch.size(); ++j) {
    const Point& place = batch.location[static_cast<std::size_t>(j)];
    const Index component = batch.component[static_cast<std::size_t>(j)];
    if (!domain.contains(place))
      throw InputError(fmt::format(
          "{}: observation {} at time {}: location = {} is outside the domain; allowed: {}", source,
          batch.first + j, batch.time, shown(place, domain.dimensions()), domain.allowed()));
    if (component < 0 || component >= components)
      throw InputError(fmt::format("{}: observation {} at time {}: component = {}; allowed: {}",
                                   source, batch.first + j, batch.time, component,
                                   allowed_components(domain)));
  }
}

std::string allowed_components(const Domain& domain) {
  std::string list;
  for (std::size_t c = 0; c < domain.components().size(); ++c)
    list += fmt::format("{}{} ({})", c > 0 ? ", " : "", c, domain.components()[c].name);
  return list;
}

}  // namespace starling::observations
