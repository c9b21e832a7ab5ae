// SPDX-License-Identifier: BSD-3-Clause
#include "filters/bootstrap.hpp"

#include "filters/likelihood.hpp"

namespace starling::filters {

Bootstrap::Bootstrap(const ParticleContext& context, const Selection::Options& options)
    : context_(context), weights_(context.comm, context.owned), selection_(context, options) {}

Report Bootstrap::weigh(const ParticleAnalysis& analysis) {
  return weigh_by_likelihood(analysis, context_, weights_);
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
