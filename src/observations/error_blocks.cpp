// SPDX-License-Identifier: BSD-3-Clause
#include "observations/error_blocks.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace starling::observations {

bool cholesky(Real* a, Index n) {
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      Real sum = a[i * n + j];
      for (Index k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      if (i > j) {
        a[i * n + j] = sum / a[j * n + j];
      } else if (sum > 0 && std::isfinite(sum)) {
        a[i * n + i] = std::sqrt(sum);
      } else {
        return false;
      }
    }
  return true;
}

void ErrorBlocks::set(const Batch& batch, const std::string& source) {
  if (batch.blocks == blocks_ && batch.covariance == covariance_) return;
  blocks_ = batch.blocks;
  covariance_ = batch.covariance;
  factors_ = batch.covariance;
  for (const ErrorBlock& block : blocks_)
    if (!cholesky(factors_.data() + block.offset, block.count))
      throw InputError(
          fmt::format("{}: observations {} to {} at time {}: the covariance of their errors is not "
                      "positive definite; allowed: positive definite",
                      source, batch.first + block.first,
                      batch.first + block.first + block.count - 1, batch.time));
}

void ErrorBlocks::decorrelate(Real* row) const {
  for (const ErrorBlock& block : blocks_) {
    const Real* factor = factors_.data() + block.offset;
    Real* y = row + block.first;
    for (Index i = 0; i < block.count; ++i, factor += block.count) {
      Real sum = y[i];
      for (Index k = 0; k < i; ++k) sum -= factor[k] * y[k];
      y[i] = sum / factor[i];
    }
  }
}

void ErrorBlocks::decorrelate(Batch& batch) const {
  decorrelate(batch.value.data());
  for (const ErrorBlock& block : blocks_)
    std::fill_n(batch.variance.begin() + block.first, block.count, 1.0);
}

void ErrorBlocks::decorrelate(Rows observed) const {
  const Index width = width_of(observed);
  for (Index r = 0; r < rows_of(observed); ++r) decorrelate(observed.data() + r * width);
}

}  // namespace starling::observations
