// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/lyapunov.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "diagnostics/time_mean.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace starling::diagnostics {
namespace {

constexpr Index history_entries = 200;

Real dot(const Real* a, const Real* b, Index count) {
  Real total = 0;
  for (Index i = 0; i < count; ++i) total += a[i] * b[i];
  return total;
}

void check(const LyapunovSettings& s, const ensemble::Forecast& forecast, ConstRows initial) {
  STARLING_ASSERT(rows_of(initial) == 1 && width_of(initial) == forecast.dofs());
  const Index most = forecast.dofs() - (s.zero_mean ? 1 : 0);
  require(s.exponents >= 1 && s.exponents <= most,
          "{} Lyapunov exponents are asked of a model with {} dofs; allowed: 1 to {}", s.exponents,
          forecast.dofs(), most);
  require(
      s.interval_steps >= 1 && s.intervals >= 1 && s.transient_intervals >= 0,
      "Lyapunov exponents over {} intervals of {} steps after {}; allowed: at least one of each",
      s.intervals, s.interval_steps, s.transient_intervals);
  require(s.perturbation > 0 && s.perturbation < 1,
          "Lyapunov exponents from relative perturbations of {}; allowed: > 0 and < 1",
          s.perturbation);
}

/// A trajectory and its perturbed copies as one ensemble: member 0, then two for each direction.
class Bundle {
 public:
  Bundle(ensemble::Forecast& forecast, ConstRows initial, const LyapunovSettings& settings)
      : forecast_(forecast),
        settings_(settings),
        dofs_(forecast.dofs()),
        directions_(static_cast<std::size_t>(settings.exponents * dofs_)),
        growth_(static_cast<std::size_t>(settings.exponents)) {
    const Index per_state = forecast.members_per_state();
    const Index states = (2 * settings.exponents + per_state) / per_state;
    const auto block = [](const std::string& name, Index rows, Index width) {
      return Array<Real**>(name, static_cast<std::size_t>(rows), static_cast<std::size_t>(width));
    };
    members_ = block("lyapunov::members", states * per_state, dofs_);
    states_ = block("lyapunov::states", states, forecast.width());
    history_ = block("lyapunov::history", states, forecast.history_width());

    std::copy_n(initial.data(), dofs_, member(0));
    const Real norm = std::sqrt(dot(member(0), member(0), dofs_));
    scale_ = settings.perturbation * (norm > 0 ? norm : 1);
    for (Index i = 0; i < settings.exponents; ++i)
      Stream(settings.seed, Purpose::lyapunov, static_cast<std::uint64_t>(i), 0)
          .normals(direction(i), dofs_);
    orthonormalise(0);
    perturb();
  }

  /// One interval; growth()[i] = log of the growth of direction i.
  void advance(Index interval) {
    const Index first = interval * settings_.interval_steps;
    forecast_.to_states(states_, members_);
    const auto failure = forecast_.advance(states_, history_, 0, first, settings_.interval_steps);
    if (failure)
      throw NumericalError(fmt::format("Lyapunov exponents: the state is not finite at time {}",
                                       forecast_.dt() * static_cast<Real>(failure->step + 1)));
    forecast_.to_physical(members_, states_);
    for (Index i = 0; i < settings_.exponents; ++i) {
      Real* q = direction(i);
      const Real* plus = member(1 + 2 * i);
      const Real* minus = member(2 + 2 * i);
      for (Index d = 0; d < dofs_; ++d) q[d] = (plus[d] - minus[d]) / (2 * scale_);
    }
    orthonormalise(first + settings_.interval_steps);
    perturb();
  }

  const std::vector<Real>& growth() const { return growth_; }

 private:
  Real* member(Index i) const { return members_.data() + i * dofs_; }
  Real* direction(Index i) { return directions_.data() + i * dofs_; }

