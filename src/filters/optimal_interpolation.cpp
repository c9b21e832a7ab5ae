// SPDX-License-Identifier: BSD-3-Clause
#include "filters/optimal_interpolation.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::filters {

OptimalInterpolation::OptimalInterpolation(const FilterContext& context)
    : gain_(context, 1),
      deviation_(static_cast<std::size_t>(context.columns.size())),
      observed_deviation_(static_cast<std::size_t>(context.observations)) {
  require(context.members == 1,
          "ensemble.members: optimal interpolation has one state, not {}; allowed: 1",
          context.members);
}

Report OptimalInterpolation::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  const StaticCovariance& climatology = climatology_of(analysis);
  gain_.solve(analysis, climatology.observed_mean);
  std::copy_n(climatology.mean, width_of(analysis.ensemble), analysis.ensemble.data());
  gain_.add_increment(analysis.ensemble.data(), climatology);
  return {};
}

Marginals OptimalInterpolation::background(const Analysis& analysis) {
  const StaticCovariance& climatology = climatology_of(analysis);
  gain_.prior(deviation_.data(), climatology.roots);
  gain_.prior(observed_deviation_.data(), climatology.observed_roots);
  return {climatology.mean, deviation_.data(), climatology.observed_mean,
          observed_deviation_.data()};
}

Marginals OptimalInterpolation::analysed(const Analysis& analysis) {
  const StaticCovariance& climatology = climatology_of(analysis);
  if (analysis.observations == 0) return {climatology.mean, deviation_.data()};
  gain_.posterior(deviation_.data(), climatology.roots);
  return {analysis.ensemble.data(), deviation_.data()};
}

FilterEntry OptimalInterpolation::entry() {
  return {"optimal_interpolation",
          "each analysis from the climatology alone; one member; needs [climatology]",
          "gandin1965",
          {},
          [](const Section&, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<OptimalInterpolation>(context);
          }};
}

}  // namespace starling::filters
