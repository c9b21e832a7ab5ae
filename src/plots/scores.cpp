// SPDX-License-Identifier: BSD-3-Clause
#include "plots/figures.hpp"
#include "plots/panels.hpp"
#include "plots/series.hpp"
#include "plots/style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace starling::plots {
namespace {

constexpr Real left = 74, right = 30;

// All of the run, unless other times are asked for.
Window times(const Run& run, const Options& options) {
  const Real first = run.cycle_time().front(), last = run.cycle_time().back();
  const Window out{std::max(options.from.value_or(first), first),
                   std::min(options.to.value_or(last), last)};
  return out.from < out.to ? out : Window{first, std::max(last, first + 1)};
}

Curve one(Window time) {
  Curve curve{Mark::line, "", style::ink, {time.from, time.to}, {1, 1}, {}};
  curve.width = 1;
  return curve;
}

std::optional<Panel> crps_panel(const Run& run, const Box& box, Window time) {
  Panel panel;
  panel.box = box;
  panel.x.from = time.from;
  panel.x.to = time.to;
  panel.title = "CRPS (fair)";
  for (const std::string state : {"background", "analysis"}) {
    const std::string dataset = "/scores/" + state + "/crps_fair";
    if (!run.has(dataset)) continue;
    const Rgb colour = state == "background" ? style::background : style::analysis;
    add_series(panel.curves, inside(run.cycle_time(), run.read(dataset), time), 0.6 * box.width,
               {Mark::line, state, colour, {}, {}, {}});
  }
  if (panel.curves.empty()) return std::nullopt;
  panel.y.logarithmic = wants_logarithm(panel.curves);
  fit(panel.y, panel.curves);
  return panel;
}

std::optional<Panel> innovation_panel(const Run& run, const Box& box, Window time) {
  if (!run.has("/innovation/variance") || !run.has("/innovation/expected_variance")) {
    return std::nullopt;
  }
  Panel panel;
  panel.box = box;
  panel.x.from = time.from;
  panel.x.to = time.to;
  panel.title = "Innovation variance / expected";
  std::vector<Real> ratio = run.read("/innovation/variance");
  const std::vector<Real> expected = run.read("/innovation/expected_variance");
  ratio.resize(std::min(ratio.size(), expected.size()));
  for (std::size_t i = 0; i < ratio.size(); ++i) ratio[i] /= expected[i];
  add_series(panel.curves, inside(run.cycle_time(), ratio, time), box.width / 3,
             {Mark::line, "", style::background, {}, {}, {}});
  panel.curves.push_back(one(time));
  panel.y.logarithmic = wants_logarithm(panel.curves);
  fit(panel.y, panel.curves);
  return panel;
}

}  // namespace

std::optional<Page> scores(const Run& run, const Options& options) {
  if (!has_scores(run)) return std::nullopt;
  const Window time = times(run, options);
  constexpr Real width = style::page_width - left - right, gap = 44;
  std::vector<Panel> panels{score_panel(run, {left, 0, width, 280}, time)};
  panels[0].title = "RMSE and spread";
  add_references(panels[0], run);
  if (auto panel = crps_panel(run, {left, 0, width, 130}, time)) panels.push_back(*panel);
  if (auto panel = innovation_panel(run, {left, 0, width, 130}, time)) panels.push_back(*panel);
  Real top = 104;
  for (Panel& panel : panels) {
    panel.box.top = top;
    top = panel.box.bottom() + gap;
    panel.x.numbers = false;
  }
  panels.back().x.numbers = true;
  panels.back().x.label = "time";
  Page page(style::page_width, panels.back().box.bottom() + 62, options.scale);
  std::string right = fmt::format("{} cycles", run.cycle_time().size());
  const auto mean = run.summary("scores/analysis/rmse");
  const auto error = run.summary("scores/analysis/rmse_standard_error");
  if (mean && error) right += " · analysis RMSE " + shown(*mean, *error);
  add_heading(page, run, right);
  for (Panel& panel : panels) page.add(std::move(panel));
  return page;
}

std::optional<Page> ranks(const Run& run, const Options& options) {
  constexpr Real gap = 70, top = 104, height = 300;
  std::vector<std::string> states;
  for (const std::string state : {"background", "analysis"}) {
    if (has_ranks(run, state)) states.push_back(state);
  }
  if (states.empty()) return std::nullopt;
  Page page(style::page_width, top + height + 66, options.scale);
  add_heading(page, run);
  const auto count = static_cast<Real>(states.size());
  const Real width = (style::page_width - left - right - (count - 1) * gap) / count;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const Box box{left + static_cast<Real>(i) * (width + gap), top, width, height};
    Panel panel = rank_panel(run, states[i], "Rank histogram", box);
    if (i == 0) panel.y.label = "frequency / that of a flat one";
    page.add(std::move(panel));
  }
  return page;
}

std::optional<Page> spectra(const Run& run, const Options& options) {
  if (run.dimensions() > 1) return flow_spectra(run, options);
  if (!has_spectra(run)) return std::nullopt;
  constexpr Real top = 94, height = 480;
  Page page(style::page_width, top + height + 66, options.scale);
  add_heading(page, run);
  Panel panel =
      spectrum_panel(run, {left + 10, top, style::page_width - left - 10 - right, height});
  if (panel.curves.empty()) return std::nullopt;
  panel.y.label = "energy of a mode";
  page.add(std::move(panel));
  return page;
}

}  // namespace starling::plots
