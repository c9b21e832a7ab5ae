// SPDX-License-Identifier: BSD-3-Clause
#include "filters/denkf.hpp"

#include "filters/etkf.hpp"
#include "linalg/dense.hpp"

#include <algorithm>

namespace starling::filters {

Denkf::Denkf(const FilterContext& context, const Options& options)
    : GlobalFilter(context, options.inflation, options.rotation),
      solution_(context.members + 1, context.members) {}

void Denkf::transform(Index, Report&) {
  linalg::Matrix& gram = space().gram();
  linalg::Matrix& denominator = update().deviation();
  for (Index m = 0; m < members(); ++m) {
    for (Index k = 0; k < members(); ++k) {
      solution_(m, k) = -0.5 * gram(m, k);
      denominator(m, k) = gram(m, k);
    }
    denominator(m, m) += static_cast<Real>(members() - 1);
  }
  std::copy_n(space().innovation(), members(), solution_.row(members()));
  linalg::divide_by_positive(solution_, denominator);
  for (Index m = 0; m < members(); ++m)
    std::copy_n(solution_.row(m), members(), update().deviation().row(m));
  std::copy_n(solution_.row(members()), members(), update().shift().begin());
}

FilterEntry Denkf::entry() {
  return {"denkf", "deterministic ensemble Kalman filter, half the gain on the anomalies, global",
          "sakov2008", InflationSettings::schema() + Schema{rotation_key()},
          [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
            return std::make_unique<Denkf>(
                context, Options{InflationSettings::from(section), section.boolean("rotation")});
          }};
}

}  // namespace starling::filters
