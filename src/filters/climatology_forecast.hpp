// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "filters/entry.hpp"
#include "filters/gaussian_filter.hpp"

#include <vector>

namespace starling::filters {

/// The climatological mean, with the climatological spread, whatever is observed: what must be
/// beaten. The one member runs free. Cost: rank (n + p) / ranks.
class ClimatologyForecast : public GaussianFilter {
 public:
  /// Throws InputError without a climatology.
  explicit ClimatologyForecast(const FilterContext& context);

  Report analyse(const Analysis&) override { return {}; }
  bool uses_climatology() const override { return true; }
  Marginals background(const Analysis& analysis) override;
  Marginals analysed(const Analysis& analysis) override;
  static FilterEntry entry();

 private:
  std::vector<Real> deviation_, observed_deviation_;
};

}  // namespace starling::filters
