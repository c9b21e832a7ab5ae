// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/simulation.hpp"

#include "campaigns/restart.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "ensemble/moments.hpp"
#include "io/agree.hpp"
#include "io/results.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace starling::campaigns {
namespace {

Index frames_of(const OutputSettings& settings, Index outputs) {
  return settings.fields_every == 0 ? 0 : outputs / settings.fields_every + 1;
}

}  // namespace

const Schema& simulation_schema() {
  static const Schema keys = {
      Key::real("duration", "length of the run [time units of the model]").above(0),
      Key::real("output_interval", "time between outputs").above(0),
      Key::boolean("statistics",
                   "probability densities and structure functions of the state and of "
                   "output.derived, in two and three dimensions")
          .otherwise(Value(false)),
  };
  return keys;
}

const Schema& lyapunov_schema() {
  static const Schema keys = {
      Key::integer("exponents", "how many of the largest").at_least(1),
      Key::real("interval", "time between two orthonormalisations").above(0),
      Key::real("transient", "time left out").at_least(0).otherwise(0.0),
      Key::real("duration", "time averaged over").above(0),
      Key::boolean("zero_mean", "only perturbations of zero mean").otherwise(Value(false)),
  };
  return keys;
}

diagnostics::LyapunovSettings lyapunov_settings(const Section& section, Real dt,
                                                std::uint64_t seed) {
  const Index interval = steps_of(section, "interval", dt);
  if (interval == 0) section.fail("interval", "is shorter than a step", "a multiple of stepper.dt");
  diagnostics::LyapunovSettings settings;
  settings.exponents = section.integer("exponents");
  settings.interval_steps = interval;
  const auto intervals = [&](const char* key) {
    const Index steps = steps_of(section, key, dt);
    if (steps % interval != 0) section.fail(key, "is cut off", "a multiple of lyapunov.interval");
    return steps / interval;
  };
  settings.transient_intervals = intervals("transient");
  settings.intervals = intervals("duration");
  settings.zero_mean = section.boolean("zero_mean");
  settings.seed = seed;
  return settings;
}

namespace {

// Values of one field in one dimension have a spectrum; in more, models know theirs.
bool has_spectrum(const Simulation::Parts& parts) {
  return parts.model.spectra().empty() && parts.domain.periodic() &&
         size_of(parts.processes.space()) == 1;
}

std::vector<Real> wavenumbers_of(const Simulation::Parts& parts) {
  if (has_spectrum(parts)) return diagnostics::Spectrum(parts.domain).wavenumbers();
  return parts.model.bins();
}

}  // namespace

Simulation::Simulation(const Parts& parts, const Section& settings, const OutputSettings& output,
                       const Options& options)
    : parts_(parts),
      settings_(output),
      options_(options),
      interval_(steps_of(settings, "output_interval", parts.forecast.dt())),
      outputs_(steps_of(settings, "duration", parts.forecast.dt()) / std::max<Index>(1, interval_)),
      transpose_(parts.processes, parts.ensemble.size(), parts.ensemble.dofs()),
      sums_(parts.processes.members(), blocks_of(transpose_.share(), dof_block), 2,
            parts.processes.space()),
      spectrum_(parts.domain),
      spectra_(parts.processes.members(), blocks_of(parts.ensemble.owned(), 2), spectrum_.modes()),
      file_(parts.processes.world(), output.file, {"simulate", options.command_line, parts.seed}),
      common_(file_, output,
              {.domain = parts.domain,
               .my_columns = parts.ensemble.value_columns().part(transpose_.share()),
               .frames = frames_of(output, outputs_),
               .members = parts.ensemble.size(),
               .member_name = "member",
               .wavenumbers = wavenumbers_of(parts),
               .config = parts.config}),
      has_spectrum_(has_spectrum(parts)),
      spectrum_sum_(static_cast<std::size_t>(spectrum_.modes())),
      spectrum_now_(spectrum_sum_.size()),
      column_mean_(static_cast<std::size_t>(transpose_.share().size())),
      column_spread_(column_mean_.size()) {
  if (interval_ == 0)
    settings.fail("output_interval", "is shorter than a step", "a multiple of stepper.dt");
  if (outputs_ == 0 || outputs_ * interval_ != steps_of(settings, "duration", parts.forecast.dt()))
    settings.fail("duration", "does not end with an output", "a multiple of output_interval, > 0");
  const io::Axis axis = file_.axis("outputs", outputs_ + 1);
  time_ =
      file_.series(axis, {.name = "/diagnostics/time", .units = "model time", .long_name = "time"});
  if (parts.model.quantities().empty()) {
    energy_ = file_.series(
        axis, {.name = "/diagnostics/energy", .long_name = "energy <u^2>/2, mean of the members"});
    mean_ =
        file_.series(axis, {.name = "/diagnostics/mean", .long_name = "mean <u> of the members"});
    largest_ = file_.series(axis, {.name = "/diagnostics/largest", .long_name = "largest |u|"});
  }
  measurements_.emplace(parts.processes, parts.model, parts.ensemble, file_, common_, axis,
                        outputs_ + 1, settings_);
  if (settings.boolean("statistics"))
    statistics_.emplace(parts.processes, parts.model, parts.ensemble, parts.domain, file_,
                        settings_.derived);

  if (settings_.fields_every > 0) {
    frame_mean_ = common_.field("/fields/mean", "ensemble mean");
    frame_spread_ = common_.field("/fields/spread", "ensemble spread");
  }
  if (has_spectrum_)
    energy_spectrum_ =
        common_.spectrum("/spectra/mean_energy", "energy spectrum, mean over members and outputs");
  if (parts.lyapunov) {
    const std::vector<Index> shape = {parts.lyapunov->exponents};
    exponents_ = file_.fixed({.name = "/lyapunov/exponents",
                              .shape = shape,
                              .long_name = "Lyapunov exponents [1/time]"});
    exponent_errors_ = file_.fixed({.name = "/lyapunov/standard_errors",
                                    .shape = shape,
                                    .long_name = "standard errors of the exponents [1/time]"});
  }
}

