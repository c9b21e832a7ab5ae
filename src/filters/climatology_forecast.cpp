// SPDX-License-Identifier: BSD-3-Clause
#include "filters/climatology_forecast.hpp"

#include "core/error.hpp"
#include "filters/static_gain.hpp"

#include <cmath>

namespace starling::filters {
namespace {

void deviations(std::vector<Real>& out, ConstRows roots) {
  const Index columns = width_of(roots);
  STARLING_ASSERT(columns <= static_cast<Index>(out.size()));
  std::fill(out.begin(), out.end(), 0.0);
  for (Index k = 0; k < rows_of(roots); ++k)
    for (Index j = 0; j < columns; ++j) out[j] += roots(k, j) * roots(k, j);
  for (Real& each : out) each = std::sqrt(each);
}

}  // namespace

ClimatologyForecast::ClimatologyForecast(const FilterContext& context)
    : deviation_(static_cast<std::size_t>(context.columns.size())),
      observed_deviation_(static_cast<std::size_t>(context.observations)) {
  require(context.climatology > 0,
          "filter.name: needs a climatology; allowed: with a section [climatology]");
}

Marginals ClimatologyForecast::background(const Analysis& analysis) {
  const StaticCovariance& climatology = climatology_of(analysis);
  deviations(deviation_, climatology.roots);
  deviations(observed_deviation_, climatology.observed_roots);
  return {climatology.mean, deviation_.data(), climatology.observed_mean,
          observed_deviation_.data()};
}

Marginals ClimatologyForecast::analysed(const Analysis& analysis) {
  return {climatology_of(analysis).mean, deviation_.data()};
}

FilterEntry ClimatologyForecast::entry() {
  return {"climatology",
          "climatological mean and spread, whatever is observed; needs [climatology]",
          "",
          {},
          [](const Section&, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<ClimatologyForecast>(context);
          }};
}

}  // namespace starling::filters
