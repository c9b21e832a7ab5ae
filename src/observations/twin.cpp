// SPDX-License-Identifier: BSD-3-Clause
#include "observations/twin.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <cmath>
#include <utility>

namespace starling::observations {

Schema Twin::schema() {
  return Network::schema() +
         Schema{Key::real("error_std",
                          "standard deviation of the observation errors [units of the field]")
                    .above(0)};
}

Twin::Twin(const Section& section, const Domain& domain, std::uint64_t seed)
    : Twin(Network(section, domain, seed), section.real("error_std"), seed) {}

Twin::Twin(Network network, Real error_std, std::uint64_t seed)
    : network_(std::move(network)), error_std_(error_std), seed_(seed) {
  require(error_std > 0 && std::isfinite(error_std),
          "observations with errors of standard deviation {}; allowed: > 0", error_std);
}

void Twin::observe(Batch& out, const Real* truth, Index n, Real time) {
  const std::vector<Index>& points = network_.points(n);
  const Domain& domain = network_.domain();
  out.time = time;
  out.first = n * size();
  out.resize(size());
  const Stream noise(seed_, Purpose::observation_noise, 0, static_cast<std::uint64_t>(n));
  noise.normals(out.value.data(), size());
  for (std::size_t j = 0; j < points.size(); ++j) {
    out.location[j] = domain.coordinate(points[j]);
    out.kind[j] = Kind::state;
    out.value[j] = truth[points[j]] + error_std_ * out.value[j];
    out.variance[j] = error_std_ * error_std_;
  }
}

}  // namespace starling::observations