Real Simulation::memory() const {
  const auto members = static_cast<Real>(parts_.ensemble.owned().size() * parts_.ensemble.dofs());
  return 8 * members + transpose_.bytes();
}

Summary Simulation::run() {
  Control control(parts_.processes.world(), options_.max_wall, settings_.checkpoint_seconds);
  if (!resume()) {
    common_.create(options_.force);
    parts_.initial.start(parts_.ensemble, nullptr, parts_.forecast);
    record(0);
    first_output_ = 1;
  }
  Progress progress(parts_.title, "steps", steps(), step_, parts_.processes.is_root());
  for (Index output = first_output_; output <= outputs_; ++output) {
    const Control::Verdict verdict = control.run_to(
        step_, output * interval_,
        [&](Index count) -> std::string {
          const auto failure = parts_.ensemble.advance(step_, count);
          return failure ? describe_failure(*failure, parts_.ensemble) : "";
        },
        [&] { file_.flush(); });
    if (verdict.refresh) progress.update(step_);
    if (verdict.stop) {
      checkpoint(output);
      throw control.stopped(fmt::format("after {} of {} steps", step_, steps()),
                            settings_.checkpoint_file());
    }
    record(output);
    if (verdict.checkpoint) {
      checkpoint(output + 1);
    } else if (verdict.flush) {
      file_.flush();
    }
  }
  progress.update(step_);
  return finish(control);
}

void Simulation::record(Index output) {
  if (file_.full()) file_.flush();
  parts_.ensemble.update_members();
  const Rows block = transpose_.forward(parts_.ensemble.members());
  const Real time = parts_.ensemble.dt() * static_cast<Real>(step_);
  file_.put(time_, output, time);
  if (parts_.model.quantities().empty()) record_values(output, block);
  measurements_->record(output, time);
  if (statistics_) statistics_->add();
  if (has_spectrum_) add_spectrum();
  if (settings_.fields_every == 0 || output % settings_.fields_every != 0) return;
  const Index frame = output / settings_.fields_every;
  ensemble::moments(column_mean_.data(), column_spread_.data(), block);
  common_.put(frame, time, [&](Index number) { return block.data() + number * width_of(block); });
  common_.put(frame_mean_, frame, column_mean_.data());
  common_.put(frame_spread_, frame, column_spread_.data());
  measurements_->record_fields(frame);
}

void Simulation::record_values(Index output, const Rows& block) {
  const Index columns = width_of(block), members = rows_of(block);
  // Sums over whole blocks of columns, members in order: the same for any number of ranks.
  Real largest = 0;
  for (Index first = 0; first < columns; first += dof_block) {
    Real sum = 0, squares = 0;
    const Index end = std::min(columns, first + dof_block);
    for (Index m = 0; m < members; ++m)
      for (Index j = first; j < end; ++j) {
        const Real u = block(static_cast<std::size_t>(m), static_cast<std::size_t>(j));
        sum += u;
        squares += u * u;
        largest = std::max(largest, std::abs(u));
      }
    sums_.next()[0] = sum;
    sums_.next()[1] = squares;
    sums_.add();
  }
  std::array<Real, 2> total{};
  sums_.finish(total.data());
  STARLING_MPI(
      MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_DOUBLE, MPI_MAX, parts_.processes.world()));
  const Real values = static_cast<Real>(members * parts_.domain.values());
  file_.put(energy_, output, total[1] / values / 2);
  file_.put(mean_, output, total[0] / values);
  file_.put(largest_, output, largest);
}

