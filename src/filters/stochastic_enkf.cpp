// SPDX-License-Identifier: BSD-3-Clause
#include "filters/stochastic_enkf.hpp"

#include "linalg/dense.hpp"

namespace starling::filters {

StochasticEnkf::StochasticEnkf(const FilterContext& context, const Options& options)
    : GlobalFilter(context, options.inflation, false, true),
      denominator_(context.members, context.members) {}

void StochasticEnkf::transform(Index, Report&) {
  for (Index m = 0; m < members(); ++m) {
    const Real* gram = space().gram().row(m);
    const Real* perturbation = space().perturbation(m);
    Real* deviation = update().deviation().row(m);
    for (Index k = 0; k < members(); ++k) {
      deviation[k] = space().innovation()[k] - gram[k] + perturbation[k];
      denominator_(m, k) = gram[k];
    }
    denominator_(m, m) += static_cast<Real>(members() - 1);
  }
  linalg::divide_by_positive(update().deviation(), denominator_);
}

FilterEntry StochasticEnkf::entry() {
  return {"enkf", "ensemble Kalman filter with perturbed observations, global", "burgers1998",
          InflationSettings::schema(),
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<StochasticEnkf>(context,
                                                    Options{InflationSettings::from(section)});
          }};
}

}  // namespace starling::filters
