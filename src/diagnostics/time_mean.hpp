// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <span>
#include <vector>

namespace starling::diagnostics {

/// The mean of a stationary, correlated series and how well it is known.
struct Estimate {
  Real mean = 0;
  Real standard_error = 0;      ///< NaN with fewer than two samples
  Real correlation_time = 0.5;  ///< integrated autocorrelation time [samples]; 1/2 if uncorrelated
  Real effective_samples = 0;   ///< samples / (2 correlation_time)
  Index samples = 0;
  Index window = 0;  ///< largest lag of the autocovariance that was summed
  /// Whether the series is long enough, at least 50 correlation times, to trust standard_error.
  bool reliable = false;
};

/// Mean and standard error by the Gamma method (wolff2004): with the autocovariance G(t) of n
/// samples,
///     C(W) = G(0) + 2 sum_{t=1}^{W} G(t),   standard_error^2 = C(W) (1 + (2 W + 1) / n) / n,
///     tau_int(W) = C(W) / (2 G(0)),   S / tau(W) = ln((2 tau_int + 1) / (2 tau_int - 1)),
/// where W is the first lag with exp(-W / tau) - tau / sqrt(W n) < 0 and S = 1.5: what is cut off
/// then balances the noise that is summed. For tau, |G(t)| takes the place of G(t), so that the
/// window does not close at once on a series that is anticorrelated or oscillates. Where the terms
/// of C(W) cancel by more than a factor of 3, the cut would decide the result: then standard_error
/// is batch_error of 20 batches. The samples are in time order; O(n W).
Estimate estimate_mean(std::span<const Real> samples);

/// The standard error of the mean from the scatter of the means of so many contiguous batches
/// (geyer1992), which should be much longer than the correlation time. Noisier than estimate_mean,
/// too large rather than too small for a series that telescopes. NaN with fewer samples than
/// batches, or fewer than two batches.
Real batch_error(std::span<const Real> samples, Index batches);

/// A series and its mean over what follows the burn-in.
class TimeMean {
 public:
  /// The first `burn_in` samples are kept but do not count. add() allocates nothing until
  /// `capacity`.
  TimeMean(Index burn_in, Index capacity);

  void add(Real sample) { samples_.push_back(sample); }
  Index size() const { return static_cast<Index>(samples_.size()); }
  std::span<const Real> samples() const { return samples_; }

  /// Of the samples after the burn-in; all zero and not reliable if there are none.
  Estimate estimate() const;

 private:
  Index burn_in_;
  std::vector<Real> samples_;
};

}  // namespace starling::diagnostics