// Members are added in pairs, which are the same for any number of ranks.
void Simulation::add_spectrum() {
  const Rows members = parts_.ensemble.members();
  const Index count = rows_of(members);
  for (Index m = 0; m < count; m += 2) {
    Real* sum = spectra_.next();
    spectrum_.evaluate(sum, members.data() + m * parts_.domain.values());
    if (m + 1 < count) {
      spectrum_.evaluate(spectrum_now_.data(), members.data() + (m + 1) * parts_.domain.values());
      for (std::size_t k = 0; k < spectrum_now_.size(); ++k) sum[k] += spectrum_now_[k];
    }
    spectra_.add();
  }
  spectra_.finish(spectrum_now_.data());
  for (std::size_t k = 0; k < spectrum_now_.size(); ++k) spectrum_sum_[k] += spectrum_now_[k];
  spectra_added_ += parts_.ensemble.size();
}

void Simulation::checkpoint(Index next_output) {
  io::CheckpointWriter file(parts_.processes.world(), settings_.checkpoint_file());
  file.text("config", parts_.config);
  file.integer("output", next_output);
  file.integer("step", step_);
  save_ensemble(file, parts_.ensemble);
  save_results(file, file_);
  file.reals("spectrum_sum", spectrum_sum_);
  file.integer("spectra_added", spectra_added_);
  measurements_->save(file);
  if (statistics_) statistics_->save(file);
  file.commit();
}

bool Simulation::resume() {
  const auto file = checkpoint_of(parts_.processes.world(), settings_, options_, parts_.config);
  if (!file) return false;
  first_output_ = file->integer("output");
  step_ = file->integer("step");
  load_ensemble(*file, parts_.ensemble);
  load_results(*file, file_);
  spectrum_sum_ = file->reals("spectrum_sum");
  spectra_added_ = file->integer("spectra_added");
  measurements_->load(*file);
  if (statistics_) statistics_->load(*file);
  log::info("going on from {}: step {} of {}", file->path(), step_, steps());
  return true;
}

// Serial, on rank 0, which owns member 0. Stopped, they are begun anew by the next run.
void Simulation::find_lyapunov_exponents(Summary& summary, const Control& control) {
  const auto& settings = *parts_.lyapunov;
  diagnostics::LyapunovSpectrum spectrum;
  checkpoint(outputs_ + 1);
  io::on_root(parts_.processes.world(), [&] {
    const ConstRows start = row_range(ConstRows(parts_.ensemble.members()), 0, 1);
    Progress progress("Lyapunov exponents", "intervals",
                      settings.transient_intervals + settings.intervals, 0, true);
    spectrum = diagnostics::lyapunov_spectrum(
        parts_.forecast, start, settings, [&](Index done, Index, std::span<const Real> estimates) {
          if (control.stop_requested())
            throw control.stopped("before the Lyapunov exponents were known",
                                  settings_.checkpoint_file());
          progress.update(done,
                          estimates.empty() ? "" : fmt::format("lambda_1 {:.4f}", estimates[0]));
        });
    file_.write(exponents_, spectrum.exponents.data());
    file_.write(exponent_errors_, spectrum.standard_errors.data());
  });
  for (std::size_t i = 0; i < spectrum.exponents.size(); ++i) {
    log::info("  lambda_{:<3} {:>10.5f} +- {:.5f}", i + 1, spectrum.exponents[i],
              spectrum.standard_errors[i]);
    summary.number(fmt::format("lyapunov/lambda_{}", i + 1), spectrum.exponents[i]);
  }
  if (spectrum.exponents.empty()) return;
  log::info("  Kaplan-Yorke dimension {:.3f}", spectrum.kaplan_yorke);
  summary.number("lyapunov/kaplan_yorke_dimension", spectrum.kaplan_yorke);
}

Summary Simulation::finish(const Control& control) {
  file_.sync();
  Summary summary;
  summary.number("members", static_cast<Real>(parts_.ensemble.size()));
  summary.number("steps", static_cast<Real>(steps()));
  for (const char* name : {"energy", "mean"}) {
    if (!parts_.model.quantities().empty()) break;
    std::vector<Real> series;
    io::on_root(parts_.processes.world(), [&] {
      series = io::Results(file_.part_path()).read(std::string("/diagnostics/") + name);
    });
    summary.average(std::string("diagnostics/") + name, diagnostics::estimate_mean(series));
  }

  measurements_->finish(summary, file_.part_path());
  if (statistics_) statistics_->finish();
  if (parts_.lyapunov) find_lyapunov_exponents(summary, control);
  if (has_spectrum_) {
    std::vector<Real> spectrum = spectrum_sum_;
    for (Real& e : spectrum) e /= static_cast<Real>(spectra_added_);
    file_.write(energy_spectrum_, spectrum.data());
  }
  common_.write(summary);
  common_.commit();
  io::Checkpoint::remove(parts_.processes.world(), settings_.checkpoint_file());
  return summary;
}

}  // namespace starling::campaigns
