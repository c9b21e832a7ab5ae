// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/wasserstein.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::datasets {

Real wasserstein1(const std::vector<float>& sorted, const std::vector<float>& other) {
  require(!sorted.empty() && !other.empty(), "a distribution of no values; allowed: some");
  STARLING_ASSERT(std::is_sorted(sorted.begin(), sorted.end()) &&
                  std::is_sorted(other.begin(), other.end()));
  const auto n = static_cast<Real>(sorted.size()), m = static_cast<Real>(other.size());
  std::size_t i = 0, j = 0;
  auto before = static_cast<Real>(std::min(sorted[0], other[0]));
  Real area = 0;
  // From one value of either sample to the next, both functions are constant.
  while (i < sorted.size() || j < other.size()) {
    const bool first = j == other.size() || (i < sorted.size() && sorted[i] <= other[j]);
    const auto x = static_cast<Real>(first ? sorted[i] : other[j]);
    area += (x - before) * std::abs(static_cast<Real>(i) / n - static_cast<Real>(j) / m);
    before = x;
    ++(first ? i : j);
  }
  return area;
}

}  // namespace starling::datasets
