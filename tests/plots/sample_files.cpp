// SPDX-License-Identifier: BSD-3-Clause
#include "plots/sample_files.hpp"

#include "io/series_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <utility>
#include <vector>

namespace starling::test_support {
namespace {

constexpr Real length = 100;
constexpr Index members = 12;

using Profile = std::function<Real(Real x, Real t)>;

// Waves of incommensurate speeds: never the same twice.
Real waves(Real x, Real t, Real phase) {
  const Real q = 2 * std::numbers::pi / length;
  return 1.1 * std::sin(5 * q * x + 0.23 * t + phase) + 0.8 * std::cos(8 * q * x - 0.41 * t) +
         0.6 * std::sin(11 * q * x + 0.57 * t + 2 * phase);
}

Real truth(Real x, Real t) { return waves(x, t, 0); }

// A file under way: series with a profile or a function of time each, put frame by frame.
class Writer {
 public:
  Writer(const std::string& path, const std::string& verb, const SampleRun& run, MPI_Comm self)
      : file_(self, path, {verb, "starling " + verb + " sample.toml", 1}), run_(run) {
    config_ = fmt::format(
        "[model]\nname = \"lorenz96\"\n[ensemble]\nmembers = {}\n[filter]\nname = \"etkf\"\n"
        "inflation = {}\n[observations]\nerror_std = 1.0\n",
        members, run.inflation);
    frames_ = file_.axis("frames", run.frames);
    cycles_ = file_.axis("cycles", run.frames);
    scalar(frames_, "/time", [](Real t) { return t; });
    config_text_ = file_.text("/config", std::ssize(config_));
    summary_text_ = file_.text("/summary", 4096);
    fixed("/coordinates/x", coordinates());
  }

  void scalar(io::Axis axis, const std::string& name, std::function<Real(Real)> value) {
    scalars_.emplace_back(file_.series(axis, {.name = name}), std::move(value));
  }
  void field(const std::string& name, Profile profile) {
    fields_.emplace_back(file_.series(frames_, {.name = name,
                                                .shape = {run_.points},
                                                .mine = Range{0, run_.points},
                                                .stored = io::Stored::real32}),
                         std::move(profile));
  }
  void fixed(const std::string& name, std::vector<Real> values) {
    fixed_.emplace_back(file_.fixed({.name = name, .shape = {std::ssize(values)}}),
                        std::move(values));
  }

  void run(const std::string& summary) {
    file_.create(true);
    const std::vector<Real> x = coordinates();
    std::vector<Real> row(x.size());
    for (Index frame = 0; frame < run_.complete; ++frame) {
      const auto t = static_cast<Real>(frame + 1);
      for (const auto& [series, value] : scalars_) file_.put(series, frame, value(t));
      for (const auto& [series, profile] : fields_) {
        for (std::size_t i = 0; i < x.size(); ++i) row[i] = profile(x[i], t);
        file_.put(series, frame, row.data());
      }
      if (file_.full()) file_.flush();
    }
    if (run_.complete < run_.frames) {
      file_.flush();
      return;
    }
    for (const auto& [dataset, values] : fixed_) file_.write(dataset, values.data());
    file_.write(config_text_, config_);
    file_.write(summary_text_, summary);
    file_.commit();
  }

  io::Axis frames() const { return frames_; }
  io::Axis cycles() const { return cycles_; }

 private:
  std::vector<Real> coordinates() const {
    std::vector<Real> out;
    for (Index i = 0; i < run_.points; ++i) {
      out.push_back(length * static_cast<Real>(i) / static_cast<Real>(run_.points));
    }
    return out;
  }

