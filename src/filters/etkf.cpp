// SPDX-License-Identifier: BSD-3-Clause
#include "filters/etkf.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {

Key rotation_key() {
  return Key::boolean("rotation", "rotate the analysis anomalies at random, keeping the mean")
      .otherwise(false);
}

Etkf::Etkf(const FilterContext& context, const Options& options)
    : GlobalFilter(context, options.inflation, options.rotation),
      eigen_(context.members),
      shrinkage_(static_cast<std::size_t>(context.members)) {}

// T - I has eigenvalues (1 + s)^-1/2 - 1, s = l / (N - 1), written without a difference of nearly
// equal numbers; w = sum over k of v_k (v_k^T S d) / (N - 1 + l_k).
void Etkf::transform(Index, Report&) {
  const auto degrees = static_cast<Real>(members() - 1);
  eigen_.solve(space().gram());
  for (Index k = 0; k < members(); ++k) {
    const Real l = std::max(eigen_.values()[k], 0.0), root = std::sqrt(1 + l / degrees);
    shrinkage_[k] = -l / degrees / (root * (1 + root));
    const Real* v = eigen_.vectors().row(k);
    Real along = 0;
    for (Index m = 0; m < members(); ++m) along += v[m] * space().innovation()[m];
    along /= degrees + l;
    for (Index m = 0; m < members(); ++m) update().shift()[m] += along * v[m];
  }
  eigen_.function(update().deviation(), shrinkage_.data());
}

FilterEntry Etkf::entry() {
  return {"etkf", "ensemble transform Kalman filter, symmetric square root, global", "bishop2001",
          InflationSettings::schema() + Schema{rotation_key()},
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<Etkf>(
                context, Options{InflationSettings::from(section), section.boolean("rotation")});
          }};
}

}  // namespace starling::filters
