// SPDX-License-Identifier: BSD-3-Clause
#include "ensemble/moments.hpp"

#include "core/kernel.hpp"

#include <algorithm>
#include <cmath>

namespace starling::ensemble {

void moments(Real* mean, Real* spread, ConstRows block) {
  const Index members = rows_of(block), columns = width_of(block);
  std::fill_n(mean, columns, 0.0);
  std::fill_n(spread, columns, 0.0);
  for (Index m = 0; m < members; ++m) {
    const Real* x = block.data() + m * columns;
    for_each("moments::sum", columns, [=](Index j) { mean[j] += x[j]; });
  }
  const Real count = static_cast<Real>(members);
  for_each("moments::mean", columns, [=](Index j) { mean[j] /= count; });
  if (members < 2) return;
  for (Index m = 0; m < members; ++m) {
    const Real* x = block.data() + m * columns;
    for_each("moments::squares", columns,
             [=](Index j) { spread[j] += (x[j] - mean[j]) * (x[j] - mean[j]); });
  }
  for_each("moments::spread", columns,
           [=](Index j) { spread[j] = std::sqrt(spread[j] / (count - 1)); });
}

}  // namespace starling::ensemble
