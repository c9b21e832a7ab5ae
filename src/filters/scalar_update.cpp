// SPDX-License-Identifier: BSD-3-Clause
#include "filters/scalar_update.hpp"

#include "core/random.hpp"

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace starling::filters {
namespace {

// Of the standard normal.
Real cumulative(Real z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }
Real quantile(Real p) { return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p); }
// Further out there is nothing to invert.
constexpr Real least_tail = 1e-290;

// The left tail, beyond `edge`, of a prior N(mean, s²), times the likelihood exp(-(x - d)²/2):
// again a Gaussian. A right tail is a left one in a mirror.
struct Tail {
  Real mean, deviation, inside, log_mass;  // `inside`: share of the Gaussian that is beyond `edge`

  Tail(Real edge, Real d, Real s, Real share) {
    const Real prior = edge - s * quantile(share), variance = s * s;
    deviation = s / std::sqrt(1 + variance);
    mean = (prior + variance * d) / (1 + variance);
    inside = cumulative((edge - mean) / deviation);
    log_mass = inside > least_tail ? -0.5 * (prior - d) * (prior - d) / (1 + variance) -
                                         0.5 * std::log1p(variance) + std::log(inside)
                                   : -std::numeric_limits<Real>::infinity();
  }
  // Where the share `p` of the tail's mass is to the left of.
  Real at(Real p, Real edge) const {
    const Real below = p * inside;
    return below > least_tail ? std::min(edge, mean + deviation * quantile(below)) : edge;
  }
};

}  // namespace

ScalarUpdate::ScalarUpdate(Rule rule, Index members, std::uint64_t seed)
    : rule_(rule),
      members_(members),
      seed_(seed),
      z_(static_cast<std::size_t>(members)),
      mass_(static_cast<std::size_t>(members + 1)),
      order_(static_cast<std::size_t>(members)) {}

bool ScalarUpdate::operator()(Real* step, const Real* y, Real d, Index index, Index cycle) {
  const Real degrees = static_cast<Real>(members_ - 1);
  Real s = 0;
  for (Index m = 0; m < members_; ++m) s += y[m] * y[m];
  if (!(s > 0)) return false;
  const Real all = s + degrees;
  switch (rule_) {
    case Rule::square_root: {
      const Real shrink = 1 / (std::sqrt(all) * (std::sqrt(all) + std::sqrt(degrees)));
      for (Index m = 0; m < members_; ++m) step[m] = d / all - shrink * y[m];
      break;
    }
    case Rule::stochastic:
      perturb(index, cycle);
      for (Index m = 0; m < members_; ++m) step[m] = (d + z_[m] - y[m]) / all;
      break;
    case Rule::rank_histogram: quantiles(step, y, d, s); break;
  }
  return true;
}

void ScalarUpdate::perturb(Index index, Index cycle) {
  const Real n = static_cast<Real>(members_), scale = std::sqrt(n / (n - 1));
  Real mean = 0;
  for (Index m = 0; m < members_; ++m) {
    z_[m] = Stream(seed_, Purpose::perturbed_observations, static_cast<std::uint64_t>(m),
                   static_cast<std::uint64_t>(cycle))
                .normal(static_cast<std::uint64_t>(index));
    mean += z_[m];
  }
  mean /= n;
  for (Index m = 0; m < members_; ++m) z_[m] = (z_[m] - mean) * scale;
}

void ScalarUpdate::quantiles(Real* step, const Real* y, Real d, Real s) {
  const Index n = members_;
  const Real share = 1 / static_cast<Real>(n + 1);
  const Real deviation = std::sqrt(s / static_cast<Real>(n - 1));
  std::iota(order_.begin(), order_.end(), Index{0});
  std::sort(order_.begin(), order_.end(),
            [y](Index a, Index b) { return y[a] < y[b] || (y[a] == y[b] && a < b); });
  const Real first = y[order_.front()], last = y[order_.back()];
  const Tail left(first, d, deviation, share), right(-last, -d, deviation, share);

  // Masses of the N + 1 pieces, over the largest likelihood of any.
  Real largest = std::max(left.log_mass, right.log_mass);
  const auto log_likelihood = [&](Index i) {
    const Real distance = y[order_[i]] - d;
    return -0.5 * distance * distance;
  };
  for (Index i = 0; i < n; ++i) largest = std::max(largest, log_likelihood(i));
  mass_[0] = std::exp(left.log_mass - largest);
  mass_[n] = std::exp(right.log_mass - largest);
  Real before = std::exp(log_likelihood(0) - largest), total = mass_[0] + mass_[n];
  for (Index i = 1; i < n; ++i) {
    const Real here = std::exp(log_likelihood(i) - largest);
    mass_[i] = share * (before + here) / 2;
    total += mass_[i];
    before = here;
  }

  Real below = 0;  // mass to the left of the piece
  Index piece = 0;
  for (Index i = 0; i < n; ++i) {
    const Real wanted = static_cast<Real>(i + 1) * share * total;
    while (piece < n && below + mass_[piece] < wanted) below += mass_[piece++];
    const Real part = mass_[piece] > 0 ? std::clamp((wanted - below) / mass_[piece], 0.0, 1.0) : 0;
    Real x;
    if (piece == 0) {
      x = left.at(part, first);
    } else if (piece == n) {
      x = -right.at(1 - part, -last);
    } else {
      const Real from = y[order_[piece - 1]];
      x = from + part * (y[order_[piece]] - from);
    }
    step[order_[i]] = (x - y[order_[i]]) / s;
  }
}

}  // namespace starling::filters
