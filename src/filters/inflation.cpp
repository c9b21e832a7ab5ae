// SPDX-License-Identifier: BSD-3-Clause
#include "filters/inflation.hpp"

#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "core/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace starling::filters {
namespace {

constexpr Index strip = 64;  // columns whose sums are in flight

struct Moments {
  std::array<Real, strip> mean, squares;  // sums of squared anomalies
};

// Columns [first, first + count) of a block.
void moments(Moments& out, ConstRows block, Index first, Index count) {
  const Index members = rows_of(block), width = width_of(block);
  const Real* column = block.data() + first;
  const Real share = 1 / static_cast<Real>(members);
  out.mean.fill(0);
  out.squares.fill(0);
  for (Index m = 0; m < members; ++m)
    for (Index j = 0; j < count; ++j) out.mean[j] += column[m * width + j];
  for (Index j = 0; j < count; ++j) out.mean[j] *= share;
  for (Index m = 0; m < members; ++m)
    for (Index j = 0; j < count; ++j) {
      const Real anomaly = column[m * width + j] - out.mean[j];
      out.squares[j] += anomaly * anomaly;
    }
}

void require_fraction(const char* key, Real value) {
  require(value >= 0 && value <= 1, "{} is {}; allowed: 0 to 1", key, value);
}

}  // namespace

Schema InflationSettings::schema() {
  return {
      Key::real("inflation", "factor on the analysis anomalies (not on the variance)")
          .above(0)
          .otherwise(1.0),
      Key::real("prior_inflation",
                "factor on the background anomalies: a forgetting factor to the power -1/2")
          .above(0)
          .otherwise(1.0),
      Key::real("relax_to_prior_perturbations",
                "share of the background perturbations in those of the analysis (RTPP)")
          .at_least(0)
          .at_most(1)
          .otherwise(0.0),
      Key::real("relax_to_prior_spread",
                "share of the background spread in that of the analysis (RTPS)")
          .at_least(0)
          .at_most(1)
          .otherwise(0.0),
      Key::real("additive_inflation",
                "standard deviation of white noise added to the analysis members [unit of the "
                "state]")
          .at_least(0)
          .otherwise(0.0),
      Key::boolean("adaptive_inflation",
                   "estimate prior_inflation from the innovations; its value is the first guess")
          .otherwise(false),
      Key::real("adaptive_inflation_std",
                "of the estimated factor on the variance before each analysis: large follows "
                "quickly, small is smooth")
          .above(0)
          .otherwise(0.04),
  };
}

InflationSettings InflationSettings::from(const Section& section) {
  return {.posterior = section.real("inflation"),
          .prior = section.real("prior_inflation"),
          .relax_perturbations = section.real("relax_to_prior_perturbations"),
          .relax_spread = section.real("relax_to_prior_spread"),
          .additive = section.real("additive_inflation"),
          .adaptive = section.boolean("adaptive_inflation"),
          .adaptive_std = section.real("adaptive_inflation_std")};
}

Inflation::Inflation(const FilterContext& context, const InflationSettings& settings)
    : settings_(settings),
      members_(context.members),
      first_column_(context.columns.begin),
      number_(context.number),
      seed_(context.seed),
      factor_(settings.prior),
      lambda_(settings.prior * settings.prior),
      mean_(static_cast<std::size_t>(context.members)),
      new_mean_(mean_.size()) {
  require(settings.posterior > 0, "inflation is {}; allowed: above 0", settings.posterior);
  require(settings.prior > 0, "prior_inflation is {}; allowed: above 0", settings.prior);
  require_fraction("relax_to_prior_perturbations", settings.relax_perturbations);
  require_fraction("relax_to_prior_spread", settings.relax_spread);
  require(settings.additive >= 0, "additive_inflation is {}; allowed: at least 0",
          settings.additive);
  require(settings.adaptive_std > 0, "adaptive_inflation_std is {}; allowed: above 0",
          settings.adaptive_std);
  const auto columns = static_cast<std::size_t>(context.columns.size());
  if (settings.relax_spread > 0) spread_.resize(columns);
  if (settings.additive > 0) {
    noise_.resize(static_cast<std::size_t>(members_ * strip));
    if (context.place)
      for (Index j = context.columns.begin; j < context.columns.end; ++j)
        placed_.push_back(context.place(j).everywhere ? 0 : 1);
  }
  if (settings.adaptive)
    sum_.emplace(context.comm, blocks_of({0, context.observations}, observation_block).size(),
                 Index{3});
}

void Inflation::begin(const Analysis& analysis) {
  if (settings_.adaptive) estimate(analysis);
  if (settings_.relax_spread == 0) return;
  const Index width = width_of(analysis.ensemble);
  STARLING_ASSERT(width <= static_cast<Index>(spread_.size()));
  Moments of;
  for (Index first = 0; first < width; first += strip) {
    const Index count = std::min(strip, width - first);
    moments(of, analysis.ensemble, first, count);
    for (Index j = 0; j < count; ++j) spread_[first + j] = std::sqrt(of.squares[j]);
  }
}

