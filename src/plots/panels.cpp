// SPDX-License-Identifier: BSD-3-Clause
#include "plots/panels.hpp"

#include "core/error.hpp"
#include "plots/series.hpp"
#include "plots/style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numeric>

namespace starling::plots {
namespace {

constexpr std::size_t most_bars = 60;  // of a rank histogram

Rgb colour_of(const std::string& state) {
  return state == "background" ? style::background : style::analysis;
}

void across_time(Axis& axis, Window time) {
  axis.from = time.from;
  axis.to = time.to > time.from ? time.to : time.from + 1;
}

// A straight line along x.
Curve level(const Panel& panel, Real y, const std::string& title, Rgb colour) {
  Curve curve{Mark::line, title, colour, {panel.x.from, panel.x.to}, {y, y}, {}};
  curve.width = 1.1;
  return curve;
}

// Modes beyond the first with something to show on a logarithmic scale.
Curve spectrum_curve(const Run& run, const std::string& name, const std::string& title,
                     Rgb colour) {
  const std::vector<Real> k = run.read("/spectra/wavenumber"), e = run.read("/spectra/" + name);
  Curve curve{Mark::line, title, colour, {}, {}, {}};
  curve.width = 1.8;
  for (std::size_t i = 0; i < std::min(k.size(), e.size()); ++i) {
    if (k[i] <= 0 || !(e[i] > 0)) continue;
    curve.x.push_back(k[i]);
    curve.y.push_back(e[i]);
  }
  return curve;
}

// Where a logarithmic y axis must begin for the legend in the lower left corner to lie below all
// curves.
Real below_legend(const Panel& panel) {
  Real lowest = std::log(panel.y.to), entries = 0;
  const Real middle = std::sqrt(panel.x.from * panel.x.to);
  for (const Curve& curve : panel.curves) {
    if (curve.title.empty()) continue;
    ++entries;
    for (std::size_t i = 0; i < curve.x.size() && curve.x[i] < middle; ++i) {
      lowest = std::min(lowest, std::log(curve.y[i]));
    }
  }
  const Real share = entries == 0 ? 0 : std::min((entries * 17 + 20) / panel.box.height, 0.6);
  return std::exp((lowest - share * std::log(panel.y.to)) / (1 - share));
}

// False for what a run that goes on has declared and not written yet.
bool has_positive(const Run& run, const std::string& dataset) {
  if (!run.has(dataset)) return false;
  const std::vector<Real> values = run.read(dataset);
  return std::any_of(values.begin(), values.end(), [](Real value) { return value > 0; });
}

// In flows the name goes before what the file says of it, "by viscosities" say.
std::string diagnostic_title(const Run& run, const std::string& dataset, const std::string& name) {
  const std::string label = run.label(dataset, name);
  if (run.dimensions() == 1) return label;
  const std::string title = words(name);
  const bool said = label.find(title) != std::string::npos;
  const bool goes_on = label.starts_with("by ") || label.starts_with("of ");
  return said ? label : title + (goes_on ? " " : ", ") + label;
}

bool is_zero(const std::vector<Real>& values, Real rounding) {
  return std::all_of(values.begin(), values.end(),
                     [rounding](Real value) { return std::abs(value) < rounding; });
}

}  // namespace

void add_heading(Page& page, const Run& run, const std::string& right) {
  constexpr Real margin = 24;
  page.add(Text{margin, 26, run.title(), style::heading_size, style::ink, true});
  const std::string facts = fmt::format("{}", fmt::join(run.facts(), " · "));
  page.add(Text{margin, 50, facts, style::title_size, style::faded});
  page.add(Text{style::page_width - margin, 26, right, style::title_size, style::faded, false,
                Align::right});
  if (run.title() != run.name()) {
    page.add(Text{style::page_width - margin, 50, run.name(), style::title_size, style::faded,
                  false, Align::right});
  }
}

std::string times_text(Window time) {
  return fmt::format("t = {:.6g} to {:.6g}", time.from, time.to);
}

bool has_scores(const Run& run) {
  return !run.cycle_time().empty() &&
         (run.has("/scores/analysis/rmse") || run.has("/scores/background/rmse"));
}

Panel score_panel(const Run& run, const Box& box, Window time) {
  Panel panel;
  panel.box = box;
  across_time(panel.x, time);
  for (const std::string state : {"background", "analysis"}) {
    for (const std::string score : {"rmse", "spread"}) {
      const std::string dataset = fmt::format("/scores/{}/{}", state, score);
      if (!run.has(dataset)) continue;
      Curve like;
      like.title = score == "rmse" ? state + " RMSE" : "spread";
      like.colour = colour_of(state);
      like.dashed = score == "spread";
      like.width = like.dashed ? 1.2 : 1.7;
      add_series(panel.curves, inside(run.cycle_time(), run.read(dataset), time), 0.6 * box.width,
                 like);
    }
  }
  panel.y.logarithmic = wants_logarithm(panel.curves);
  fit(panel.y, panel.curves);
  return panel;
}

void add_references(Panel& panel, const Run& run) {
  const auto reference = [&](std::optional<Real> value, const std::string& title, bool dashed) {
    if (!value || *value < panel.y.from || *value > panel.y.to) return;
    Curve line = level(panel, *value, title, style::neutral);
    line.dashed = dashed;
    panel.curves.insert(panel.curves.begin(), std::move(line));
  };
  reference(run.observation_error(), "observation error", false);
  reference(run.summary("climatology/rmse"), "climatology", true);
}

bool has_ranks(const Run& run, const std::string& state) {
  return has_positive(run, "/rank_histogram/" + state);
}

Panel rank_panel(const Run& run, const std::string& state, const std::string& name,
                 const Box& box) {
  const std::vector<Real> counts = run.read("/rank_histogram/" + state);
  const Real total = std::accumulate(counts.begin(), counts.end(), 0.0);
  const auto bins = static_cast<Real>(counts.size());
  const Real expected = total / bins;
  Panel panel;
  panel.box = box;
  panel.title = name + ", " + state;
  // Chance is known for independent ranks only.
  const bool test = run.ranks_are_apart();
  if (const auto p = run.summary("rank_histogram/" + state + "/p_value"); p && test) {
    panel.title += *p < 0.001 ? " (p < 0.001)" : fmt::format(" (p = {:.2g})", *p);
  }
  panel.x = {"rank of the truth", -0.7, bins - 0.3};
  panel.x.whole = true;
  Curve bars{Mark::bars, "", colour_of(state), {}, {}, {}};
  bars.width = 0.82;
  bars.opacity = 0.85;
  // Neighbouring ranks share a bar where there are many.
  const std::size_t groups = std::min(counts.size(), most_bars);
  for (std::size_t g = 0; g < groups; ++g) {
    const std::size_t first = g * counts.size() / groups, end = (g + 1) * counts.size() / groups;
    const auto ranks = static_cast<Real>(end - first);
    const Real sum = std::accumulate(counts.begin() + static_cast<std::ptrdiff_t>(first),
                                     counts.begin() + static_cast<std::ptrdiff_t>(end), 0.0);
    bars.x.push_back(static_cast<Real>(first + end - 1) / 2);
    bars.y.push_back(expected > 0 ? sum / (expected * ranks) : 0);
  }
  const auto bar = static_cast<Real>(groups);
  bars.width *= bins / bar;
  // A count of a flat histogram is binomial; 1.96 of its standard deviations either way.
  const Real half = total > 0 ? 1.96 * std::sqrt((bar - 1) / total) : 0;
  Curve band{Mark::band,
             "",
             style::neutral,
             {panel.x.from, panel.x.to},
             {std::max(1 - half, 0.0), std::max(1 - half, 0.0)},
             {1 + half, 1 + half}};
  band.opacity = 0.35;
  panel.curves = {bars};
  if (test) panel.curves.push_back(band);
  panel.curves.push_back(level(panel, 1, "", style::ink));
  fit(panel.y, panel.curves);
  panel.y.from = 0;
  panel.y.to = std::max(panel.y.to, 1.5);
  return panel;
}

bool has_spectra(const Run& run) {
  return has_positive(run, "/spectra/wavenumber") &&
         (has_positive(run, "/spectra/truth") || has_positive(run, "/spectra/mean_energy"));
}

Panel spectrum_panel(const Run& run, const Box& box) {
  Panel panel;
  panel.box = box;
  panel.legend = Legend::inside;
  panel.x.label = "wavenumber k";
  panel.x.logarithmic = panel.y.logarithmic = true;
  const auto add = [&](const std::string& name, const std::string& title, Rgb colour, bool dashed) {
    if (!run.has("/spectra/" + name)) return;
    Curve curve = spectrum_curve(run, name, title, colour);
    curve.dashed = dashed;
    if (dashed) curve.width = 1.2;
    if (!curve.x.empty()) panel.curves.push_back(std::move(curve));
  };
  add("mean_energy", "", style::analysis, false);
  add("truth", "truth", style::truth, false);
  add("background_error", "background error", style::background, false);
  add("background_spread", "background spread", style::background, true);
  add("analysis_error", "analysis error", style::analysis, false);
  add("analysis_spread", "analysis spread", style::analysis, true);
  Real first = 0, last = 0;
  for (const Curve& curve : panel.curves) {
    first = first == 0 ? curve.x.front() : std::min(first, curve.x.front());
  }
  panel.x.from = first * 0.92;
  fit(panel.y, panel.curves);
  // What lies further below the top is rounding and truncated modes.
  const Real floor = std::max(panel.y.from, panel.y.to * 1e-9);
  for (Curve& curve : panel.curves) {
    while (!curve.y.empty() && curve.y.back() < floor) {
      curve.x.pop_back();
      curve.y.pop_back();
    }
    if (!curve.x.empty()) last = std::max(last, curve.x.back());
  }
  panel.x.to = last * 1.08;
  fit(panel.y, panel.curves);
  panel.y.from = std::min(std::max(panel.y.from, floor), below_legend(panel));
  return panel;
}

std::string words(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string unit_of(const Run& run, const std::string& dataset) {
  const std::string label = run.label(dataset, "");
  const std::size_t begin = label.rfind(" [");
  return begin == std::string::npos ? "" : label.substr(begin + 1);
}

std::string short_title(const Run& run, const std::string& dataset) {
  std::string out = words(dataset.substr(dataset.rfind('/') + 1));
  out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  const std::string unit = unit_of(run, dataset);
  return unit.empty() ? out : out + " " + unit;
}

Real rounding_of(const Run& run) {
  constexpr Real rounding = 1e-12;
  if (run.dimensions() == 1 || !run.has("/diagnostics/energy")) return rounding;
  const Real energy = quantile(run.read("/diagnostics/energy"), 1);
  return energy > 0 ? rounding * std::min(energy, 1.0) : rounding;
}

std::vector<std::string> diagnostics_of(const Run& run) {
  std::vector<std::string> out;
  if (run.diagnostic_time().empty()) return out;
  for (const std::string& name : run.datasets("/diagnostics")) {
    const std::string dataset = "/diagnostics/" + name;
    if (!run.has(dataset) || name == "time") continue;
    if (run.dimensions() == 1 || !is_zero(run.read(dataset), rounding_of(run)))
      out.insert(name == "energy" ? out.begin() : out.end(), dataset);
  }
  return out;
}

Panel diagnostic_panel(const Run& run, const std::string& dataset, const Box& box, Window time) {
  Panel panel;
  panel.box = box;
  across_time(panel.x, time);
  const std::string name = dataset.substr(dataset.rfind('/') + 1);
  panel.title = diagnostic_title(run, dataset, name);
  add_series(panel.curves, inside(run.diagnostic_time(), run.read(dataset), time), 1.5 * box.width,
             {Mark::line, "", style::analysis, {}, {}, {}});
  if (run.dimensions() == 1) {
    fit(panel.y, panel.curves);
  } else {
    fit_past_start(panel.y, panel.curves, 4, rounding_of(run));
  }
  return panel;
}

Panel phase_panel(const Run& run, const Box& box, Window time) {
  Panel panel;
  panel.box = box;
  panel.title = "Phase space";
  const auto last = static_cast<std::size_t>(std::ssize(run.x()) - 1);
  panel.x.label = "variable 1";
  panel.y.label = fmt::format("variable {}", last + 1);
  for (const std::string dataset : {"/fields/truth", "/fields/analysis_mean", "/fields/mean"}) {
    if (!run.has(dataset)) continue;
    const Field field = run.field(dataset, time);
    Curve curve;
    curve.colour = dataset == "/fields/truth" ? style::truth : style::analysis;
    // Between analyses, far apart in time, there is no way to be drawn.
    curve.mark = run.has("/fields/truth") ? Mark::points : Mark::line;
    curve.width = curve.mark == Mark::points ? 0.5 : 1;
    for (std::size_t i = 0; i < field.values.size(); i += last + 1) {
      curve.x.push_back(field.values[i]);
      curve.y.push_back(field.values[i + last]);
    }
    panel.curves.push_back(std::move(curve));
  }
  std::vector<Curve> turned = panel.curves;
  for (Curve& curve : turned) curve.x.swap(curve.y);
  fit(panel.x, turned);
  fit(panel.y, panel.curves);
  return panel;
}

Panel trajectory_panel(const Run& run, Index variable, const Box& box, Window time) {
  Panel panel;
  panel.box = box;
  across_time(panel.x, time);
  const auto curve = [&](const std::string& dataset, const std::string& title, Rgb colour) {
    const Field field = run.field(dataset, time);
    Curve out{Mark::line, title, colour, field.time, {}, {}};
    for (Index frame = 0; frame < field.frames(); ++frame) {
      out.y.push_back(field.values[static_cast<std::size_t>(frame * field.points() + variable)]);
    }
    return out;
  };
  const bool analysed = run.has("/fields/analysis_mean");
  const std::string mean = analysed                             ? "/fields/analysis_mean"
                           : run.has("/fields/background_mean") ? "/fields/background_mean"
                                                                : "/fields/mean";
  if (run.has(mean)) {
    const std::string spread = mean.substr(0, mean.size() - 4) + "spread";
    Curve line = curve(mean, analysed ? "analysis mean" : "ensemble mean", style::analysis);
    if (run.has(spread)) {
      const Curve half = curve(spread, "", style::analysis);
      Curve band = half;
      band.mark = Mark::band;
      band.title = "± 2 spreads";
      band.opacity = 0.25;
      band.other = half.y;
      for (std::size_t i = 0; i < std::min(half.y.size(), line.y.size()); ++i) {
        band.y[i] = line.y[i] - 2 * half.y[i];
        band.other[i] = line.y[i] + 2 * half.y[i];
      }
      panel.curves.push_back(std::move(band));
    }
    panel.curves.push_back(std::move(line));
  }
  if (run.has("/fields/truth")) {
    panel.curves.push_back(curve("/fields/truth", "truth", style::truth));
    panel.curves.back().width = 1.1;
  }
  fit(panel.y, panel.curves);
  return panel;
}

}  // namespace starling::plots
