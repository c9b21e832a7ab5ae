// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <cstddef>
#include <vector>

namespace starling::test_support {

/// Means and variances of x_1 ... x_T given y_1 ... y_T.
struct Marginals {
  std::vector<Real> mean, variance;
};

/// For x_k = a x_{k-1} + q N(0, 1) with x_0 = N(0, 1) and y_k = x_k + r N(0, 1): the recursions of
/// Kalman (1960) and of Rauch, Tung and Striebel (rauch1965).
inline Marginals exact_smoother(const std::vector<Real>& y, Real a, Real q, Real r) {
  std::vector<Real> m, p, predicted_m, predicted_p;
  Real mean = 0, variance = 1;
  for (const Real each : y) {
    mean *= a;
    variance = a * a * variance + q * q;
    predicted_m.push_back(mean);
    predicted_p.push_back(variance);
    const Real gain = variance / (variance + r * r);
    mean += gain * (each - mean);
    variance *= 1 - gain;
    m.push_back(mean);
    p.push_back(variance);
  }
  for (std::size_t k = y.size() - 1; k-- > 0;) {
    const Real gain = p[k] * a / predicted_p[k + 1];
    m[k] += gain * (m[k + 1] - predicted_m[k + 1]);
    p[k] += gain * gain * (p[k + 1] - predicted_p[k + 1]);
  }
  return {m, p};
}

}  // namespace starling::test_support
