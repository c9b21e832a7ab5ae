// SPDX-License-Identifier: BSD-3-Clause
#include "plots/figures.hpp"
#include "plots/layers.hpp"
#include "plots/panels.hpp"
#include "plots/style.hpp"

#include <algorithm>

namespace starling::plots {
namespace {

constexpr Real left = 74, right = 30, top = 104, gap = 28;

// Time upwards, panels side by side, the colours of each kind of panel below them.
Page side_by_side(const Run& run, const Layers& layers, Real scale) {
  constexpr Real height = 600, bar_height = 12, below = 140;
  Page page(style::page_width, top + height + below, scale);
  add_heading(page, run, times_text(layers.time));
  const auto count = static_cast<Real>(layers.all.size());
  const Real width = (style::page_width - left - right - (count - 1) * gap) / count;
  const auto place = [&](Real panel) { return left + panel * (width + gap); };
  Real number = 0, values = 0;
  for (const Layer& layer : layers.all) {
    Panel panel =
        layer_panel(page, layers, layer, {place(number), top, width, height}, Way::time_up);
    panel.title = layer.title;
    panel.x.label = run.label("/coordinates/x", "x");
    panel.y.label = number == 0 ? "time" : "";
    panel.y.numbers = number == 0;
    page.add(std::move(panel));
    ++number;
    if (!layer.magnitude) ++values;
  }
  const auto bar = [&](const Scale& colours, const char* label, Real from, Real to) {
    if (to <= from) return;
    const Real span = place(to - 1) + width - place(from), length = std::min(span, 400.0);
    Panel panel = scale_panel(
        page, colours, {place(from) + (span - length) / 2, top + height + 66, length, bar_height});
    panel.x.label = label;
    page.add(std::move(panel));
  };
  bar(layers.values, "state", 0, values);
  const bool error = run.has("/fields/truth");
  bar(layers.magnitudes, error ? "error and spread" : "spread", values, count);
  return page;
}

// One field: time to the right.
Page lying(const Run& run, const Layers& layers, Real scale) {
  constexpr Real height = 340;
  Page page(style::page_width, top + height + 66, scale);
  add_heading(page, run, times_text(layers.time));
  const Box box{left, top, style::page_width - left - right - 60, height};
  const Layer& layer = layers.all.front();
  Panel panel = layer_panel(page, layers, layer, box, Way::time_right);
  panel.title = layer.title;
  panel.x.label = "time";
  panel.y.label = run.label("/coordinates/x", "x");
  page.add(std::move(panel));
  page.add(scale_panel(page, layers.scale_of(layer), {box.right() + 16, top, 12, height}));
  return page;
}

}  // namespace

std::optional<Page> space_time(const Run& run, const Options& options) {
  if (run.time().empty()) return std::nullopt;
  if (run.dimensions() > 1) return planes(run, options);
  if (has_few_variables(run)) return trajectories(run, options);
  const Layers layers = read_layers(run, shown_times(run, options));
  if (layers.all.empty()) return std::nullopt;
  return layers.all.size() == 1 ? lying(run, layers, options.scale)
                                : side_by_side(run, layers, options.scale);
}

std::optional<Page> trajectories(const Run& run, const Options& options) {
  if (run.time().empty() || run.x().empty()) return std::nullopt;
  const Window time = shown_times(run, options);
  constexpr Real height = 150, step = height + 36;
  const auto count = static_cast<Index>(run.x().size());
  Page page(style::page_width, top + static_cast<Real>(count) * step + 34, options.scale);
  add_heading(page, run, times_text(time));
  for (Index i = 0; i < count; ++i) {
    const Box box{left, top + static_cast<Real>(i) * step, style::page_width - left - right,
                  height};
    Panel panel = trajectory_panel(run, i, box, time);
    if (panel.curves.empty()) return std::nullopt;
    panel.title = "variable " + std::to_string(i + 1);
    panel.x.numbers = i + 1 == count;
    panel.x.label = i + 1 == count ? "time" : "";
    if (i > 0) {
      for (Curve& curve : panel.curves) curve.title.clear();
    }
    page.add(std::move(panel));
  }
  return page;
}

}  // namespace starling::plots
