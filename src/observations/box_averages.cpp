// SPDX-License-Identifier: BSD-3-Clause
#include "observations/box_averages.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::observations {
namespace {

// The weights of the points of an axis in the mean from `low` to `high`.
void add_interval(ProductSums& sums, int d, const Axis& axis, Real low, Real high) {
  // In units of the spacing, from grid point to grid point.
  Real begin = (low - axis.origin) / axis.spacing;
  Real end = (high - axis.origin) / axis.spacing;
  if (!axis.periodic) {
    begin = std::max<Real>(begin, 0);
    end = std::min(end, static_cast<Real>(axis.points - 1));
  }
  const auto first = static_cast<Index>(std::floor(begin));
  const auto last = std::max(static_cast<Index>(std::ceil(end)), first + 1);
  // The last point of a box that ends at the last of a bounded domain has weight 0 beyond it.
  Real* weight = sums.weights(d, first, last - first + 1);
  for (Index cell = first; cell < last; ++cell) {
    // The integral of u_i + s (u_i+1 - u_i) from s = a to b.
    const Real a = std::max<Real>(begin - static_cast<Real>(cell), 0);
    const Real b = std::min<Real>(end - static_cast<Real>(cell), 1);
    if (b <= a) continue;
    const Real right = (b - a) * (a + b) / 2;
    weight[cell - first] += (b - a) - right;
    weight[cell - first + 1] += right;
  }
  for (Index i = 0; i <= last - first; ++i) weight[i] /= end - begin;
}

}  // namespace

void add_box_average(ProductSums& sums, const Domain& domain, const Batch& batch, Index j,
                     const std::string& source) {
  const auto at = static_cast<std::size_t>(j);
  const Point& centre = batch.location[at];
  const Real width = batch.extent[at];
  const auto fail = [&](const std::string& what, const std::string& allowed) {
    throw InputError(fmt::format("{}: observation {} at time {}: extent = {} {}; allowed: {}",
                                 source, batch.first + j, batch.time, width, what, allowed));
  };
  if (!(width > 0) || !std::isfinite(width)) fail("is no width", "a finite number > 0");
  for (int d = 0; d < domain.dimensions(); ++d) {
    const Axis& axis = domain.axis(d);
    const Real slack = 1e-12 * axis.length();
    if (axis.periodic && width > axis.length() + slack)
      fail("is more than the domain", fmt::format("at most {}", axis.length()));
    const Real low = centre[d] - width / 2, high = centre[d] + width / 2;
    if (!axis.periodic &&
        (low < axis.origin - slack || high > axis.coordinate(axis.points - 1) + slack))
      fail(fmt::format("around {} leaves the domain", shown(centre, domain.dimensions())),
           "a box within " + domain.allowed());
    add_interval(sums, d, axis, low, high);
  }
  sums.add(j, batch.component[at]);
}

}  // namespace starling::observations
