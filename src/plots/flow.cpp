// SPDX-License-Identifier: BSD-3-Clause
#include "plots/flow.hpp"

#include "plots/panels.hpp"
#include "plots/series.hpp"
#include "plots/style.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace starling::plots {
namespace {

constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();

// Not only fluxes: work on some scales and of others has two signs too.
bool is_signed(const std::string& name, const std::vector<Real>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return name.find("_flux") != std::string::npos || *low < -1e-6 * std::abs(*high);
}

bool is_energy(const std::string& name) {
  return name == "energy_spectrum" || name.starts_with("kinetic_energy_spectrum");
}

// Wavenumbers above zero and what the spectrum has there.
Curve spectrum_curve(const Run& run, const std::string& name, Rgb colour) {
  const std::vector<Real> k = run.read("/spectra/wavenumber"), e = run.read("/spectra/" + name);
  Curve curve{Mark::line, "", colour, {}, {}, {}};
  curve.width = 1.8;
  for (std::size_t i = 0; i < std::min(k.size(), e.size()); ++i) {
    if (k[i] <= 0) continue;
    curve.x.push_back(k[i]);
    curve.y.push_back(e[i]);
  }
  return curve;
}

// Rings beyond the last mode, and what is rounding on a logarithmic axis.
void cut_tail(Curve& curve, bool linear) {
  Real largest = 0;
  for (const Real value : curve.y) largest = std::max(largest, std::abs(value));
  const Real floor = linear ? 0 : 1e-12 * largest;
  while (!curve.y.empty() && std::abs(curve.y.back()) <= floor) {
    curve.x.pop_back();
    curve.y.pop_back();
  }
  if (linear) return;
  for (Real& value : curve.y) {
    if (value <= floor) value = nan;
  }
}

// A straight line of `slope` over a part of the range of `curve`, as near above it as can be.
Curve slope_line(const Curve& curve, Real slope, Real from, Real to) {
  constexpr Real distance = 1.9;
  const Real first = std::log(curve.x.front()), range = std::log(curve.x.back()) - first;
  const Real low = std::exp(first + from * range), high = std::exp(first + to * range);
  Real factor = 0;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    const bool beside = curve.x[i] >= low / 1.05 && curve.x[i] <= high * 1.05;
    if (beside && std::isfinite(curve.y[i]))
      factor = std::max(factor, curve.y[i] * std::pow(curve.x[i], -slope));
  }
  Curve line{Mark::line, "", style::faded, {low, high}, {}, {}};
  for (const Real k : line.x) line.y.push_back(distance * factor * std::pow(k, slope));
  line.width = 0.9;
  return line;
}

void add_slope(Panel& panel, const Curve& of, Real slope, const char* text, Real from, Real to) {
  if (of.x.size() < 4) return;
  Curve line = slope_line(of, slope, from, to);
  if (!(line.y[0] > 0)) return;
  panel.notes.push_back(
      {std::sqrt(line.x[0] * line.x[1]), std::sqrt(line.y[0] * line.y[1]), text, style::faded});
  panel.y.to = std::max({panel.y.to, line.y[0] * 1.3, line.y[1] * 1.3});
  panel.curves.insert(panel.curves.begin(), std::move(line));
}

void add_slopes(Panel& panel, const Run& run, const SpectrumGroup& group) {
  const std::string& name = group.names.front();
  const Curve of = panel.curves.front();
  if (run.verb() == "assimilate" && run.dimensions() == 2) {
    add_slope(panel, of, -1, "slope −1", 0.3, 0.85);
  } else if (run.dimensions() == 3) {
    add_slope(panel, of, -5.0 / 3, "slope −5/3", 0.1, 0.7);
  } else if (is_energy(name)) {
    add_slope(panel, of, -3, "slope −3", 0.42, 0.85);
    add_slope(panel, of, -5.0 / 3, "slope −5/3", 0.05, 0.4);
  }
}

// Where an axis must begin for the legend in the lower left corner to lie below all curves.
void make_room_for_legend(Panel& panel) {
  const auto entries =
      static_cast<Real>(std::count_if(panel.curves.begin(), panel.curves.end(),
                                      [](const Curve& curve) { return !curve.title.empty(); }));
  if (entries == 0) return;
  const Real share = std::min((entries * 17 + 20) / panel.box.height, 0.5);
  panel.y.from -= share / (1 - share) * (panel.y.to - panel.y.from);
}

// Wavenumbers of boxes of a thousand kilometres are short numbers too.
void shorten_wavenumbers(Panel& panel) {
  const int exponent = exponent_of(panel.x.to);
  if (exponent == 0) return;
  const Real unit = std::pow(10, exponent);
  for (Curve& curve : panel.curves)
    for (Real& k : curve.x) k /= unit;
  for (Note& note : panel.notes) note.x /= unit;
  panel.x.from /= unit;
  panel.x.to /= unit;
  panel.x.label += " / " + power_of_ten(exponent);
}

}  // namespace

