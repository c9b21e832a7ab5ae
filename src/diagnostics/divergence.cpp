// SPDX-License-Identifier: BSD-3-Clause
#include "diagnostics/divergence.hpp"

namespace starling::diagnostics {

std::optional<Index> first_divergence(std::span<const Real> errors, Real threshold, Index window) {
  const auto width = static_cast<std::size_t>(window);
  Real sum = 0;
  for (std::size_t n = 0; n < errors.size(); ++n) {
    sum += errors[n];
    if (n >= width) sum -= errors[n - width];
    if (n + 1 >= width && sum > threshold * static_cast<Real>(window)) return static_cast<Index>(n);
  }
  return std::nullopt;
}

}  // namespace starling::diagnostics
