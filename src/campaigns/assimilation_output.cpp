// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/assimilation_output.hpp"

#include "campaigns/restart.hpp"
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "diagnostics/divergence.hpp"
#include "io/agree.hpp"
#include "io/results.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace starling::campaigns {
namespace {

// Left out before the cycle that shows that the truth is lost: errors grow to there for a while.
constexpr Index growth_cycles = 100;

struct Scalar {
  const char* name;
  const char* long_name;
  Real (*value)(const CycleReport&);
  bool needs_truth;
  const char* units = "model units";
  io::Stored stored = io::Stored::real64;
  bool needs_particles = false;
  bool needs_smoother = false;
  bool needs_failures = false;
};

constexpr std::array scalars = {
    Scalar{"/cycles/time", "time of the analysis", [](const CycleReport& r) { return r.time; },
           false, "model time"},
    Scalar{"/scores/background/rmse", "RMSE of the background mean",
           [](const CycleReport& r) { return r.background.rmse; }, true},
    Scalar{"/scores/background/spread", "spread of the background",
           [](const CycleReport& r) { return r.background.spread; }, true},
    Scalar{"/scores/background/crps", "CRPS of the background",
           [](const CycleReport& r) { return r.background.crps; }, true},
    Scalar{"/scores/background/crps_fair", "fair CRPS of the background",
           [](const CycleReport& r) { return r.background.fair_crps; }, true},
    Scalar{"/scores/background/crps_almost_fair", "almost fair CRPS of the background",
           [](const CycleReport& r) { return r.background.almost_fair_crps; }, true},
    Scalar{"/scores/analysis/rmse", "RMSE of the analysis mean",
           [](const CycleReport& r) { return r.analysis.rmse; }, true},
    Scalar{"/scores/analysis/spread", "spread of the analysis",
           [](const CycleReport& r) { return r.analysis.spread; }, true},
    Scalar{"/scores/analysis/crps", "CRPS of the analysis",
           [](const CycleReport& r) { return r.analysis.crps; }, true},
    Scalar{"/scores/analysis/crps_fair", "fair CRPS of the analysis",
           [](const CycleReport& r) { return r.analysis.fair_crps; }, true},
    Scalar{"/scores/analysis/crps_almost_fair", "almost fair CRPS of the analysis",
           [](const CycleReport& r) { return r.analysis.almost_fair_crps; }, true},
    Scalar{"/scores/smoothed/rmse", "RMSE of the smoothed mean, of `lag` analyses before",
           [](const CycleReport& r) { return r.smoothed.rmse; }, true, "model units",
           io::Stored::real64, false, true},
    Scalar{"/scores/smoothed/spread", "spread of the smoothed ensemble, of `lag` analyses before",
           [](const CycleReport& r) { return r.smoothed.spread; }, true, "model units",
           io::Stored::real64, false, true},
    Scalar{"/innovation/mean", "mean innovation",
           [](const CycleReport& r) { return r.innovation.mean; }, false},
    Scalar{"/innovation/variance", "variance of the innovations",
           [](const CycleReport& r) { return r.innovation.variance; }, false, "model units^2"},
    Scalar{"/innovation/expected_variance", "variance the ensemble and the errors predict",
           [](const CycleReport& r) { return r.innovation.expected; }, false, "model units^2"},
    Scalar{"/innovation/chi_square", "mean normalised square of the innovations",
           [](const CycleReport& r) { return r.innovation.chi_square; }, false, "1"},
    Scalar{"/observations/used", "observations assimilated",
           [](const CycleReport& r) { return static_cast<Real>(r.counts.used); }, false, "1",
           io::Stored::int64},
    Scalar{"/observations/missing", "observations without a value",
           [](const CycleReport& r) { return static_cast<Real>(r.counts.missing); }, false, "1",
           io::Stored::int64},
    Scalar{"/observations/rejected", "observations that failed quality control",
           [](const CycleReport& r) { return static_cast<Real>(r.counts.rejected); }, false, "1",
           io::Stored::int64},
    Scalar{"/ensemble/failed", "members that were not finite before the analysis",
           [](const CycleReport& r) { return static_cast<Real>(r.failed); }, false, "1",
           io::Stored::int64, false, false, true},
    Scalar{"/filter/effective_size", "1 / sum of squared weights before resampling",
           [](const CycleReport& r) { return r.filter.effective_size; }, false, "1",
           io::Stored::real64, true},
    Scalar{"/filter/log_likelihood", "logarithm of the likelihood of the observations",
           [](const CycleReport& r) { return r.filter.log_likelihood; }, false, "1",
           io::Stored::real64, true},
    Scalar{"/filter/copies", "particles that resampling replaced by a copy of another",
           [](const CycleReport& r) { return static_cast<Real>(r.filter.copies); }, false, "1",
           io::Stored::int64, true},
    // Depends on the ranks.
    Scalar{"/provenance/moves", "states that resampling sent to another rank",
           [](const CycleReport& r) { return static_cast<Real>(r.filter.moves); }, false, "1",
           io::Stored::int64, true},
};

Index frames_of(const OutputSettings& settings, Index cycles) {
  return settings.fields_every == 0 ? 0 : cycles / settings.fields_every;
}

}  // namespace

