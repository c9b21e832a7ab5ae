// SPDX-License-Identifier: BSD-3-Clause
#include "observations/batch.hpp"

#include "core/error.hpp"

namespace starling::observations {

void Batch::resize(Index size) {
  const auto count = static_cast<std::size_t>(size);
  location.resize(count);
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
    kind[to] = kind[from];
    extent[to] = extent[from];
    sensor[to] = sensor[from];
    value[to] = value[from];
    variance[to] = variance[from];
    ++to;
  }
  location.resize(to);
  kind.resize(to);
  extent.resize(to);
  sensor.resize(to);
  value.resize(to);
  variance.resize(to);
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
