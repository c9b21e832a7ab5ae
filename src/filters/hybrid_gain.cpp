// SPDX-License-Identifier: BSD-3-Clause
#include "filters/hybrid_gain.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::filters {

HybridGain::HybridGain(const FilterContext& context, const Options& options)
    : members_(context.members),
      weight_(options.weight),
      ensemble_(context, options.ensemble),
      gain_(context, options.background_factor),
      observed_("hybrid_gain::observed",
                static_cast<std::size_t>(context.members * context.observations)),
      observed_mean_(static_cast<std::size_t>(context.observations)),
      increment_(static_cast<std::size_t>(context.columns.size())) {
  require(options.weight >= 0 && options.weight <= 1, "weight is {}; allowed: 0 to 1",
          options.weight);
}

Report HybridGain::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  // What is observed of the members is transformed as they are.
  const Index observations = width_of(analysis.observed), columns = width_of(analysis.ensemble);
  const Rows observed = make_rows(observed_.data(), members_, observations);
  std::copy_n(analysis.observed.data(), members_ * observations, observed_.data());
  Analysis transform = analysis;
  transform.past = {&observed, 1};
  const Report report = ensemble_.analyse(transform);

  std::fill(observed_mean_.begin(), observed_mean_.end(), 0.0);
  for (Index m = 0; m < members_; ++m)
    for (Index i = 0; i < observations; ++i)
      observed_mean_[static_cast<std::size_t>(i)] += observed.data()[m * observations + i];
  for (Real& each : observed_mean_) each /= static_cast<Real>(members_);
  gain_.solve(analysis, observed_mean_.data());
  std::fill(increment_.begin(), increment_.end(), 0.0);
  gain_.add_increment(increment_.data(), climatology_of(analysis), weight_);
  for (Index m = 0; m < members_; ++m)
    for (Index j = 0; j < columns; ++j)
      analysis.ensemble.data()[m * columns + j] += increment_[static_cast<std::size_t>(j)];
  return report;
}

Real HybridGain::bytes() const {
  return ensemble_.bytes() + gain_.bytes() + 8 * static_cast<Real>(observed_.extent(0));
}

FilterEntry HybridGain::entry() {
  return {"hybrid_gain", "ETKF whose mean a static covariance moves further; needs [climatology]",
          "penny2014",
          InflationSettings::schema() +
              Schema{rotation_key(),
                     Key::real("weight", "of the static gain, 0 to 1; 0: the ETKF")
                         .at_least(0)
                         .at_most(1)
                         .otherwise(0.5),
                     Key::real("background_factor", "on the climatological covariance")
                         .above(0)
                         .otherwise(1.0)},
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<HybridGain>(
                context, Options{.ensemble = {.inflation = InflationSettings::from(section),
                                              .rotation = section.boolean("rotation")},
                                 .weight = section.real("weight"),
                                 .background_factor = section.real("background_factor")});
          }};
}

}  // namespace starling::filters
