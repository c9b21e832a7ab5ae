// SPDX-License-Identifier: BSD-3-Clause
#include "plots/layers.hpp"

#include "core/error.hpp"
#include "plots/series.hpp"

#include <algorithm>
#include <cmath>

namespace starling::plots {
namespace {

// Fields on fewer points are drawn as the cells they are.
constexpr Index smooth_points = 64;
// Colours are not spent on the few largest values.
constexpr Real covered = 0.998;

std::vector<Real> magnitudes_of(std::vector<Real> values) {
  for (Real& value : values) value = std::abs(value);
  return values;
}

// |a - b| on the frames that both have.
Field distance(const Field& a, const Field& b) {
  Field out = a;
  out.time.resize(std::min(a.time.size(), b.time.size()));
  out.values.resize(out.time.size() * out.x.size());
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    out.values[i] = std::abs(a.values[i] - b.values[i]);
  }
  return out;
}

Scale scale_of_values(const std::vector<Layer>& layers) {
  Real low = 0, high = 0, largest = 0;
  bool first = true;
  for (const Layer& layer : layers) {
    if (layer.magnitude) continue;
    const Real from = quantile(layer.field.values, 1 - covered);
    const Real to = quantile(layer.field.values, covered);
    if (std::isnan(from)) continue;
    low = first ? from : std::min(low, from);
    high = first ? to : std::max(high, to);
    largest = std::max(largest, quantile(magnitudes_of(layer.field.values), covered));
    first = false;
  }
  if (largest == 0) return {Colormap::diverging(), {-1, 1}};
  if (low < 0 && high > 0) return {Colormap::diverging(), {-largest, largest}};
  return {Colormap::sequential(), low < high ? Window{low, high} : Window{low - 1, low + 1}};
}

Scale scale_of_magnitudes(const std::vector<Layer>& layers) {
  Real largest = 0;
  for (const Layer& layer : layers) {
    if (!layer.magnitude) continue;
    const Real here = quantile(layer.field.values, covered);
    if (!std::isnan(here)) largest = std::max(largest, here);
  }
  return {Colormap::sequential(), {0, largest > 0 ? largest : 1}};
}

void add_assimilated(std::vector<Layer>& out, const Run& run, Window time) {
  const std::string state = run.has("/fields/analysis_mean") ? "analysis" : "background";
  const auto field = [&](const std::string& name) { return run.field("/fields/" + name, time); };
  const bool truth = run.has("/fields/truth"), mean = run.has("/fields/" + state + "_mean");
  if (truth) out.push_back({"truth", field("truth")});
  if (mean) out.push_back({state + " mean", field(state + "_mean")});
  if (truth && mean) {
    out.push_back({"|" + state + " − truth|", distance(out[1].field, out[0].field), true});
  }
  if (run.has("/fields/" + state + "_spread")) {
    out.push_back({state + " spread", field(state + "_spread"), true});
  }
}

void add_simulated(std::vector<Layer>& out, const Run& run, Window time) {
  constexpr std::size_t most = 2;
  for (const std::string& member : run.datasets("/members")) {
    if (out.size() == most) break;
    const std::string title = run.config("ensemble.members") == "1" ? "state" : "member " + member;
    out.push_back({title, run.field("/members/" + member, time)});
  }
  if (run.has("/fields/mean") && run.config("ensemble.members") != "1") {
    out.push_back({"ensemble mean", run.field("/fields/mean", time)});
    if (run.has("/fields/spread")) {
      out.push_back({"ensemble spread", run.field("/fields/spread", time), true});
    }
  } else if (run.has("/fields/mean") && out.empty()) {
    out.push_back({"state", run.field("/fields/mean", time)});
  }
}

}  // namespace

bool has_few_variables(const Run& run) {
  constexpr std::size_t few = 8;
  return !run.x().empty() && run.x().size() <= few;
}

Window shown_times(const Run& run, const Options& options) {
  const std::vector<Real>& time = run.time();
  require(!time.empty(), "{}: no frame is complete yet", run.file());
  // Cycles are far apart in time, frames of a simulation are as near as its author wanted them.
  const bool few = has_few_variables(run);
  const Index frames = run.verb() == "assimilate" ? (few ? 160 : 250) : (few ? 1000 : 500);
  const auto first = std::max<Index>(0, std::ssize(time) - frames);
  const Window window{options.from.value_or(time[static_cast<std::size_t>(first)]),
                      options.to.value_or(time.back())};
  require(window.from <= window.to && window.from <= time.back() && window.to >= time.front(),
          "{}: nothing to show from t = {:g} to {:g}; the file has {:g} to {:g}", run.file(),
          window.from, window.to, time.front(), time.back());
  return {std::max(window.from, time.front()), std::min(window.to, time.back())};
}

Layers read_layers(const Run& run, Window time) {
  std::vector<Layer> all;
  add_assimilated(all, run, time);
  if (all.empty()) add_simulated(all, run, time);
  Scale values = scale_of_values(all), magnitudes = scale_of_magnitudes(all);
  return {std::move(all), time, run.domain(), std::move(values), std::move(magnitudes)};
}

Panel layer_panel(const Page& page, const Layers& layers, const Layer& layer, const Box& box,
                  Way way) {
  const Scale& scale = layers.scale_of(layer);
  // One frame alone still is a picture.
  Window time = layers.time;
  if (time.from == time.to) time.to = time.from + 1;
  Panel panel;
  panel.box = box;
  panel.image =
      raster(layer.field, time, layers.space, page.pixels_across(box), page.pixels_down(box), way,
             layer.field.points() >= smooth_points, scale.map, scale.limits);
  panel.x.from = way == Way::time_up ? layers.space.from : time.from;
  panel.x.to = way == Way::time_up ? layers.space.to : time.to;
  panel.y.from = way == Way::time_up ? time.from : layers.space.from;
  panel.y.to = way == Way::time_up ? time.to : layers.space.to;
  return panel;
}

Panel scale_panel(const Page& page, const Scale& scale, const Box& box) {
  Panel panel;
  panel.box = box;
  panel.image = colour_bar(scale.map, page.pixels_across(box), page.pixels_down(box));
  const bool upright = box.height > box.width;
  Axis& along = upright ? panel.y : panel.x;
  Axis& across = upright ? panel.x : panel.y;
  along.from = scale.limits.from;
  along.to = scale.limits.to;
  across.ticks = false;
  panel.scale_on_right = upright;
  return panel;
}

}  // namespace starling::plots
