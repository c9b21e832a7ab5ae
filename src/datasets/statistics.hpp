// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <limits>

namespace starling::datasets {

/// Count, mean, sum of squared deviations and extremes of numbers, in double; parts are merged by
/// chan1983, which loses nothing to cancellation.
struct Moments {
  Real count = 0, mean = 0, squares = 0;
  Real least = std::numeric_limits<Real>::infinity();
  Real largest = -std::numeric_limits<Real>::infinity();

  void merge(const Moments& other);
  Real variance() const { return count > 0 ? squares / count : 0; }
  Real rms() const;
};

/// Of every `stride`-th of `count` numbers.
Moments moments_of(const float* numbers, Index count, Index stride);
/// Of their differences from earlier ones.
Moments moments_of_difference(const float* numbers, const float* earlier, Index count,
                              Index stride);

/// One element of a field: of its values, and of their differences from frame to frame (The Well's
/// six statistics).
struct FieldMoments {
  Moments value, delta;
  void merge(const FieldMoments& other) {
    value.merge(other.value);
    delta.merge(other.delta);
  }
};

}  // namespace starling::datasets
