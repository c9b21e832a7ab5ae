// SPDX-License-Identifier: BSD-3-Clause
#include "filters/enkf_n.hpp"

#include "core/error.hpp"
#include "filters/etkf.hpp"

#include <algorithm>
#include <cmath>

namespace starling::filters {

EnkfN::EnkfN(const FilterContext& context, const Options& options)
    : GlobalFilter(context, options.inflation, options.rotation),
      options_(options),
      eigen_(context.members),
      values_(static_cast<std::size_t>(context.members)),
      along_(values_.size()),
      squares_(values_.size()),
      shrinkage_(values_.size()) {
  require(options.certainty > 0, "xN is {}; allowed: above 0", options.certainty);
  require(options.nullity >= 0, "g is {}; allowed: at least 0", options.nullity);
}

// With w^T w = sum of squares (λ / (λ l + N - 1))² a stationary point of either cost has
// λ = (ε + w^T w) / c. Its right side grows with λ: from below, repeating it climbs to the least
// solution (primal); the dual is Newton's method from λ = 1, kept within the bracket found so far.
EnkfN::Estimate EnkfN::estimate(const Real* l, const Real* squares, Index members,
                                const Options& options) {
  constexpr Index attempts = 200;
  constexpr Real tolerance = 1e-12;
  const Real n = static_cast<Real>(members), degrees = n - 1;
  // Nothing is observed.
  if (std::all_of(l, l + members, [](Real value) { return value == 0; })) return {1, 0};
  Real prior_weight = 0;
  for (Index k = 0; k < members; ++k) prior_weight += degrees / (l[k] + degrees) / n;
  const Real unknown_mean = (n + 1) / n, logarithm = (n + options.nullity) / degrees;
  const Real correction = std::sqrt(std::pow(unknown_mean / logarithm, prior_weight));
  const Real epsilon = options.certainty * unknown_mean / correction;
  const Real c = options.certainty * logarithm * correction;

  const auto next = [&](Real lambda, Real& slope) {
    Real sum = epsilon;
    slope = 0;
    for (Index k = 0; k < members; ++k) {
      const Real denominator = lambda * l[k] + degrees, weight = lambda / denominator;
      sum += squares[k] * weight * weight;
      slope += 2 * squares[k] * weight * degrees / (denominator * denominator);
    }
    slope /= c;
    return sum / c;
  };
  Real lambda = options.dual ? 1 : epsilon / c, slope = 0;
  Real low = 0, high = INFINITY;
  for (Index i = 1; i <= attempts; ++i) {
    const Real better = next(lambda, slope);
    Real target = better;
    if (options.dual) {
      (better > lambda ? low : high) = lambda;
      target = lambda + (better - lambda) / (1 - slope);
      if (!(target > low && target < high))
        target = std::isinf(high) ? 2 * lambda : (low + high) / 2;
    }
    const Real change = std::abs(target - lambda);
    lambda = target;
    if (change <= tolerance * lambda) return {lambda, i};
  }
  return {lambda, attempts};
}

void EnkfN::transform(Index, Report& report) {
  const auto degrees = static_cast<Real>(members() - 1);
  eigen_.solve(space().gram());
  for (Index k = 0; k < members(); ++k) {
    const Real* v = eigen_.vectors().row(k);
    values_[k] = std::max(eigen_.values()[k], 0.0);
    along_[k] = 0;
    for (Index m = 0; m < members(); ++m) along_[k] += v[m] * space().innovation()[m];
    squares_[k] = along_[k] * along_[k];
  }
  const auto [lambda, iterations] = estimate(values_.data(), squares_.data(), members(), options_);
  const Real factor = std::sqrt(lambda);
  report.inflation *= factor;
  report.iterations = static_cast<Real>(iterations);

  // The ETKF of the inflated background, as a change of the background.
  for (Index k = 0; k < members(); ++k) {
    const Real l = lambda * values_[k], root = std::sqrt(1 + l / degrees);
    shrinkage_[k] = (factor - 1) - factor * (l / degrees / (root * (1 + root)));
    const Real weight = lambda * along_[k] / (degrees + l);
    const Real* v = eigen_.vectors().row(k);
    for (Index m = 0; m < members(); ++m) update().shift()[m] += weight * v[m];
  }
  eigen_.function(update().deviation(), shrinkage_.data());
}

FilterEntry EnkfN::entry() {
  return {
      "enkf_n", "finite-size ensemble Kalman filter (EnKF-N): finds its inflation itself, global",
      "bocquet2015",
      Schema{Key::real("xN",
                       "certainty of the prior of the inflation, as a multiple of that of the "
                       "ensemble: 1 for chaotic, above 1 for nearly linear dynamics")
                 .above(0)
                 .otherwise(1.0),
             Key::real("g", "directions in which the anomalies vanish, in the prior")
                 .at_least(0)
                 .otherwise(0.0),
             Key::text("form", "of the cost that is minimised")
                 .one_of({"dual", "primal"})
                 .otherwise("dual")} +
          InflationSettings::schema() + Schema{rotation_key()},
      [](const Section& section, const FilterContext& context) -> std::unique_ptr<Filter> {
        return std::make_unique<EnkfN>(
            context, Options{section.real("xN"), section.real("g"), section.text("form") == "dual",
                             InflationSettings::from(section), section.boolean("rotation")});
      }};
}

}  // namespace starling::filters