std::vector<SpectrumGroup> spectrum_groups(const Run& run) {
  std::vector<SpectrumGroup> out;
  if (run.verb() == "assimilate") {
    if (has_spectra(run)) out.push_back({{"truth"}, "", false});
    return out;
  }
  if (!run.has("/spectra/wavenumber")) return out;
  std::vector<std::string> names = run.datasets("/spectra");
  std::stable_partition(names.begin(), names.end(), is_energy);
  for (const std::string& name : names) {
    const std::vector<Real> values = run.read("/spectra/" + name);
    // A run that goes on has declared them and not written them yet.
    const bool empty = std::all_of(values.begin(), values.end(), [](Real v) { return v == 0; });
    if (name == "wavenumber" || empty) continue;
    const SpectrumGroup own{{name}, unit_of(run, "/spectra/" + name), is_signed(name, values)};
    const auto like = std::find_if(out.begin(), out.end(), [&own](const SpectrumGroup& other) {
      return other.unit == own.unit && other.linear == own.linear;
    });
    if (like == out.end()) {
      out.push_back(own);
    } else {
      like->names.push_back(name);
    }
  }
  return out;
}

Panel spectrum_group_panel(const Run& run, const SpectrumGroup& group, const Box& box) {
  if (run.verb() == "assimilate") {
    Panel panel = spectrum_panel(run, box);
    if (panel.curves.empty()) return panel;
    add_slopes(panel, run, group);
    shorten_wavenumbers(panel);
    return panel;
  }
  Panel panel;
  panel.box = box;
  panel.legend = Legend::inside;
  panel.x.label = "wavenumber k";
  panel.x.logarithmic = true;
  panel.y.logarithmic = !group.linear;
  for (std::size_t i = 0; i < group.names.size(); ++i) {
    Curve curve = spectrum_curve(run, group.names[i], style::series[i % style::series.size()]);
    cut_tail(curve, group.linear);
    if (group.names.size() > 1) curve.title = words(group.names[i]);
    if (!curve.x.empty()) panel.curves.push_back(std::move(curve));
  }
  if (panel.curves.empty()) return panel;
  panel.title = short_title(run, "/spectra/" + group.names[0]);
  if (group.names.size() > 1) {
    panel.title = group.linear ? "Spectral fluxes" : "Spectra";
    if (!group.unit.empty()) panel.title += " " + group.unit;
  }
  panel.x.from = panel.curves.front().x.front() * 0.92;
  for (const Curve& curve : panel.curves) panel.x.to = std::max(panel.x.to, curve.x.back() * 1.08);
  Real largest = 0;
  for (const Curve& curve : panel.curves) {
    for (const Real value : curve.y)
      if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  fit(panel.y, panel.curves, 1e-6 * largest);
  if (group.linear) {
    make_room_for_legend(panel);
    Curve zero{Mark::line, "", style::ink, {panel.x.from, panel.x.to}, {0, 0}, {}};
    zero.width = 0.9;
    panel.curves.insert(panel.curves.begin(), std::move(zero));
    shorten_wavenumbers(panel);
    return panel;
  }
  panel.y.from = std::max(panel.y.from, panel.y.to * 1e-10);
  add_slopes(panel, run, group);
  shorten_wavenumbers(panel);
  return panel;
}

std::vector<Budget> budgets_of(const Run& run) {
  std::vector<Budget> out;
  const std::string ending = "_residual";
  for (const std::string& residual : run.datasets("/budgets")) {
    if (!residual.ends_with(ending)) continue;
    Budget budget;
    budget.name = residual.substr(0, residual.size() - ending.size());
    budget.time = run.diagnostic_time();
    if (!run.has("/diagnostics/" + budget.name) || budget.time.size() < 3) continue;
    budget.stock = run.read("/diagnostics/" + budget.name);
    // Of tracers the variance has the budget, and its terms bear the tracer's name alone.
    std::string stem = budget.name;
    const std::string variance = "_variance";
    if (stem.ends_with(variance)) stem.resize(stem.size() - variance.size());
    for (const std::string& name : run.datasets("/diagnostics")) {
      const bool other = name == stem + variance || name == stem + "_mean";
      const bool term = name.starts_with(stem + "_") && !other;
      if (!term && !(name == "buoyancy_flux" && stem == "energy")) continue;
      budget.terms.push_back(name);
      budget.values.push_back(run.read("/diagnostics/" + name));
    }
    const std::size_t size = budget.time.size();
    budget.sum.assign(size, 0);
    for (const std::vector<Real>& term : budget.values) {
      for (std::size_t i = 0; i < std::min(size, term.size()); ++i) budget.sum[i] += term[i];
    }
    budget.rate.assign(size, nan);
    budget.residual.assign(size, nan);
    for (std::size_t i = 1; i + 1 < size; ++i) {
      budget.rate[i] =
          (budget.stock[i + 1] - budget.stock[i - 1]) / (budget.time[i + 1] - budget.time[i - 1]);
      budget.residual[i] = budget.rate[i] - budget.sum[i];
    }
    out.insert(budget.name == "energy" ? out.begin() : out.end(), std::move(budget));
  }
  return out;
}

}  // namespace starling::plots
