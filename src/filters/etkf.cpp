// SPDX-License-Identifier: BSD-3-Clause
#include "filters/etkf.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {

Etkf::Etkf(const FilterContext& context, const Options& options)
    : members_(context.members),
      seed_(context.seed),
      rotates_(options.rotation),
      space_(context, false),
      eigen_(context.members),
      rotation_(context.members),
      update_(context.members, options.inflation),
      shrinkage_(static_cast<std::size_t>(context.members)),
      weights_(static_cast<std::size_t>(context.members)) {
  require(options.inflation > 0, "inflation is {}; allowed: above 0", options.inflation);
}

Report Etkf::analyse(const Analysis& analysis) {
  if (analysis.observations == 0) return {};
  space_.project(analysis);
  eigen_.solve(space_.gram());
  transform_anomalies(analysis.cycle);
  shift_mean();
  update_.apply(analysis.ensemble);
  return {update_.inflation()};
}

// T - I has eigenvalues (1 + s)^-1/2 - 1, s = l / (N - 1): written without a difference of nearly
// equal numbers.
void Etkf::transform_anomalies(Index cycle) {
  linalg::Matrix& deviation = update_.deviation();
  for (Index k = 0; k < members_; ++k) {
    const Real s = std::max(eigen_.values()[k], 0.0) / static_cast<Real>(members_ - 1);
    const Real root = std::sqrt(1 + s);
    shrinkage_[k] = -s / (root * (1 + root));
  }
  eigen_.function(deviation, shrinkage_.data());
  if (!rotates_) return;
  for (Index m = 0; m < members_; ++m) deviation(m, m) += 1;
  rotation_.rotate(deviation,
                   Stream(seed_, Purpose::rotation, 0, static_cast<std::uint64_t>(cycle)));
  for (Index m = 0; m < members_; ++m) deviation(m, m) -= 1;
}

// w = sum over k of v_k (v_k^T S d) / (N - 1 + l_k), added to every row.
void Etkf::shift_mean() {
  linalg::Matrix& deviation = update_.deviation();
  std::fill(weights_.begin(), weights_.end(), 0.0);
  for (Index k = 0; k < members_; ++k) {
    const Real* v = eigen_.vectors().row(k);
    Real along = 0;
    for (Index m = 0; m < members_; ++m) along += v[m] * space_.innovation()[m];
    along /= static_cast<Real>(members_ - 1) + std::max(eigen_.values()[k], 0.0);
    for (Index m = 0; m < members_; ++m) weights_[m] += along * v[m];
  }
  for (Index m = 0; m < members_; ++m) {
    Real* row = deviation.row(m);
    for (Index k = 0; k < members_; ++k) row[k] += weights_[k];
  }
}

FilterEntry Etkf::entry() {
  return {"etkf",
          "ensemble transform Kalman filter, symmetric square root, global",
          "bishop2001",
          {Key::real("inflation", "factor on the analysis anomalies (not on the variance)")
               .above(0)
               .otherwise(Value(1.0)),
           Key::boolean("rotation", "rotate the analysis anomalies at random, keeping the mean")
               .otherwise(Value(false))},
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<Etkf>(
                context, Options{section.real("inflation"), section.boolean("rotation")});
          }};
}

}  // namespace starling::filters