  // Modified Gram-Schmidt.
  void orthonormalise(Index step) {
    for (Index i = 0; i < settings_.exponents; ++i) {
      Real* x = direction(i);
      if (settings_.zero_mean) {
        const Real mean = std::accumulate(x, x + dofs_, 0.0) / static_cast<Real>(dofs_);
        for (Index d = 0; d < dofs_; ++d) x[d] -= mean;
      }
      for (Index j = 0; j < i; ++j) {
        const Real* q = direction(j);
        const Real projection = dot(q, x, dofs_);
        for (Index d = 0; d < dofs_; ++d) x[d] -= projection * q[d];
      }
      const Real norm = std::sqrt(dot(x, x, dofs_));
      if (!(norm > 0 && std::isfinite(norm)))
        throw NumericalError(
            fmt::format("Lyapunov exponent {} at time {}: its perturbation is lost in rounding; a "
                        "shorter interval or fewer exponents may help",
                        i + 1, forecast_.dt() * static_cast<Real>(step)));
      for (Index d = 0; d < dofs_; ++d) x[d] /= norm;
      growth_[static_cast<std::size_t>(i)] = std::log(norm);
    }
  }

  // Members become copies of member 0 perturbed both ways along the directions; the padding, which
  // nobody looks at, becomes a copy.
  void perturb() {
    const Real* base = member(0);
    for (Index i = 0; i < settings_.exponents; ++i) {
      const Real* q = direction(i);
      Real* plus = member(1 + 2 * i);
      Real* minus = member(2 + 2 * i);
      for (Index d = 0; d < dofs_; ++d) {
        plus[d] = base[d] + scale_ * q[d];
        minus[d] = base[d] - scale_ * q[d];
      }
    }
    for (Index i = 2 * settings_.exponents + 1; i < rows_of(members_); ++i)
      std::copy_n(base, dofs_, member(i));
  }

  ensemble::Forecast& forecast_;
  const LyapunovSettings& settings_;
  Index dofs_;
  Real scale_ = 0;
  std::vector<Real> directions_, growth_;
  Array<Real**> members_, states_, history_;
};

}  // namespace

LyapunovSpectrum lyapunov_spectrum(ensemble::Forecast& forecast, ConstRows initial,
                                   const LyapunovSettings& settings,
                                   const LyapunovProgress& progress) {
  check(settings, forecast, initial);
  const Index all = settings.transient_intervals + settings.intervals;
  const Real span = forecast.dt() * static_cast<Real>(settings.interval_steps);
  const auto exponents = static_cast<std::size_t>(settings.exponents);
  const Index every = (settings.intervals + history_entries - 1) / history_entries;

  Bundle bundle(forecast, initial, settings);
  LyapunovSpectrum result;
  std::vector<TimeMean> rates(exponents, TimeMean(0, 0));
  std::vector<Real> sums(exponents, 0.0), estimates;
  for (Index interval = 0; interval < all; ++interval) {
    bundle.advance(interval);
    const Index counted = interval + 1 - settings.transient_intervals;
    if (counted > 0) {
      estimates.resize(exponents);
      for (std::size_t i = 0; i < exponents; ++i) {
        rates[i].add(bundle.growth()[i] / span);
        sums[i] += bundle.growth()[i] / span;
        estimates[i] = sums[i] / static_cast<Real>(counted);
      }
      if (counted % every == 0 || counted == settings.intervals) {
        result.history_times.push_back(span * static_cast<Real>(counted));
        result.history.insert(result.history.end(), estimates.begin(), estimates.end());
      }
    }
    if (progress) progress(interval + 1, all, estimates);
  }

  result.exponents = estimates;
  for (const TimeMean& rate : rates)
    result.standard_errors.push_back(rate.estimate().standard_error);
  std::vector<Real> sorted = result.exponents;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  result.kaplan_yorke = kaplan_yorke_dimension(sorted);
  return result;
}

Real kaplan_yorke_dimension(std::span<const Real> exponents) {
  Real sum = 0;
  for (std::size_t j = 0; j < exponents.size(); ++j) {
    if (sum + exponents[j] < 0) return static_cast<Real>(j) + sum / std::abs(exponents[j]);
    sum += exponents[j];
  }
  return sum > 0 ? std::numeric_limits<Real>::quiet_NaN() : static_cast<Real>(exponents.size());
}

}  // namespace starling::diagnostics
