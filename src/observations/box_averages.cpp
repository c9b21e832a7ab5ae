// SPDX-License-Identifier: BSD-3-Clause
#include "observations/box_averages.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::observations {

void BoxAverages::clear() {
  means_.clear();
  weights_.clear();
}

void BoxAverages::add(const Batch& batch, Index j, const std::string& source) {
  const auto at = static_cast<std::size_t>(j);
  const Real x = batch.location[at], width = batch.extent[at];
  const auto fail = [&](const char* what, const std::string& allowed) {
    throw InputError(fmt::format("{}: observation {} at time {}: extent = {} {}; allowed: {}",
                                 source, batch.first + j, batch.time, width, what, allowed));
  };
  if (!(width > 0) || !std::isfinite(width)) fail("is no width", "a finite number > 0");
  const Real slack = 1e-12 * domain_.axis().length();
  if (domain_.axis().periodic && width > domain_.axis().length() + slack)
    fail("is more than the domain", fmt::format("at most {}", domain_.axis().length()));
  const Real low = x - width / 2, high = x + width / 2;
  if (!domain_.axis().periodic &&
      (low < domain_.axis().origin - slack ||
       high > domain_.axis().coordinate(domain_.axis().points - 1) + slack))
    fail(fmt::format("around {} leaves the domain", x).c_str(),
         "a box within " + domain_.allowed());

  // In units of the spacing, from grid point to grid point.
  Real begin = (low - domain_.axis().origin) / domain_.axis().spacing;
  Real end = (high - domain_.axis().origin) / domain_.axis().spacing;
  if (!domain_.axis().periodic) {
    begin = std::max<Real>(begin, 0);
    end = std::min(end, static_cast<Real>(domain_.axis().points - 1));
  }
  const auto first = static_cast<Index>(std::floor(begin));
  const auto last = std::max(static_cast<Index>(std::ceil(end)), first + 1);
  const auto from = static_cast<Index>(weights_.size());
  weights_.resize(weights_.size() + static_cast<std::size_t>(last - first + 1));
  Real* weight = weights_.data() + from;
  std::fill_n(weight, last - first + 1, 0.0);
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
  means_.push_back({j, first, from, last - first + 1});
}

void BoxAverages::apply(Rows out, ConstRows members) const {
  const Index points = domain_.axis().points, size = width_of(out);
  for (Index r = 0; r < rows_of(members); ++r) {
    const Real* u = members.data() + r * width_of(members);
    Real* y = out.data() + r * size;
    for (const Mean& mean : means_) {
      const Real* weight = weights_.data() + mean.weights;
      Index point = mean.first_point;
      if (domain_.axis().periodic) point = ((point % points) + points) % points;
      Real sum = 0;
      for (Index i = 0; i < mean.count; ++i) {
        // The last point of a box that ends at the last of a bounded domain has weight 0 beyond it.
        if (point == points) point = domain_.axis().periodic ? 0 : points - 1;
        sum += weight[i] * u[point++];
      }
      y[mean.observation] = sum;
    }
  }
}

}  // namespace starling::observations
