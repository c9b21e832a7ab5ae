// SPDX-License-Identifier: BSD-3-Clause
#include "filters/annealing.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {

const Schema& Annealing::schema() {
  static const Schema keys = {
      Key::text("annealing", "resample by weights to the power 1 / temperature")
          .one_of({"none", "effective_size", "entropy", "linear", "adjusted"})
          .otherwise("none"),
      Key::integer("annealing_cycles",
                   "T of effective_size, entropy and linear: half of these analyses are annealed")
          .at_least(0)
          .otherwise(0),
      Key::real("tau_max", "largest temperature of effective_size, entropy and linear")
          .at_least(1)
          .otherwise(2.0),
      Key::real("alpha", "adjusted: effective size to reach, as a fraction of the particles")
          .at_least(0)
          .at_most(1)
          .otherwise(0.0),
      Key::text("correct",
                "what annealing leaves of the weights stays with the offspring (residual) or is "
                "dropped (none)")
          .one_of({"residual", "none"})
          .otherwise("residual"),
  };
  return keys;
}

Annealing::Kind Annealing::kind(const std::string& name) {
  if (name == "effective_size") return Kind::effective_size;
  if (name == "entropy") return Kind::entropy;
  if (name == "linear") return Kind::linear;
  return name == "adjusted" ? Kind::adjusted : Kind::none;
}

Annealing::Annealing(const Section& section)
    : kind_(kind(section.text("annealing"))),
      cycles_(section.integer("annealing_cycles")),
      tau_max_(section.real("tau_max")),
      alpha_(section.real("alpha")),
      residual_(section.text("correct") == "residual") {
  const bool timed = kind_ != Kind::none && kind_ != Kind::adjusted;
  if (timed && cycles_ == 0)
    section.fail("annealing_cycles", "this kind of annealing cools in time", "at least 1");
  if (kind_ == Kind::adjusted && alpha_ == 0) section.fail("alpha", "0 adjusts nothing", "above 0");
}

Real Annealing::temperature(ParticleWeights& weights, const Real* log_weights, Real effective_size,
                            Index particles, Index cycle) const {
  if (kind_ == Kind::none) return 1;
  const auto n = static_cast<Real>(particles);
  if (kind_ == Kind::adjusted) {
    // With all weights finite the effective size tends to N; where some vanish, to fewer.
    constexpr int steps = 10000;
    int step = 0;
    while (step < steps && weights.tempered_size(log_weights, 1 + 0.2 * step) < alpha_ * n) ++step;
    return 1 + 0.2 * step;
  }
  const Real time = static_cast<Real>(cycle + 1) / static_cast<Real>(cycles_);
  if (effective_size >= n / 2 || time >= 0.5) return 1;
  Real tau = 2 - time;
  if (kind_ == Kind::effective_size) tau = n / effective_size * (1 - time);
  if (kind_ == Kind::entropy) {
    const Real h = weights.entropy(log_weights) / std::log(n);
    tau = 1 / (h + (1 - h) * time);
  }
  return std::clamp(tau, 1.0, tau_max_);
}

}  // namespace starling::filters
