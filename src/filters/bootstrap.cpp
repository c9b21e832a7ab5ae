// SPDX-License-Identifier: BSD-3-Clause
#include "filters/bootstrap.hpp"

#include "filters/likelihood.hpp"

namespace starling::filters {

Bootstrap::Bootstrap(const ParticleContext& context, const Selection::Options& options)
    : context_(context), weights_(context.comm, context.owned), selection_(context, options) {}

Report Bootstrap::weigh(const ParticleAnalysis& analysis) {
  Report report;
  if (width_of(analysis.observed) == 0) return report;
  const ObservationErrors errors = check(analysis, context_);
  if (!errors.informative) return report;
  for (Index i = 0; i < context_.owned.size(); ++i)
    analysis.log_weights[i] += log_likelihood(analysis, i);
  report.log_likelihood =
      weights_.renormalise(analysis.log_weights, analysis.cycle) + errors.log_scale;
  report.effective_size = weights_.effective_size(analysis.log_weights);
  return report;
}

void Bootstrap::resample(const ParticleAnalysis& analysis, Report& report) {
  selection_.apply(analysis, report);
}

FilterEntry Bootstrap::entry() {
  return {"bootstrap", "bootstrap particle filter: forecasts weighted by the likelihood",
          "gordon1993", Selection::schema(),
          [](const Section& section,
             const ParticleContext& context) -> std::unique_ptr<ParticleFilter> {
            return std::make_unique<Bootstrap>(context, Selection::options(section));
          }};
}

}  // namespace starling::filters
