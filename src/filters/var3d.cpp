// SPDX-License-Identifier: BSD-3-Clause
#include "filters/var3d.hpp"

#include "core/error.hpp"

namespace starling::filters {

Var3d::Var3d(const FilterContext& context, Real background_factor)
    : gain_(context, background_factor),
      deviation_(static_cast<std::size_t>(context.columns.size())),
      observed_deviation_(static_cast<std::size_t>(context.observations)) {
  require(context.members == 1, "ensemble.members: 3D-Var has one state, not {}; allowed: 1",
          context.members);
}

Report Var3d::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  gain_.solve(analysis, analysis.observed.data());
  gain_.add_increment(analysis.ensemble.data(), climatology_of(analysis));
  return {};
}

Marginals Var3d::background(const Analysis& analysis) {
  const StaticCovariance& climatology = climatology_of(analysis);
  gain_.prior(deviation_.data(), climatology.roots);
  gain_.prior(observed_deviation_.data(), climatology.observed_roots);
  return {analysis.ensemble.data(), deviation_.data(), analysis.observed.data(),
          observed_deviation_.data()};
}

Marginals Var3d::analysed(const Analysis& analysis) {
  if (analysis.observations > 0) gain_.posterior(deviation_.data(), climatology_of(analysis).roots);
  return {analysis.ensemble.data(), deviation_.data()};
}

FilterEntry Var3d::entry() {
  return {
      "var3d",
      "3D-Var in closed form, a factor times the climatological covariance; one member; needs "
      "[climatology]",
      "lorenc1986",
      {Key::real("background_factor", "on the climatological covariance").above(0).otherwise(1.0)},
      [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
        return std::make_unique<Var3d>(context, section.real("background_factor"));
      }};
}

}  // namespace starling::filters
