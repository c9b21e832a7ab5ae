// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/cycle.hpp"
#include "diagnostics/gaussian_scores.hpp"
#include "diagnostics/rank_histogram.hpp"
#include "diagnostics/scores.hpp"
#include "filters/gaussian_filter.hpp"

namespace starling::campaigns {

/// What background and analysis are judged by where a rank has all members of some columns: mean
/// and spread of these, and, with a truth, scores and rank histograms. Extra columns have moments
/// only. Allocates nothing after construction but in resize().
class Verification {
 public:
  /// `share` is this rank's of all columns. Collective on members().
  Verification(const CycleParts& parts, Range share, Index bins);

  /// From now on there are `members`: rank histograms, whose bins are for more, count no longer.
  /// Collective.
  void resize(Index members);

  /// Scores of all members x the share, or of a mean and a deviation; NaN without a truth (all
  /// dofs, may be null). Collective where there is one.
  template <class Known>
  diagnostics::Scores background(const Known& known, const Real* truth, Index n) {
    return judge(background_, known, truth, n);
  }
  template <class Known>
  diagnostics::Scores analysis(const Known& known, const Real* truth, Index n) {
    return judge(analysis_, known, truth, n);
  }

  /// The grid-point values of the share.
  Range columns() const { return columns_; }
  Index bins() const { return bins_; }
  const Moments& background() const { return background_.moments; }
  const Moments& analysis() const { return analysis_.moments; }
  /// Over all ranks. Collective.
  std::vector<std::int64_t> background_ranks() const { return background_.ranks.counts(); }
  std::vector<std::int64_t> analysis_ranks() const { return analysis_.ranks.counts(); }

  /// Collective.
  void save(io::CheckpointWriter& file) const;
  void load(const io::Checkpoint& file);

 private:
  struct Side {
    diagnostics::RankHistogram ranks;
    Moments moments;
  };
  diagnostics::Scores judge(Side& side, const ConstRows& ensemble, const Real* truth, Index n);
  diagnostics::Scores judge(Side& side, const filters::Marginals& marginals, const Real* truth,
                            Index n);

  MPI_Comm comm_, space_;
  Range columns_;
  Index points_, bins_;
  bool has_truth_, counts_ranks_ = true;
  diagnostics::EnsembleScores scores_;
  diagnostics::GaussianScores gaussian_scores_;
  Side background_, analysis_;
};

}  // namespace starling::campaigns