AssimilationOutput::AssimilationOutput(const ProcessGrid& processes, const OutputSettings& settings,
                                       const Options& options, Facts facts, const Columns& values,
                                       Range share)
    : processes_(&processes),
      world_(processes.world()),
      settings_(settings),
      facts_(std::move(facts)),
      values_(values),
      columns_(share),
      frames_(frames_of(settings, facts_.cycles)),
      file_(world_, settings.file, {"assimilate", options.command_line, facts_.seed}),
      common_(file_, settings,
              {.domain = facts_.domain,
               .my_columns = values.part(share),
               .frames = frames_,
               .members = facts_.members,
               .member_name = "member after the analysis",
               .wavenumbers = facts_.has_truth && facts_.domain.periodic() && frames_ > 0
                                  ? diagnostics::Spectrum(facts_.domain).wavenumbers()
                                  : std::vector<Real>{},
               .config = facts_.config}),
      gather_(world_, values.part(share)),
      climate_("assimilation_output::climate", 2, static_cast<std::size_t>(values.count())) {
  if (processes.is_root())
    for (auto* whole : {&whole_, &other_, &whole_truth_})
      whole->resize(static_cast<std::size_t>(facts_.domain.values()));
  const io::Axis cycles = file_.axis("cycles", facts_.cycles);
  for (const Scalar& scalar : scalars)
    if (has(scalar.needs_truth, scalar.needs_particles, scalar.needs_smoother,
            scalar.needs_failures))
      scalars_.push_back(file_.series(cycles, {.name = scalar.name,
                                               .units = scalar.units,
                                               .long_name = scalar.long_name,
                                               .stored = scalar.stored}));

  if (facts_.averages) {
    const auto columns = [&](const char* name, const char* what) {
      return file_.series(cycles, {.name = name,
                                   .shape = {facts_.domain.values()},
                                   .mine = values_.part(columns_),
                                   .units = "model units",
                                   .long_name = what});
    };
    average_ = columns("/smoothed/average",
                       "expectation of the average over all analyses so far, given all of them");
    average_square_ = columns("/smoothed/average_square", "the same of the squares");
    if (facts_.has_truth)
      average_rmse_ = file_.series(cycles, {.name = "/smoothed/average_rmse",
                                            .units = "model units",
                                            .long_name = "RMSE of the average"});
  }
  if (facts_.goes_back) declare_smoothed();
  if (facts_.ancestry) {
    parents_ = file_.series(
        cycles, {.name = "/filter/parents",
                 .shape = {facts_.members},
                 .mine = facts_.my_members,
                 .long_name = "number of the particle of the analysis that each one is a copy of",
                 .stored = io::Stored::int64});
    parents_buffer_.resize(static_cast<std::size_t>(facts_.my_members.size()));
  }
  for (const ExtraColumn& column : facts_.extras) {
    const auto series = [&](const char* name, const char* what) {
      return file_.series(cycles, {.name = fmt::format("/parameters/{}/{}", column.name, name),
                                   .units = "model units",
                                   .long_name = fmt::format("{} of {}", what, column.name)});
    };
    ExtraSeries& all = extras_.emplace_back();
    if (std::isfinite(column.truth)) all.truth = series("truth", "truth");
    all.background_mean = series("background_mean", "background mean");
    all.background_spread = series("background_spread", "background spread");
    all.analysis_mean = series("analysis_mean", "analysis mean");
    all.analysis_spread = series("analysis_spread", "analysis spread");
  }

  if (frames_ > 0) {
    if (facts_.has_truth) truth_ = common_.field("/fields/truth", "truth");
    background_mean_ = common_.field("/fields/background_mean", "background mean");
    background_spread_ = common_.field("/fields/background_spread", "background spread");
    analysis_mean_ = common_.field("/fields/analysis_mean", "analysis mean");
    analysis_spread_ = common_.field("/fields/analysis_spread", "analysis spread");
  }
  if (facts_.has_truth) {
    const std::vector<Index> bins = {facts_.rank_bins};
    background_ranks_ = file_.fixed({.name = "/rank_histogram/background",
                                     .shape = bins,
                                     .long_name = "counts of the rank of the truth",
                                     .stored = io::Stored::int64});
    analysis_ranks_ = file_.fixed({.name = "/rank_histogram/analysis",
                                   .shape = bins,
                                   .long_name = "counts of the rank of the truth",
                                   .stored = io::Stored::int64});
  }
  if (facts_.has_truth && facts_.domain.periodic() && frames_ > 0)
    for (const char* name : {"truth", "background_error", "analysis_error"})
      spectra_.push_back(
          {common_.spectrum(std::string("/spectra/") + name, "energy spectrum, mean over frames"),
           diagnostics::Spectrum(facts_.domain)});
}

