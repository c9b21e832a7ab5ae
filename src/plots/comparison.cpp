// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "plots/figures.hpp"
#include "plots/panels.hpp"
#include "plots/series.hpp"
#include "plots/style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace starling::plots {
namespace {

// Keys in which the runs differ, but for where they write and how they start.
std::vector<std::string> differing_keys(const std::vector<Run>& runs) {
  std::set<std::string> keys;
  for (const Run& run : runs) {
    for (const auto& [key, value] : run.config()) {
      if (!key.starts_with("output.")) keys.insert(key);
    }
  }
  std::vector<std::string> out;
  for (const std::string& key : keys) {
    const auto differs = [&](const Run& run) { return run.config(key) != runs[0].config(key); };
    if (std::any_of(runs.begin(), runs.end(), differs)) out.push_back(key);
  }
  return out;
}

// A name for each run: the setting that differs where it is one or two, else the file's name.
std::vector<std::string> labels(const std::vector<Run>& runs,
                                const std::vector<std::string>& keys) {
  std::vector<std::string> out;
  for (const Run& run : runs) {
    std::string label;
    if (keys.empty() || keys.size() > 2) {
      label = run.name();
    } else {
      for (const std::string& key : keys) {
        const std::string value = run.config(key);
        label += (label.empty() ? "" : ", ") + key.substr(key.rfind('.') + 1) + " " +
                 (value.empty() ? "unset" : value);
      }
    }
    out.push_back(label);
  }
  return out;
}

// What is said of every run alike.
std::string common_description(const std::vector<Run>& runs) {
  std::string out;
  for (const std::string& fact : runs[0].facts()) {
    const bool common = std::all_of(runs.begin(), runs.end(), [&](const Run& run) {
      const std::vector<std::string> facts = run.facts();
      return std::find(facts.begin(), facts.end(), fact) != facts.end();
    });
    if (common) out += (out.empty() ? "" : " · ") + fact;
  }
  return out;
}

std::optional<Real> number(const std::string& text) {
  char* end = nullptr;
  const Real value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Mean over the second half of a run, should the summary not give one.
Real average(const Run& run, const std::string& score) {
  if (const auto value = run.summary("scores/" + score)) return *value;
  std::vector<Real> values = run.read("/scores/" + score);
  values.erase(values.begin(), values.begin() + std::ssize(values) / 2);
  Real sum = 0;
  for (const Real value : values) sum += value;
  return sum / static_cast<Real>(values.size());
}

Panel averages(const std::vector<Run>& runs, const std::vector<std::string>& keys, const Box& box) {
  Panel panel;
  panel.box = box;
  panel.title = "Time mean";
  std::vector<std::pair<Real, const Run*>> places;
  bool numeric = keys.size() == 1;
  for (const Run& run : runs) {
    const auto at = keys.size() == 1 ? number(run.config(keys[0])) : std::nullopt;
    numeric = numeric && at.has_value();
    places.emplace_back(at.value_or(0), &run);
  }
  for (std::size_t i = 0; i < places.size() && !numeric; ++i) {
    places[i].first = static_cast<Real>(i + 1);
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  panel.x.label = numeric ? keys[0] : "run";
  panel.x.whole = !numeric;
  const Real span = places.back().first - places.front().first;
  const Real room = span > 0 ? 0.08 * span : 1;
  panel.x.from = places.front().first - room;
  panel.x.to = places.back().first + room;
  for (const std::string score : {"analysis/spread", "analysis/rmse"}) {
    Curve dots;
    dots.mark = Mark::errors;
    dots.title = score == "analysis/rmse" ? "RMSE" : "spread";
    dots.colour = score == "analysis/rmse" ? style::analysis : style::neutral;
    for (const auto& [at, run] : places) {
      if (!run->has("/scores/" + score)) continue;
      dots.x.push_back(at);
      dots.y.push_back(average(*run, score));
      dots.other.push_back(run->summary("scores/" + score + "_standard_error").value_or(0));
    }
    Curve line = dots;
    line.mark = Mark::line;
    line.title.clear();
    line.other.clear();
    if (numeric) panel.curves.push_back(std::move(line));
    panel.curves.push_back(std::move(dots));
  }
  panel.y.logarithmic = wants_logarithm(panel.curves, 6);
  fit(panel.y, panel.curves);
  return panel;
}

}  // namespace

std::optional<Page> comparison(const std::vector<Run>& runs, const Options& options) {
  std::vector<const Run*> scored;
  for (const Run& run : runs) {
    if (!run.cycle_time().empty() && run.has("/scores/analysis/rmse")) scored.push_back(&run);
  }
  if (scored.size() < 2 || scored.size() != runs.size()) return std::nullopt;
  const std::vector<std::string> keys = differing_keys(runs);
  const std::vector<std::string> names = labels(runs, keys);

  constexpr Real left = 74, top = 104, width = 690, height = 200, gap = 56;
  Page page(style::page_width, top + 2 * height + gap + 66, options.scale);
  page.add(Text{24, 26, "Comparison of " + std::to_string(runs.size()) + " runs",
                style::heading_size, style::ink, true});
  page.add(Text{24, 50, common_description(runs), style::title_size, style::faded});

  Window time{runs[0].cycle_time().front(), runs[0].cycle_time().back()};
  for (const Run& run : runs) {
    time.from = std::min(time.from, run.cycle_time().front());
    time.to = std::max(time.to, run.cycle_time().back());
  }
  Real from = top;
  for (const std::string score : {"rmse", "spread"}) {
    Panel panel;
    panel.box = {left, from, width, height};
    panel.title = score == "rmse" ? "Analysis RMSE" : "Analysis spread";
    panel.x.from = time.from;
    panel.x.to = time.to;
    panel.x.numbers = score == "spread";
    panel.x.label = score == "spread" ? "time" : "";
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::string dataset = "/scores/analysis/" + score;
      if (!runs[i].has(dataset)) continue;
      Curve like{Mark::line, "", style::series[i % style::series.size()], {}, {}, {}};
      add_series(panel.curves, inside(runs[i].cycle_time(), runs[i].read(dataset), time), width / 2,
                 like);
    }
    panel.y.logarithmic = wants_logarithm(panel.curves);
    fit(panel.y, panel.curves);
    from = panel.box.bottom() + gap;
    page.add(std::move(panel));
  }

  constexpr Real side = 860, side_width = 310, line = 21;
  constexpr std::size_t most_names = 8, longest = 40;
  Real y = top - 4;
  for (std::size_t i = 0; i < std::min(runs.size(), most_names); ++i, y += line) {
    const Rgb colour = style::series[i % style::series.size()];
    const bool fits = names[i].size() <= longest;
    page.add(Text{side - 34, y, "●", style::text_size, colour});
    page.add(Text{side - 16, y, fits ? names[i] : names[i].substr(0, longest) + "…",
                  style::text_size, style::ink});
  }
  if (runs.size() > most_names) {
    page.add(Text{side - 16, y, fmt::format("and {} more", runs.size() - most_names),
                  style::text_size, style::faded});
    y += line;
  }
  const Real panel_top = y + 40;
  page.add(Panel(averages(runs, keys, {side, panel_top, side_width, from - gap - panel_top})));
  return page;
}

}  // namespace starling::plots
