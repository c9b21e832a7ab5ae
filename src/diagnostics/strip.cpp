// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/strip.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <experimental/simd>

namespace starling::diagnostics {
namespace {

// Written out: gcc turns the plain loop into moves through memory that stall on AVX2 (5 x slower).
namespace simd = std::experimental;
using Vector = simd::native_simd<Real>;
constexpr Index width = static_cast<Index>(Vector::size());

static_assert(dof_block == 8, "sum(Lanes) is written for 8 lanes");
static_assert(dof_block % width == 0);

using Exchanges = std::vector<std::pair<std::uint16_t, std::uint16_t>>;

// knuth1998, 5.2.2, algorithm M, for any number of elements.
Exchanges merge_exchange(Index count) {
  Exchanges exchanges;
  Index top = 1;
  while (2 * top < count) top *= 2;
  for (Index p = top; p > 0; p /= 2) {
    Index q = top, r = 0, d = p;
    while (true) {
      for (Index i = 0; i + d < count; ++i)
        if ((i & p) == r) exchanges.emplace_back(i, i + d);
      if (q == p) break;
      d = q - p;
      q /= 2;
      r = p;
    }
  }
  return exchanges;
}

}  // namespace

Strip::Strip(Index members) : members_(members), rows_(static_cast<std::size_t>(members)) {
  if (members <= network_limit) {
    exchanges_ = merge_exchange(members);
  } else {
    column_.resize(static_cast<std::size_t>(members));
  }
}

void Strip::load(ConstRows ensemble, Index first, Index columns) {
  const Index stride = width_of(ensemble);
  STARLING_ASSERT(rows_of(ensemble) == members_ && first < columns && columns <= stride);
  const Real* from = ensemble.data() + first;
  if (first + dof_block <= columns) {
    for (Index j = 0; j < members_; ++j, from += stride)
      for (Index l = 0; l < dof_block; ++l) rows_[static_cast<std::size_t>(j)][l] = from[l];
  } else {
    for (Index j = 0; j < members_; ++j, from += stride)
      for (Index l = 0; l < columns - first; ++l) rows_[static_cast<std::size_t>(j)][l] = from[l];
    for (Lanes& row : rows_) std::fill(row.at.begin() + (columns - first), row.at.end(), 0.0);
  }
}

void Strip::sort() {
  if (members_ <= network_limit) {
    for (const auto& [low, high] : exchanges_) {
      Real* a = rows_[low].at.data();
      Real* b = rows_[high].at.data();
      for (Index l = 0; l < dof_block; l += width) {
        const Vector x(a + l, simd::vector_aligned), y(b + l, simd::vector_aligned);
        simd::min(x, y).copy_to(a + l, simd::vector_aligned);
        simd::max(x, y).copy_to(b + l, simd::vector_aligned);
      }
    }
    return;
  }
  for (Index l = 0; l < dof_block; ++l) {
    for (Index j = 0; j < members_; ++j)
      column_[static_cast<std::size_t>(j)] = rows_[static_cast<std::size_t>(j)][l];
    // std::sort must not see a NaN.
    if (std::any_of(column_.begin(), column_.end(), [](Real x) { return std::isnan(x); })) continue;
    std::sort(column_.begin(), column_.end());
    for (Index j = 0; j < members_; ++j)
      rows_[static_cast<std::size_t>(j)][l] = column_[static_cast<std::size_t>(j)];
  }
}

Lanes load_lanes(const Real* row, Index columns, Index first) {
  Lanes lanes;
  const Index count = std::min(dof_block, columns - first);
  for (Index l = 0; l < count; ++l) lanes[l] = row[first + l];
  return lanes;
}

}  // namespace starling::diagnostics
