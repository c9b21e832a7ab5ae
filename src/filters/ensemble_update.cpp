// SPDX-License-Identifier: BSD-3-Clause
#include "filters/ensemble_update.hpp"

#include "core/random.hpp"

#include <algorithm>

namespace starling::filters {

EnsembleUpdate::EnsembleUpdate(const FilterContext& context, const InflationSettings& inflation,
                               bool rotation)
    : seed_(context.seed),
      inflation_(context, inflation),
      deviation_(context.members, context.members),
      kept_(context.members, context.members),
      combination_(context.members),
      shift_(static_cast<std::size_t>(context.members)) {
  if (rotation) rotation_.emplace(context.members);
}

void EnsembleUpdate::apply(const Analysis& analysis) {
  if (!analysis.past.empty()) smooth(analysis);
  inflation_.relax(deviation_);
  if (rotation_) rotate(deviation_, analysis.cycle);
  const Index n = deviation_.rows();
  const Real f = inflation_.background();
  for (Index m = 0; m < n; ++m) {
    Real* row = deviation_.row(m);
    for (Index k = 0; k < n; ++k) row[k] += f * shift_[k];
  }
  std::fill(shift_.begin(), shift_.end(), 0.0);
  inflation_.inflate(deviation_);
  centre(deviation_);
  combination_.add(analysis.ensemble, deviation_);
  inflation_.finish(analysis);
}

void EnsembleUpdate::finish_columns(const Analysis& analysis) {
  if (rotation_) {
    const Index n = deviation_.rows();
    for (Index m = 0; m < n; ++m) std::fill_n(deviation_.row(m), n, 0.0);
    rotate(deviation_, analysis.cycle);
    centre(deviation_);
    combination_.add(analysis.ensemble, deviation_);
  }
  inflation_.finish(analysis);
}

// The past is rotated with the present: covariances of the two are between members of one number.
void EnsembleUpdate::smooth(const Analysis& analysis) {
  const Index n = deviation_.rows();
  for (Index m = 0; m < n; ++m) std::copy_n(deviation_.row(m), n, kept_.row(m));
  if (rotation_) rotate(kept_, analysis.cycle);
  const Real f = inflation_.background();
  for (Index m = 0; m < n; ++m)
    for (Index k = 0; k < n; ++k) kept_(m, k) += f * shift_[k];
  centre(kept_);
  for (const Rows& each : analysis.past) combination_.add(each, kept_);
}

void EnsembleUpdate::rotate(linalg::Matrix& deviation, Index cycle) {
  const Index n = deviation.rows();
  for (Index m = 0; m < n; ++m) deviation(m, m) += 1;
  rotation_->rotate(deviation,
                    Stream(seed_, Purpose::rotation, 0, static_cast<std::uint64_t>(cycle)));
  for (Index m = 0; m < n; ++m) deviation(m, m) -= 1;
}

// Rows that sum to zero do to the members what they do to the anomalies.
void EnsembleUpdate::centre(linalg::Matrix& deviation) {
  const Index n = deviation.rows();
  for (Index m = 0; m < n; ++m) {
    Real* row = deviation.row(m);
    Real sum = 0;
    for (Index k = 0; k < n; ++k) sum += row[k];
    const Real mean = sum / static_cast<Real>(n);
    for (Index k = 0; k < n; ++k) row[k] -= mean;
  }
}

}  // namespace starling::filters
