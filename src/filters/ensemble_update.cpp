// SPDX-License-Identifier: BSD-3-Clause
#include "filters/ensemble_update.hpp"

#include <algorithm>

namespace starling::filters {

EnsembleUpdate::EnsembleUpdate(Index members, Real inflation)
    : inflation_(inflation),
      deviation_(members, members),
      combination_(members),
      mean_(static_cast<std::size_t>(members)) {}

void EnsembleUpdate::apply(Rows ensemble) {
  if (inflation_ != 1) inflate();
  centre();
  combination_.add(ensemble, deviation_);
}

// With w the mean of the rows of D, the mean moves by w and the anomalies by D - 1 w^T:
// D <- 1 w^T + factor (D - 1 w^T) + (factor - 1) I.
void EnsembleUpdate::inflate() {
  const Index n = deviation_.rows();
  std::fill(mean_.begin(), mean_.end(), 0.0);
  for (Index m = 0; m < n; ++m)
    for (Index k = 0; k < n; ++k) mean_[k] += deviation_(m, k);
  for (Real& w : mean_) w /= static_cast<Real>(n);
  for (Index m = 0; m < n; ++m) {
    for (Index k = 0; k < n; ++k)
      deviation_(m, k) = mean_[k] + inflation_ * (deviation_(m, k) - mean_[k]);
    deviation_(m, m) += inflation_ - 1;
  }
}

// Rows that sum to zero do to the members what they do to the anomalies.
void EnsembleUpdate::centre() {
  const Index n = deviation_.rows();
  for (Index m = 0; m < n; ++m) {
    Real* row = deviation_.row(m);
    Real sum = 0;
    for (Index k = 0; k < n; ++k) sum += row[k];
    const Real mean = sum / static_cast<Real>(n);
    for (Index k = 0; k < n; ++k) row[k] -= mean;
  }
}

}  // namespace starling::filters
