// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/time_mean.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace starling::diagnostics {
namespace {

constexpr Real window_factor = 1.5;  // S of wolff2004
constexpr Real trusted_length = 50;  // correlation times
constexpr Index error_batches = 20;

class Autocovariance {
 public:
  Autocovariance(std::span<const Real> samples, Real mean) : anomalies_(samples.size()) {
    std::transform(samples.begin(), samples.end(), anomalies_.begin(),
                   [mean](Real x) { return x - mean; });
  }

  Real operator()(Index lag) const {
    return std::inner_product(anomalies_.begin() + lag, anomalies_.end(), anomalies_.begin(), 0.0) /
           static_cast<Real>(static_cast<Index>(anomalies_.size()) - lag);
  }

 private:
  std::vector<Real> anomalies_;
};

}  // namespace

Estimate estimate_mean(std::span<const Real> samples) {
  Estimate result;
  result.samples = static_cast<Index>(samples.size());
  if (samples.empty()) return result;
  const Real n = static_cast<Real>(result.samples);
  result.mean = std::accumulate(samples.begin(), samples.end(), 0.0) / n;
  result.effective_samples = n;
  if (result.samples < 2) {
    result.standard_error = std::numeric_limits<Real>::quiet_NaN();
    return result;
  }

  const Autocovariance covariance(samples, result.mean);
  const Real variance = covariance(0);
  if (!(variance > 0)) {
    // Constant: known exactly; not finite: not known.
    result.standard_error = variance == 0 ? 0 : std::numeric_limits<Real>::quiet_NaN();
    result.reliable = variance == 0;
    return result;
  }

  Real total = variance, decay = variance;
  const Index longest = result.samples / 2;
  for (Index w = 1; w <= longest; ++w) {
    const Real lagged = covariance(w);
    total += 2 * lagged;
    decay += 2 * std::abs(lagged);
    result.window = w;
    const Real time = decay / (2 * variance);
    const Real tau = window_factor / std::log((2 * time + 1) / (2 * time - 1));
    if (std::exp(-static_cast<Real>(w) / tau) < tau / std::sqrt(static_cast<Real>(w) * n)) break;
  }
  // The mean was taken from the same samples, which lowers every covariance by the squared error.
  total *= 1 + static_cast<Real>(2 * result.window + 1) / n;
  result.reliable =
      result.window < longest && n >= trusted_length * std::max(decay, total) / (2 * variance);
  if (total < decay / 3 && result.samples >= 2 * error_batches) {
    const Real error = batch_error(samples, error_batches);
    total = error * error * n;
  }
  // A series that telescopes still ends somewhere within its own scatter.
  total = std::max(total, variance / n);

  result.standard_error = std::sqrt(total / n);
  result.correlation_time = total / (2 * variance);
  result.effective_samples = n * variance / total;
  return result;
}

Real batch_error(std::span<const Real> samples, Index batches) {
  const auto length = static_cast<std::size_t>(static_cast<Index>(samples.size()) / batches);
  if (length == 0 || batches < 2) return std::numeric_limits<Real>::quiet_NaN();
  std::vector<Real> means;
  for (Index b = 0; b < batches; ++b) {
    const auto batch = samples.subspan(static_cast<std::size_t>(b) * length, length);
    means.push_back(std::accumulate(batch.begin(), batch.end(), 0.0) / static_cast<Real>(length));
  }
  const Real count = static_cast<Real>(batches);
  const Real mean = std::accumulate(means.begin(), means.end(), 0.0) / count;
  Real squares = 0;
  for (const Real each : means) squares += (each - mean) * (each - mean);
  return std::sqrt(squares / (count * (count - 1)));
}

TimeMean::TimeMean(Index burn_in, Index capacity) : burn_in_(burn_in) {
  samples_.reserve(static_cast<std::size_t>(capacity));
}

Estimate TimeMean::estimate() const {
  const Index skipped = std::min(burn_in_, size());
  return estimate_mean(samples().subspan(static_cast<std::size_t>(skipped)));
}

}  // namespace starling::diagnostics