void Inflation::estimate(const Analysis& analysis) {
  const Index count = width_of(analysis.observed), begin = analysis.first_observation;
  sum_->deal(blocks_of({begin, begin + count}, observation_block));
  Moments of;
  for (Index block = 0; block < count; block += observation_block) {
    Real* sums = sum_->next();
    std::fill_n(sums, 3, 0.0);
    const Index end = std::min(block + observation_block, count);
    for (Index first = block; first < end; first += strip) {
      const Index here = std::min(strip, end - first);
      moments(of, analysis.observed, first, here);
      for (Index i = 0; i < here; ++i) {
        const Real precision = 1 / analysis.variance[first + i];
        const Real innovation = analysis.value[first + i] - of.mean[i];
        sums[0] += innovation * innovation * precision;
        sums[1] += of.squares[i] * precision;
        sums[2] += precision > 0 ? 1 : 0;
      }
    }
    sum_->add();
  }
  std::array<Real, 3> sums{};
  sum_->finish(sums.data());
  const Real p = sums[2], trace = sums[1] / static_cast<Real>(members_ - 1);
  if (trace > 0 && std::isfinite(sums[0] + trace)) {
    const Real observed = (sums[0] - p) / trace;
    const Real ratio = lambda_ + p / trace;
    const Real observed_variance = 2 / p * ratio * ratio;
    const Real variance = settings_.adaptive_std * settings_.adaptive_std;
    lambda_ = std::max(
        1.0, (observed_variance * lambda_ + variance * observed) / (observed_variance + variance));
  }
  factor_ = std::sqrt(lambda_);
}

void Inflation::change_anomalies(linalg::Matrix& deviation, Real mean_factor, Real factor,
                                 Real identity) {
  const Index n = deviation.rows();
  std::fill(mean_.begin(), mean_.end(), 0.0);
  for (Index m = 0; m < n; ++m)
    for (Index k = 0; k < n; ++k) mean_[k] += deviation(m, k);
  for (Real& w : mean_) w /= static_cast<Real>(n);
  for (Index k = 0; k < n; ++k) new_mean_[k] = mean_factor * mean_[k];
  for (Index m = 0; m < n; ++m) {
    for (Index k = 0; k < n; ++k)
      deviation(m, k) = new_mean_[k] + factor * (deviation(m, k) - mean_[k]);
    deviation(m, m) += identity;
  }
}

void Inflation::relax(linalg::Matrix& deviation) {
  const Real kept = 1 - settings_.relax_perturbations, f = factor_;
  if (f != 1 || kept != 1) change_anomalies(deviation, f, kept * f, kept * (f - 1));
}

void Inflation::inflate(linalg::Matrix& deviation) {
  const Real g = settings_.posterior;
  if (g != 1) change_anomalies(deviation, 1, g, g - 1);
}

void Inflation::finish(const Analysis& analysis) {
  if (settings_.relax_spread > 0) relax_spread(analysis.ensemble);
  if (settings_.additive > 0) add_noise(analysis.ensemble, analysis.cycle);
}

// The factor on the analysis anomalies is on them already.
void Inflation::relax_spread(Rows ensemble) const {
  const Index width = width_of(ensemble);
  const Real alpha = settings_.relax_spread;
  Moments of;
  for (Index first = 0; first < width; first += strip) {
    const Index count = std::min(strip, width - first);
    moments(of, ensemble, first, count);
    std::array<Real, strip> change;
    for (Index j = 0; j < count; ++j) {
      const Real after = std::sqrt(of.squares[j]);
      const Real before = settings_.posterior * spread_[first + j];
      change[j] = after > 0 ? alpha * (before - after) / after : 0;
    }
    for (Index m = 0; m < members_; ++m) {
      Real* x = ensemble.data() + m * width + first;
      for (Index j = 0; j < count; ++j) x[j] += change[j] * (x[j] - of.mean[j]);
    }
  }
}

void Inflation::add_noise(Rows ensemble, Index cycle) {
  const Index width = width_of(ensemble);
  for (Index first = 0; first < width; first += strip) {
    const Index count = std::min(strip, width - first);
    std::array<Real, strip> mean{};
    for (Index m = 0; m < members_; ++m) {
      Real* z = noise_.data() + m * strip;
      const Stream stream(seed_, Purpose::additive_inflation, static_cast<std::uint64_t>(m),
                          static_cast<std::uint64_t>(cycle));
      if (number_) {
        for (Index j = 0; j < count; ++j)
          z[j] = stream.normal(static_cast<std::uint64_t>(number_(first_column_ + first + j)));
      } else {
        stream.normals(z, count, static_cast<std::uint64_t>(first_column_ + first));
      }
      for (Index j = 0; j < count; ++j) mean[j] += z[j];
    }
    for (Index j = 0; j < count; ++j) mean[j] /= static_cast<Real>(members_);
    for (Index j = 0; j < count; ++j) {
      if (!placed_.empty() && placed_[first + j] == 0) continue;
      for (Index m = 0; m < members_; ++m)
        ensemble(m, first + j) += settings_.additive * (noise_[m * strip + j] - mean[j]);
    }
  }
}

void Inflation::scale(Real* x, Index members, Real factor) {
  if (factor == 1) return;
  Real mean = 0;
  for (Index m = 0; m < members; ++m) mean += x[m];
  mean /= static_cast<Real>(members);
  for (Index m = 0; m < members; ++m) x[m] = mean + factor * (x[m] - mean);
}

void Inflation::relax_column(Real* x, const Real* before) const {
  const Real alpha = settings_.relax_perturbations;
  if (alpha > 0) {
    Real mean = 0, mean_before = 0;
    for (Index m = 0; m < members_; ++m) {
      mean += x[m];
      mean_before += before[m];
    }
    mean /= static_cast<Real>(members_);
    mean_before /= static_cast<Real>(members_);
    for (Index m = 0; m < members_; ++m)
      x[m] = mean + (1 - alpha) * (x[m] - mean) + alpha * (before[m] - mean_before);
  }
  scale(x, members_, settings_.posterior);
}

std::vector<Real> Inflation::state() const {
  return settings_.adaptive ? std::vector<Real>{lambda_} : std::vector<Real>{};
}

void Inflation::restore(const std::vector<Real>& state) {
  if (!settings_.adaptive) return;
  STARLING_ASSERT(state.size() == 1);
  lambda_ = state[0];
  factor_ = std::sqrt(lambda_);
}

}  // namespace starling::filters
