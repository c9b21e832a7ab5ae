// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/observed_cycle.hpp"
#include "campaigns/verification.hpp"
#include "ensemble/transpose.hpp"
#include "filters/iterative_filter.hpp"

#include <optional>

namespace starling::campaigns {

/// The cycle of filters that run the forecast again (IterativeFilter). The ensemble at the start of
/// the window is kept, `lag` analyses back or at the start of the run; every iteration runs it to
/// the present analysis. Then the smoothed start is run once more: to the start of the next window,
/// which is kept, and on to the present, where the next forecast begins. A window's start is an
/// initial condition: multistep schemes know no history there.
///
/// A member that is not finite when an analysis begins gets a new start of the window, from which
/// all run again; one that fails in an iteration ends the run.
///
/// Scores, means and spreads are of the analysis; single members in files those that the next
/// forecast begins with. Memory of a rank: the members twice more. Allocates nothing after the
/// first cycle.
class IterativeCycle final : public ObservedCycle, private filters::WindowForecast {
 public:
  /// Throws InputError for settings that make no sense here.
  IterativeCycle(const CycleParts& parts, filters::IterativeFilter& filter);

  std::string forecast(Index first_step, Index count) override;
  CycleReport analyse(Index n) override;

  Range columns() const override { return ends_.share(); }
  const Moments& background() const override { return verification_.background(); }
  const Moments& analysis() const override { return verification_.analysis(); }
  const Real* member(Index number) const override {
    return shared_.data() + number * width_of(shared_);
  }
  std::vector<std::int64_t> background_ranks() const override {
    return verification_.background_ranks();
  }
  std::vector<std::int64_t> analysis_ranks() const override {
    return verification_.analysis_ranks();
  }
  Index rank_bins() const override { return verification_.bins(); }
  Real bytes() const override;
  void save(io::CheckpointWriter& file) const override;
  void load(const io::Checkpoint& file) override;

 private:
  ConstRows run() override;
  void begin_from_start();
  void repair();
  void advance(Index from, Index to);
  void keep_start();
  void slide(Index n);
  Index step_of(Index analysis) const;

  filters::IterativeFilter* filter_;
  ensemble::MembersTranspose starts_, ends_, observed_;
  Verification verification_;
  diagnostics::InnovationStatistics innovation_;
  Array<Real**> start_;  // my members x all dofs
  bool started_ = false;
  Index first_ = 0, last_ = 0;  // steps at the ends of the present window
  Rows shared_;
};

}  // namespace starling::campaigns