void AssimilationOutput::declare_smoothed() {
  const auto fixed = [&](const char* name, std::vector<Index> shape, const char* what) {
    return file_.fixed(
        {.name = name, .shape = std::move(shape), .units = "model units", .long_name = what});
  };
  const std::vector<Index> fields = {facts_.cycles, facts_.domain.values()}, each = {facts_.cycles};
  smoothed_mean_ = fixed("/smoothed/mean", fields, "mean given all observations, each analysis");
  smoothed_spread_ = fixed("/smoothed/spread", fields, "standard deviation given all observations");
  smoothed_rms_spread_ = fixed("/smoothed/rms_spread", each, "RMS over the domain of the spread");
  if (facts_.has_truth)
    smoothed_rmse_ = fixed("/smoothed/rmse", each, "RMSE of the mean given all observations");
}

bool AssimilationOutput::has(bool needs_truth, bool needs_particles, bool needs_smoother,
                             bool needs_failures) const {
  return (facts_.has_truth || !needs_truth) && (facts_.particles || !needs_particles) &&
         (facts_.smooths || !needs_smoother) && (facts_.members_may_fail || !needs_failures);
}

bool AssimilationOutput::has_frame(Index n) const {
  return settings_.fields_every > 0 && (n + 1) % settings_.fields_every == 0;
}

void AssimilationOutput::record(Index n, const CycleReport& report, const Cycle& cycle,
                                const Real* truth) {
  if (file_.full()) file_.flush();
  std::size_t next = 0;
  for (const Scalar& scalar : scalars)
    if (has(scalar.needs_truth, scalar.needs_particles, scalar.needs_smoother,
            scalar.needs_failures))
      file_.put(scalars_[next++], n, scalar.value(report));
  if (facts_.ancestry) {
    std::copy(cycle.parents()->begin(), cycle.parents()->end(), parents_buffer_.begin());
    file_.put(parents_, n, parents_buffer_.data());
  }
  if (facts_.averages) {
    const Real* averages = cycle.running_averages()->data() + columns_.begin;
    file_.put(average_, n, averages);
    file_.put(average_square_, n, averages + facts_.domain.values());
    if (facts_.has_truth) file_.put(average_rmse_, n, report.average_rmse);
  }
  if (cycle.extras() != nullptr) record_extras(n, *cycle.extras());
  if (truth != nullptr && n >= facts_.burn_in) {
    for (std::size_t j = 0; j < climate_.extent(1); ++j) {
      climate_(0, j) += truth[j];
      climate_(1, j) += truth[j] * truth[j];
    }
    ++climate_count_;
  }
  if (has_frame(n))
    record_fields((n + 1) / settings_.fields_every - 1, report, cycle, truth, n >= facts_.burn_in);
}

