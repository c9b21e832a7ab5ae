// SPDX-License-Identifier: BSD-3-Clause
#include "filters/stochastic_enkf.hpp"

#include "core/error.hpp"
#include "linalg/dense.hpp"

namespace starling::filters {

StochasticEnkf::StochasticEnkf(const FilterContext& context, const Options& options)
    : members_(context.members),
      space_(context, true),
      update_(context.members, options.inflation),
      denominator_(context.members, context.members) {
  require(options.inflation > 0, "inflation is {}; allowed: above 0", options.inflation);
}

Report StochasticEnkf::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  space_.project(analysis);
  for (Index m = 0; m < members_; ++m) {
    const Real* gram = space_.gram().row(m);
    const Real* perturbation = space_.perturbation(m);
    Real* deviation = update_.deviation().row(m);
    for (Index k = 0; k < members_; ++k) {
      deviation[k] = space_.innovation()[k] - gram[k] + perturbation[k];
      denominator_(m, k) = gram[k];
    }
    denominator_(m, m) += static_cast<Real>(members_ - 1);
  }
  linalg::divide_by_positive(update_.deviation(), denominator_);
  update_.apply(analysis.ensemble);
  return {update_.inflation()};
}

FilterEntry StochasticEnkf::entry() {
  return {"enkf",
          "ensemble Kalman filter with perturbed observations, global",
          "burgers1998",
          {Key::real("inflation", "factor on the analysis anomalies (not on the variance)")
               .above(0)
               .otherwise(Value(1.0))},
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<StochasticEnkf>(context, Options{section.real("inflation")});
          }};
}

}  // namespace starling::filters
