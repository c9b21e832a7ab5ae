// SPDX-License-Identifier: BSD-3-Clause
#include "filters/global_filter.hpp"

namespace starling::filters {

GlobalFilter::GlobalFilter(const FilterContext& context, const InflationSettings& inflation,
                           bool rotation, bool perturbed)
    : members_(context.members),
      space_(context, perturbed),
      update_(context, inflation, rotation) {}

Report GlobalFilter::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  space_.project(analysis);
  update_.inflation().begin(analysis);
  space_.inflate(update_.inflation().background());
  Report report{update_.inflation().reported()};
  transform(analysis.cycle, report);
  update_.apply(analysis);
  return report;
}

// D, the products and what solves them: about six matrices.
Real GlobalFilter::bytes() const {
  const auto n = static_cast<Real>(members_);
  return 8 * (6 * n * n + static_cast<Real>(observation_block) * n);
}

}  // namespace starling::filters
