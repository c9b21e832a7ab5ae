// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/verification.hpp"

#include "ensemble/moments.hpp"

#include <algorithm>

namespace starling::campaigns {
namespace {

Moments moments_of(Index columns) {
  const auto n = static_cast<std::size_t>(columns);
  return {std::vector<Real>(n), std::vector<Real>(n)};
}

}  // namespace

Verification::Verification(const CycleParts& parts, Range share, Index bins)
    : comm_(parts.processes.members()),
      space_(parts.processes.space()),
      columns_(grid_points_of(share, parts.values())),
      points_(parts.domain.values()),
      bins_(bins),
      has_truth_(parts.truth != nullptr),
      scores_(comm_, parts.ensemble.size(), columns_, points_, space_),
      gaussian_scores_(comm_, columns_, points_),
      background_{{parts.processes.world(), bins - 1, parts.value_columns().part(columns_),
                   parts.seed, parts.strides},
                  moments_of(share.size())},
      analysis_(background_) {}

void Verification::resize(Index members) {
  scores_ = diagnostics::EnsembleScores(comm_, members, columns_, points_, space_);
  counts_ranks_ = false;
}

diagnostics::Scores Verification::judge(Side& side, const ConstRows& ensemble, const Real* truth,
                                        Index n) {
  ensemble::moments(side.moments.mean.data(), side.moments.spread.data(), ensemble);
  if (truth == nullptr) return diagnostics::no_scores;
  truth += columns_.begin;
  if (counts_ranks_) side.ranks.add(ensemble, truth, n);
  return scores_.evaluate(ensemble, truth);
}

diagnostics::Scores Verification::judge(Side& side, const filters::Marginals& marginals,
                                        const Real* truth, Index n) {
  std::copy_n(marginals.mean, side.moments.mean.size(), side.moments.mean.begin());
  std::copy_n(marginals.deviation, side.moments.spread.size(), side.moments.spread.begin());
  if (truth == nullptr) return diagnostics::no_scores;
  truth += columns_.begin;
  side.ranks.add(marginals.mean, marginals.deviation, truth, n);
  return gaussian_scores_.evaluate(marginals.mean, marginals.deviation, truth);
}

void Verification::save(io::CheckpointWriter& file) const {
  if (!has_truth_) return;
  file.integers("background_ranks", background_ranks());
  file.integers("analysis_ranks", analysis_ranks());
}

void Verification::load(const io::Checkpoint& file) {
  if (!has_truth_) return;
  background_.ranks.restore(file.integers("background_ranks"));
  analysis_.ranks.restore(file.integers("analysis_ranks"));
}

}  // namespace starling::campaigns