  io::SeriesFile file_;
  SampleRun run_;
  std::string config_;
  io::Axis frames_{}, cycles_{};
  io::Text config_text_{}, summary_text_{};
  std::vector<std::pair<io::Series, std::function<Real(Real)>>> scalars_;
  std::vector<std::pair<io::Series, Profile>> fields_;
  std::vector<std::pair<io::Fixed, std::vector<Real>>> fixed_;
};

constexpr Index modes = 32;

std::vector<Real> wavenumbers() {
  std::vector<Real> out;
  for (Index k = 0; k < modes; ++k) {
    out.push_back(2 * std::numbers::pi / length * static_cast<Real>(k));
  }
  return out;
}

std::vector<Real> spectrum(Real amplitude) {
  std::vector<Real> out;
  for (Index k = 0; k < modes; ++k) {
    const auto mode = static_cast<Real>(k);
    out.push_back(amplitude / (1 + std::pow(mode / 6, 4)) * std::exp(-mode / 3));
  }
  return out;
}

std::vector<Real> counts(Real bend) {
  std::vector<Real> out;
  for (Index rank = 0; rank <= members; ++rank) {
    const Real s = 2 * static_cast<Real>(rank) / static_cast<Real>(members) - 1;
    out.push_back(std::round(200 * (1 + bend * (3 * s * s - 1))));
  }
  return out;
}

}  // namespace

void write_assimilation(const std::string& path, const SampleRun& run, MPI_Comm self) {
  Writer file(path, "assimilate", run, self);
  const Real error = run.error;
  const auto spread = [](Real factor) {
    return [factor](Real x, Real t) { return factor * (1 + 0.5 * waves(x, t, 1) / 2.5); };
  };
  const auto estimate = [error](Real factor) {
    return [=](Real x, Real t) { return truth(x, t) + factor * error * waves(x, 1.7 * t, 2); };
  };
  file.field("/fields/truth", truth);
  file.field("/fields/background_mean", estimate(1.5));
  file.field("/fields/background_spread", spread(1.4 * error));
  file.field("/fields/analysis_mean", estimate(1));
  file.field("/fields/analysis_spread", spread(error));
  file.scalar(file.cycles(), "/cycles/time", [](Real t) { return t; });
  // A spin-up from an error of one, then a wiggle.
  const auto score = [&](const std::string& name, Real level) {
    file.scalar(file.cycles(), name, [level](Real t) {
      return level * (1 + 0.2 * std::sin(0.9 * t) + 0.1 * std::sin(2.3 * t)) + std::exp(-t / 8);
    });
  };
  score("/scores/background/rmse", 1.5 * error);
  score("/scores/background/spread", 1.4 * error);
  score("/scores/background/crps_fair", 0.8 * error);
  score("/scores/analysis/rmse", error);
  score("/scores/analysis/spread", 1.1 * error);
  score("/scores/analysis/crps_fair", 0.55 * error);
  file.scalar(file.cycles(), "/innovation/variance",
              [](Real t) { return 1.2 + 0.3 * std::sin(3 * t); });
  file.scalar(file.cycles(), "/innovation/expected_variance", [](Real) { return 1.15; });
  file.fixed("/rank_histogram/background", counts(0.05));
  file.fixed("/rank_histogram/analysis", counts(0.2));
  file.fixed("/spectra/wavenumber", wavenumbers());
  file.fixed("/spectra/truth", spectrum(1));
  file.fixed("/spectra/background_error", spectrum(0.1));
  file.fixed("/spectra/analysis_error", spectrum(0.05));
  file.run(fmt::format(R"({{"scores": {{"background": {{"rmse": {}}}, "analysis": {{"rmse": {}}}}},
                           "rank_histogram": {{"analysis": {{"p_value": 0.042}}}}}})",
                       1.5 * error, error));
}

void write_simulation(const std::string& path, const SampleRun& run, MPI_Comm self) {
  Writer file(path, "simulate", run, self);
  // Two members that part slowly.
  const auto apart = [](Real t) { return 1 / (1 + std::exp((60 - t) / 8)); };
  const auto member = [=](Real side) {
    return [=](Real x, Real t) { return waves(x, t, side * apart(t)); };
  };
  file.field("/members/0", member(1));
  file.field("/members/1", member(-1));
  file.field("/fields/mean",
             [=](Real x, Real t) { return (waves(x, t, apart(t)) + waves(x, t, -apart(t))) / 2; });
  file.field("/fields/spread", [=](Real x, Real t) {
    return std::abs(waves(x, t, apart(t)) - waves(x, t, -apart(t))) / std::sqrt(2.0);
  });
  file.scalar(file.frames(), "/diagnostics/energy",
              [](Real t) { return 0.9 + 0.1 * std::sin(0.3 * t) + 0.05 * std::sin(0.71 * t); });
  file.scalar(file.frames(), "/diagnostics/dissipation",
              [](Real t) { return 0.4 + 0.1 * std::cos(0.3 * t); });
  file.scalar(file.frames(), "/diagnostics/mean", [](Real) { return 0.0; });
  file.fixed("/spectra/wavenumber", wavenumbers());
  file.fixed("/spectra/mean_energy", spectrum(1));
  file.run("{}");
}

void write_exponents(const std::string& path, MPI_Comm self) {
  io::SeriesFile file(self, path, {"simulate", "starling simulate sample.toml", 1});
  const io::Fixed exponents = file.fixed({.name = "/lyapunov/exponents", .shape = {4}});
  const io::Fixed errors = file.fixed({.name = "/lyapunov/standard_errors", .shape = {4}});
  file.create(true);
  file.write(exponents, std::vector<Real>{0.5, 0.0, -0.25, -1.0}.data());
  file.write(errors, std::vector<Real>{0.02, 0.01, 0.02, 0.05}.data());
  file.commit();
}

void write_bare(const std::string& path, MPI_Comm self) {
  io::SeriesFile file(self, path, {"simulate", "starling simulate sample.toml", 1});
  file.create(true);
  file.commit();
}

}  // namespace starling::test_support
