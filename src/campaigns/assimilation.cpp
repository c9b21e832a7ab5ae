// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/assimilation.hpp"

#include "campaigns/restart.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"

#include <algorithm>

namespace starling::campaigns {
namespace {

Index cycles_of(const Section& settings, const ObservationSource& source) {
  return std::min(settings.integer("cycles"), source.batches());
}

Index checked_burn_in(const Section& settings, Index cycles) {
  const Index burn_in = settings.integer("burn_in");
  if (burn_in >= cycles)
    settings.fail("burn_in", fmt::format("no cycle is left of {}", cycles),
                  "fewer than the cycles");
  return burn_in;
}

Smoothing smoothing_of(Smoothing smoothing, Index cycles) {
  smoothing.cycles = cycles;
  return smoothing;
}

bool checked_ancestry(const Section& settings, const Cycle& cycle) {
  if (settings.boolean("ancestry") && cycle.parents() == nullptr)
    settings.fail("ancestry", "this filter resamples nothing", "false");
  return settings.boolean("ancestry");
}

diagnostics::RankHistogram::Strides strides_of(const Section& settings) {
  return {settings.integer("rank_stride"), settings.integer("rank_interval")};
}

}  // namespace

const Schema& assimilation_schema() {
  static const Schema keys = {
      Key::integer("cycles", "number of analyses; with an observation file at most its batches")
          .at_least(1),
      Key::integer("burn_in", "cycles left out of averages").at_least(0).otherwise(0),
      Key::boolean("ancestry", "particle filters: record which particle each is a copy of")
          .otherwise(false),
      Key::integer("incremental_steps",
                   "steps over which the increment of an analysis is added in equal parts; 0: at "
                   "once. Not for filters that rotate: part of a rotation is none")
          .at_least(0)
          .otherwise(0),
      Key::text("on_member_failure",
                "a member that is not finite: stop ends the run; resample draws it anew from the "
                "others; drop goes on without it. Particle filters: resample and drop both take "
                "its weight")
          .one_of({"stop", "resample", "drop"})
          .otherwise("stop"),
      Key::integer("rank_stride", "rank histogram: every so many grid points count")
          .at_least(1)
          .otherwise(1),
      Key::integer("rank_interval", "rank histogram: every so many cycles count")
          .at_least(1)
          .otherwise(1),
  };
  return keys;
}

Assimilation::Assimilation(const Parts& parts, const Section& settings,
                           const OutputSettings& output, const Options& options)
    : parts_(parts),
      output_settings_(output),
      options_(options),
      cycles_(cycles_of(settings, parts.source)),
      burn_in_(checked_burn_in(settings, cycles_)),
      cycle_(make_cycle({.processes = parts.processes,
                         .forecast = parts.forecast,
                         .ensemble = parts.ensemble,
                         .truth = parts.truth,
                         .source = parts.source,
                         .domain = parts.domain,
                         .seed = parts.seed,
                         .strides = strides_of(settings),
                         .quality = parts.quality,
                         .initial = &parts.initial,
                         .climatology = parts.climatology,
                         .smoother_lag = parts.smoothing.lag,
                         .smoothing = smoothing_of(parts.smoothing, cycles_),
                         .incremental_steps = settings.integer("incremental_steps"),
                         .extras = parts.extras,
                         .sensors = parts.sensors,
                         .on_member_failure = on_member_failure(settings.text("on_member_failure")),
                         .make_filter = parts.make_filter},
                        parts.filter)),
      output_(parts.processes, output, options,
              {.cycles = cycles_,
               .burn_in = burn_in_,
               .members = parts.ensemble.size(),
               .rank_bins = cycle_->rank_bins(),
               .has_truth = parts.truth != nullptr,
               .particles = cycle_->parents() != nullptr,
               .ancestry = checked_ancestry(settings, *cycle_),
               .my_members = parts.ensemble.owned(),
               .smooths = parts.smoothing.lag > 0,
               .averages = cycle_->running_averages() != nullptr,
               .goes_back = cycle_->stages() > 0,
               .members_may_fail = settings.text("on_member_failure") != "stop",
               .domain = parts.domain,
               .config = parts.config,
               .seed = parts.seed,
               .extras = parts.extras},
              parts.ensemble.value_columns(parts.extras.size()), cycle_->columns()) {
  if (parts_.save.empty()) return;
  saved_ = std::make_unique<observations::Writer>(
      parts_.processes.world(), parts_.save,
      io::Provenance{"assimilate", options_.command_line, parts_.seed},
      parts_.source.file_size(cycles_));
}

Summary Assimilation::run() {
  Control control(parts_.processes.world(), options_.max_wall, output_settings_.checkpoint_seconds);
  if (!resume()) {
    output_.create(options_.force);
    if (saved_) saved_->create(options_.force);
    parts_.initial.start(parts_.ensemble, parts_.truth, parts_.forecast);
  }
  Index copies = 0, moves = 0;
  Progress progress(parts_.title, "cycles", cycles_, first_cycle_, parts_.processes.is_root() && !options_.quiet);
  for (Index n = first_cycle_; n < cycles_; ++n) {
    const Control::Verdict verdict = control.run_to(
        step_, parts_.source.step(n), [&](Index count) { return cycle_->forecast(step_, count); },
        [&] { output_.flush(); });
    if (verdict.stop) {
      checkpoint(n);
      throw control.stopped(fmt::format("after {} of {} cycles", n, cycles_),
                            output_settings_.checkpoint_file());
    }
    const CycleReport report = cycle_->analyse(n);
    output_.record(n, report, *cycle_, parts_.truth == nullptr ? nullptr : parts_.truth->values());
    copies += report.filter.copies;
    moves += report.filter.moves;
    failures_ += report.failed;
    if (saved_) saved_->append(cycle_->batch());
    if (verdict.refresh) progress.update(n + 1, status(report));
    if (verdict.checkpoint) {
      checkpoint(n + 1);
    } else if (verdict.flush) {
      output_.flush();
    }
  }
  progress.update(cycles_);
  go_back(control);
  if (cycle_->parents() != nullptr)
    log::info("resampling made {} copies, for which {} states went to another rank", copies, moves);
  if (failures_ > 0 && parts_.processes.is_root())
    log::warning("members that failed in this run: {}", failures_);
  const Summary summary = output_.summarise(*cycle_);
  if (saved_) saved_->commit();
  output_.commit(summary, *cycle_);
  io::Checkpoint::remove(parts_.processes.world(), output_settings_.checkpoint_file());
  return summary;
}

void Assimilation::go_back(Control& control) {
  const Index stages = cycle_->stages();
  if (stages == 0) return;
  Progress progress(parts_.title, "smoothing stages", stages, first_stage_,
                    parts_.processes.is_root() && !options_.quiet);
  for (Index s = first_stage_; s < stages; ++s) {
    const Control::Verdict verdict = control.agree();
    if (verdict.checkpoint) checkpoint(cycles_, s);
    if (verdict.stop)
      throw control.stopped(fmt::format("after {} of {} stages of smoothing", s, stages),
                            output_settings_.checkpoint_file());
    cycle_->stage(s);
    progress.update(s + 1);
  }
}

std::string Assimilation::status(const CycleReport& report) const {
  const Index rejected = report.counts.rejected;
  const std::string note = rejected > 0 ? fmt::format("  rejected {}", rejected) : "";
  if (parts_.truth == nullptr)
    return fmt::format("innovation chi2 {:.3f}{}", report.innovation.chi_square, note);
  return fmt::format("rmse {:.3g} -> {:.3g}  spread {:.3g} -> {:.3g}{}", report.background.rmse,
                     report.analysis.rmse, report.background.spread, report.analysis.spread, note);
}

void Assimilation::checkpoint(Index next_cycle, Index next_stage) {
  io::CheckpointWriter file(parts_.processes.world(), output_settings_.checkpoint_file());
  file.text("config", parts_.config);
  file.integer("cycle", next_cycle);
  file.integer("stage", next_stage);
  file.integer("step", step_);
  file.integer("failures", failures_);
  save_ensemble(file, parts_.ensemble);
  if (parts_.truth != nullptr) save_truth(file, *parts_.truth);
  cycle_->save(file);
  output_.save(file);
  if (saved_) {
    saved_->sync();
    const std::vector<Index> next = saved_->next();
    file.integers("saved", {next.begin(), next.end()});
  }
  file.commit();
}

bool Assimilation::resume() {
  const auto file =
      checkpoint_of(parts_.processes.world(), output_settings_, options_, parts_.config);
  if (!file) return false;
  first_cycle_ = file->integer("cycle");
  first_stage_ = file->integer("stage");
  step_ = file->integer("step");
  failures_ = file->integer("failures");
  load_ensemble(*file, parts_.ensemble);
  if (parts_.truth != nullptr) load_truth(*file, *parts_.truth);
  cycle_->load(*file);
  output_.resume(*file);
  if (saved_) {
    const auto& next = file->integers("saved");
    saved_->resume({next.begin(), next.end()});
  }
  log::info("going on from {}: cycle {} of {}", file->path(), first_cycle_, cycles_);
  return true;
}

}  // namespace starling::campaigns
