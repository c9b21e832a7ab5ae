// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/iterative_cycle.hpp"

#include "campaigns/settings.hpp"
#include "core/error.hpp"

#include <algorithm>

namespace starling::campaigns {
namespace {

void copy(Rows out, ConstRows in) {
  std::copy_n(in.data(), rows_of(in) * width_of(in), out.data());
}

}  // namespace

IterativeCycle::IterativeCycle(const CycleParts& parts, filters::IterativeFilter& filter)
    : ObservedCycle(parts, parts.ensemble.owned().size()),
      filter_(&filter),
      starts_(parts.processes, parts.ensemble.size(), parts.ensemble.dofs()),
      ends_(parts.processes, parts.ensemble.size(), parts.ensemble.dofs()),
      observed_(parts.processes, parts.ensemble.size(), parts.source.max_size(),
                filters::observation_block),
      verification_(parts, ends_.share(), parts.ensemble.size() + 1),
      innovation_(parts.processes.members(), parts.ensemble.size(), parts.source.max_size(),
                  filters::observation_block),
      start_("iterative_cycle::start", static_cast<std::size_t>(parts.ensemble.owned().size()),
             static_cast<std::size_t>(parts.ensemble.dofs())) {
  require(!failures_.drops(),
          "assimilation.on_member_failure = drop: an iterative filter runs its members more than "
          "once; allowed: stop, resample");
}

std::string IterativeCycle::forecast(Index first_step, Index count) {
  if (!started_) {
    keep_start();
    started_ = true;
  }
  return ObservedCycle::forecast(first_step, count);
}

// The step at the end of which an analysis is; before the first, the start of the run.
Index IterativeCycle::step_of(Index analysis) const {
  return analysis < 0 ? 0 : parts_.source.step(analysis);
}

void IterativeCycle::keep_start() {
  parts_.ensemble.update_members();
  copy(start_, parts_.ensemble.members());
  parts_.ensemble.update_states();
}

void IterativeCycle::begin_from_start() {
  copy(parts_.ensemble.members(), start_);
  parts_.ensemble.update_states();
}

// A failure on one rank ends the run on all.
void IterativeCycle::advance(Index from, Index to) {
  const auto failure = parts_.ensemble.advance(from, to - from);
  int failed = failure ? 1 : 0;
  if (parts_.processes.groups() > 1)
    STARLING_MPI(
        MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, parts_.processes.members()));
  if (failed != 0) throw NumericalError(failure ? describe_failure(*failure, parts_.ensemble) : "");
}

// A member that failed begins the window anew, drawn from the starts of the others.
void IterativeCycle::repair() {
  const Rows start = starts_.forward(start_);
  failures_.repair(start);
  starts_.backward(start_);
  begin_from_start();
  advance(first_, last_);
  parts_.ensemble.update_members();
}

ConstRows IterativeCycle::run() {
  starts_.backward(start_);
  begin_from_start();
  advance(first_, last_);
  parts_.ensemble.update_members();
  const Rows mine = parts_.ensemble.members();
  const ConstRows observed = observed_.forward(observations_.observe(mine));
  shared_ = ends_.forward(mine);
  return observed;
}

CycleReport IterativeCycle::analyse(Index n) {
  CycleReport report = begin(n);
  last_ = step_of(n);
  first_ = step_of(n - filter_->lag());
  if (report.failed > 0) repair();
  const Rows mine = parts_.ensemble.members();
  const Rows seen = observations_.observe(mine);
  const observations::Batch& batch = observations_.batch();
  report.counts = observations_.counts();
  observed_.resize(batch.size());
  const Rows observed = observed_.forward(seen);
  const Rows start = starts_.forward(start_);
  shared_ = ends_.forward(mine);

  report.background = verification_.background(shared_, truth(), n);
  const Index first = observed_.share().begin;
  const Real* value = batch.value.data() + first;
  const Real* variance = batch.variance.data() + first;
  report.innovation = innovation_.evaluate(observed, value, variance, batch.size());
  report.filter = filter_->analyse({.start = start,
                                    .end = shared_,
                                    .observed = observed,
                                    .forecast = *this,
                                    .value = value,
                                    .variance = variance,
                                    .first_observation = first,
                                    .observations = batch.size(),
                                    .cycle = n});
  report.analysis = verification_.analysis(shared_, truth(), n);
  slide(n);
  return report;
}

// The smoothed start runs on to the next one, and from there to the present.
void IterativeCycle::slide(Index n) {
  starts_.backward(start_);
  begin_from_start();
  const Index next = step_of(n + 1 - filter_->lag());
  if (next > first_) {
    advance(first_, next);
    keep_start();
  }
  advance(next, last_);
  parts_.ensemble.update_members();
  shared_ = ends_.forward(parts_.ensemble.members());
}

Real IterativeCycle::bytes() const {
  const auto members = static_cast<Real>(parts_.ensemble.owned().size() * parts_.ensemble.dofs());
  return 16 * members + observations_.bytes() + filter_->bytes() + starts_.bytes() + ends_.bytes() +
         observed_.bytes();
}

void IterativeCycle::save(io::CheckpointWriter& file) const {
  verification_.save(file);
  file.integer("started", started_ ? 1 : 0);
  file.rows("window_start", parts_.ensemble.size(), parts_.ensemble.owned().begin, Rows(start_));
}

void IterativeCycle::load(const io::Checkpoint& file) {
  verification_.load(file);
  started_ = file.integer("started") != 0;
  file.rows("window_start", parts_.ensemble.size(), parts_.ensemble.owned().begin, Rows(start_));
}

}  // namespace starling::campaigns