void AssimilationOutput::record_extras(Index n, const ExtraMoments& moments) {
  for (std::size_t i = 0; i < extras_.size(); ++i) {
    if (std::isfinite(facts_.extras[i].truth))
      file_.put(extras_[i].truth, n, facts_.extras[i].truth);
    file_.put(extras_[i].background_mean, n, moments.background.mean[i]);
    file_.put(extras_[i].background_spread, n, moments.background.spread[i]);
    file_.put(extras_[i].analysis_mean, n, moments.analysis.mean[i]);
    file_.put(extras_[i].analysis_spread, n, moments.analysis.spread[i]);
  }
}

void AssimilationOutput::record_fields(Index frame, const CycleReport& report, const Cycle& cycle,
                                       const Real* truth, bool counts) {
  common_.put(frame, report.time, [&](Index number) { return cycle.member(number); });
  if (truth != nullptr) common_.put(truth_, frame, truth + columns_.begin);
  common_.put(background_mean_, frame, cycle.background().mean.data());
  common_.put(background_spread_, frame, cycle.background().spread.data());
  common_.put(analysis_mean_, frame, cycle.analysis().mean.data());
  common_.put(analysis_spread_, frame, cycle.analysis().spread.data());
  if (spectra_.empty() || !counts) return;
  gather_(whole_truth_.data(), truth + columns_.begin);
  gather_(whole_.data(), cycle.background().mean.data());
  gather_(other_.data(), cycle.analysis().mean.data());
  if (!processes_->is_root()) return;
  spectra_[0].mean.add(whole_truth_.data());
  spectra_[1].mean.add_difference(whole_.data(), whole_truth_.data());
  spectra_[2].mean.add_difference(other_.data(), whole_truth_.data());
}

void AssimilationOutput::save(io::CheckpointWriter& checkpoint) {
  save_results(checkpoint, file_);
  if (facts_.has_truth)
    checkpoint.rows("climate", 2, 0,
                    row_range(ConstRows(climate_), 0, processes_->group() == 0 ? 2 : 0), values_);
  checkpoint.integer("climate_count", climate_count_);
  for (std::size_t i = 0; i < spectra_.size(); ++i) {
    const auto sums = spectra_[i].mean.sums();
    checkpoint.reals(fmt::format("spectrum_{}", i), {sums.begin(), sums.end()});
    checkpoint.integer(fmt::format("spectrum_{}_count", i), spectra_[i].mean.count());
  }
}

void AssimilationOutput::resume(const io::Checkpoint& checkpoint) {
  load_results(checkpoint, file_);
  if (facts_.has_truth) checkpoint.rows("climate", 2, 0, climate_, values_);
  climate_count_ = checkpoint.integer("climate_count");
  for (std::size_t i = 0; i < spectra_.size(); ++i)
    spectra_[i].mean.restore(checkpoint.reals(fmt::format("spectrum_{}", i)),
                             checkpoint.integer(fmt::format("spectrum_{}_count", i)));
}

// A series after the burn-in, on rank 0; empty elsewhere.
std::vector<Real> AssimilationOutput::counted(const std::string& name) const {
  std::vector<Real> series;
  io::on_root(world_, [&] {
    series = io::Results(file_.part_path()).read(name);
    const auto first = static_cast<Index>(series.size()) - (facts_.cycles - facts_.burn_in);
    series.erase(series.begin(), series.begin() + std::max<Index>(first, 0));
    // A cycle without observations has no innovations.
    std::erase_if(series, [](Real x) { return !std::isfinite(x); });
  });
  return series;
}

// The error of a forecast that knows nothing but the time mean of the truth.
Real AssimilationOutput::climatology_rmse() const {
  Real variance = 0;
  const auto count = static_cast<Real>(std::max<Index>(1, climate_count_));
  for (std::size_t j = 0; j < climate_.extent(1); ++j) {
    const Real mean = climate_(0, j) / count;
    variance += climate_(1, j) / count - mean * mean;
  }
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &variance, 1, MPI_DOUBLE, MPI_SUM, processes_->space()));
  return std::sqrt(variance / static_cast<Real>(values_.all()));
}

