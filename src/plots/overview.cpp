// SPDX-License-Identifier: BSD-3-Clause
#include "plots/figures.hpp"
#include "plots/layers.hpp"
#include "plots/panels.hpp"
#include "plots/series.hpp"
#include "plots/side.hpp"
#include "plots/style.hpp"

#include <algorithm>

namespace starling::plots {
namespace {

constexpr Index most_variables = 4;
constexpr Real left = 74, top = 108, gap = 34, last_height = 170;

// Fields with time to the right, one below the other, and what their colours mean. Returns where
// they end.
Real add_strips(Page& page, const Run& run, const Layers& layers, Real width, Real height) {
  Real from = top, values_end = 0, magnitudes_from = 0;
  for (const Layer& layer : layers.all) {
    Panel panel = layer_panel(page, layers, layer, {left, from, width, height}, Way::time_right);
    panel.title = layer.title;
    panel.x.numbers = false;
    panel.y.label = run.label("/coordinates/x", "x");
    if (!layer.magnitude) values_end = panel.box.bottom();
    if (layer.magnitude && magnitudes_from == 0) magnitudes_from = panel.box.top;
    from = panel.box.bottom() + gap;
    page.add(std::move(panel));
  }
  const Real bar = left + width + 14, end = from - gap;
  if (values_end > 0) {
    page.add(scale_panel(page, layers.values, {bar, top, 12, values_end - top}));
  }
  if (magnitudes_from > 0) {
    page.add(
        scale_panel(page, layers.magnitudes, {bar, magnitudes_from, 12, end - magnitudes_from}));
  }
  return from;
}

Real add_trajectories(Page& page, const Run& run, Window time, Index count, Real width,
                      Real height) {
  Real from = top;
  for (Index i = 0; i < count; ++i) {
    Panel panel = trajectory_panel(run, i, {left, from, width, height}, time);
    panel.title = "variable " + std::to_string(i + 1);
    panel.x.numbers = false;
    if (i > 0) {
      for (Curve& curve : panel.curves) curve.title.clear();
    }
    from = panel.box.bottom() + gap;
    page.add(std::move(panel));
  }
  return from;
}

std::vector<PanelMaker> side_panels(const Run& run, Window time,
                                    const std::vector<std::string>& diagnostics) {
  std::vector<PanelMaker> out;
  if (has_ranks(run, "analysis")) {
    out.emplace_back([&run](const Box& box) { return rank_panel(run, "analysis", "Ranks", box); });
  }
  if (has_few_variables(run)) {
    out.emplace_back([&run, time](const Box& box) { return phase_panel(run, box, time); });
  } else if (has_spectra(run)) {
    out.emplace_back([&run](const Box& box) {
      Panel panel = spectrum_panel(run, box);
      panel.title = "Energy spectrum";
      return panel;
    });
  }
  // The first diagnostic stands below the fields.
  for (std::size_t i = 1; i < diagnostics.size() && out.size() < 3; ++i) {
    if (is_flat(run.read(diagnostics[i]))) continue;
    out.emplace_back([&run, time, name = diagnostics[i]](const Box& box) {
      Panel panel = diagnostic_panel(run, name, box, time);
      panel.x.label = "time";
      return panel;
    });
  }
  return out;
}

}  // namespace

std::optional<Page> overview(const Run& run, const Options& options) {
  if (run.time().empty()) return std::nullopt;
  if (run.dimensions() > 1) return plane_overview(run, options);
  const bool few = has_few_variables(run), scored = has_scores(run);
  const Window time = shown_times(run, options);
  Layers layers = read_layers(run, time);
  if (layers.all.empty()) return std::nullopt;
  // The spread is told by the line below.
  if (scored && layers.all.size() == 4) layers.all.pop_back();
  const std::vector<std::string> diagnostics = diagnostics_of(run);
  const std::vector<PanelMaker> side = side_panels(run, time, diagnostics);
  const bool has_side = !side.empty() || run.summary("scores/analysis/rmse");

  const Index strips =
      few ? std::min<Index>(std::ssize(run.x()), most_variables) : std::ssize(layers.all);
  // Few strips are higher ones.
  const Real strip = std::max(128.0, 400.0 / static_cast<Real>(strips) - gap);
  const bool has_last = scored || !diagnostics.empty();
  const Real bottom =
      top + static_cast<Real>(strips) * (strip + gap) + (has_last ? 6 + last_height : -gap);
  Page page(style::page_width, std::max(bottom, 420.0) + 66, options.scale);
  add_heading(page, run, times_text(time));

  const Real room = (has_side ? side_left - 66 : style::page_width - 30) - left;
  const Real width = few ? room : room - 90;
  const Real from = few ? add_trajectories(page, run, time, strips, width, strip)
                        : add_strips(page, run, layers, width, strip);
  if (has_last) {
    const Box box{left, from + 6, width, last_height};
    Panel panel = scored ? score_panel(run, box, time)
                         : diagnostic_panel(run, diagnostics.front(), box, time);
    if (scored) panel.title = "RMSE and spread";
    panel.x.label = "time";
    page.add(std::move(panel));
  }

  add_side(page, run, side, top, bottom);
  return page;
}

}  // namespace starling::plots