Summary AssimilationOutput::summarise(const Cycle& cycle) {
  file_.sync();
  Summary summary;
  summary.number("cycles", static_cast<Real>(facts_.cycles));
  summary.number("burn_in", static_cast<Real>(facts_.burn_in));
  summary.number("members", static_cast<Real>(facts_.members));
  for (const Scalar& scalar : scalars) {
    const std::string name = std::string(scalar.name).substr(1);
    if (!has(scalar.needs_truth, scalar.needs_particles, scalar.needs_smoother,
             scalar.needs_failures) ||
        name == "cycles/time")
      continue;
    if (name.starts_with("provenance/")) continue;
    const std::vector<Real> series = counted(scalar.name);
    if (scalar.stored == io::Stored::real64) {
      summary.average(name, diagnostics::estimate_mean(series));
    } else {
      const Real total = std::accumulate(series.begin(), series.end(), 0.0);
      total > 0 ? summary.shown_number(name, total) : summary.number(name, total);
    }
  }
  for (const ExtraColumn& column : facts_.extras) {
    const std::string path = "parameters/" + column.name;
    if (std::isfinite(column.truth)) summary.shown_number(path + "/truth", column.truth);
    for (const char* name : {"analysis_mean", "analysis_spread"})
      summary.average(path + "/" + name,
                      diagnostics::estimate_mean(counted("/" + path + "/" + name)));
  }
  if (facts_.goes_back) summarise_smoothed(summary, cycle.smoothed());
  if (!facts_.has_truth) return summary;

  if (facts_.averages) {
    const std::vector<Real> series = counted("/smoothed/average_rmse");
    summary.shown_number("smoothed/average_rmse", series.empty() ? 0 : series.back());
  }
  const Real climatology = climatology_rmse();
  summary.shown_number("climatology/rmse", climatology);
  const std::vector<Real> errors = counted("/scores/analysis/rmse");
  if (const auto lost = diagnostics::first_divergence(errors, climatology / 2)) {
    summary.number("divergence/cycle", static_cast<Real>(facts_.burn_in + *lost));
    const auto held = static_cast<std::size_t>(std::max<Index>(0, *lost - growth_cycles));
    summary.average("scores/analysis/rmse_before_divergence",
                    diagnostics::estimate_mean({errors.data(), held}));
  }
  summary.flatness("rank_histogram/background",
                   diagnostics::test_flatness(cycle.background_ranks()));
  summary.flatness("rank_histogram/analysis", diagnostics::test_flatness(cycle.analysis_ranks()));
  return summary;
}

void AssimilationOutput::summarise_smoothed(Summary& summary, const SmoothedRun& run) const {
  const auto average = [&](const char* name, const std::vector<Real>& series) {
    summary.average(name, diagnostics::estimate_mean(
                              {series.data() + facts_.burn_in,
                               series.size() - static_cast<std::size_t>(facts_.burn_in)}));
  };
  if (facts_.has_truth) average("smoothed/rmse", run.rmse);
  average("smoothed/rms_spread", run.rms_spread);
}

void AssimilationOutput::commit(const Summary& summary, const Cycle& cycle) {
  if (facts_.has_truth) {
    const auto background = cycle.background_ranks();
    const auto analysis = cycle.analysis_ranks();
    file_.write(background_ranks_, std::vector<Real>(background.begin(), background.end()).data());
    file_.write(analysis_ranks_, std::vector<Real>(analysis.begin(), analysis.end()).data());
  }
  if (facts_.goes_back) {
    const SmoothedRun run = cycle.smoothed();
    file_.write(smoothed_mean_, run.mean.data());
    file_.write(smoothed_spread_, run.spread.data());
    file_.write(smoothed_rms_spread_, run.rms_spread.data());
    if (facts_.has_truth) file_.write(smoothed_rmse_, run.rmse.data());
  }
  for (const Spectra& each : spectra_) file_.write(each.dataset, each.mean.mean().data());
  common_.write(summary);
  common_.commit();
}

}  // namespace starling::campaigns
