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

constexpr Real left = 74, right = 30, top = 104;

}  // namespace

std::optional<Page> diagnostics(const Run& run, const Options& options) {
  const std::vector<std::string> names = diagnostics_of(run);
  if (names.empty()) return std::nullopt;
  constexpr Real gap_across = 80, gap_down = 62;
  const Window all{run.diagnostic_time().front(), run.diagnostic_time().back()};
  const Window time{std::max(options.from.value_or(all.from), all.from),
                    std::min(options.to.value_or(all.to), all.to)};
  const Index columns = names.size() > 1 ? 2 : 1;
  const Index rows = (std::ssize(names) + columns - 1) / columns;
  const Real width =
      (style::page_width - left - right - static_cast<Real>(columns - 1) * gap_across) /
      static_cast<Real>(columns);
  const Real height = columns == 1 ? 320 : 190;
  Page page(style::page_width, top + static_cast<Real>(rows) * (height + gap_down) + 22,
            options.scale);
  add_heading(page, run);
  for (Index i = 0; i < std::ssize(names); ++i) {
    const Index row = i / columns, column = i % columns;
    const Box box{left + static_cast<Real>(column) * (width + gap_across),
                  top + static_cast<Real>(row) * (height + gap_down), width, height};
    Panel panel = diagnostic_panel(run, names[static_cast<std::size_t>(i)], box, time);
    panel.x.label = i + columns >= std::ssize(names) ? "time" : "";
    page.add(std::move(panel));
  }
  return page;
}

std::optional<Page> lyapunov(const Run& run, const Options& options) {
  if (!run.has("/lyapunov/exponents")) return std::nullopt;
  const std::vector<Real> exponents = run.read("/lyapunov/exponents");
  std::vector<Real> errors(exponents.size(), 0);
  if (run.has("/lyapunov/standard_errors")) errors = run.read("/lyapunov/standard_errors");
  errors.resize(exponents.size(), 0);

  constexpr Real gap = 86, height = 330;
  constexpr Real width = (style::page_width - left - right - gap) / 2;
  Page page(style::page_width, top + height + 66, options.scale);
  add_heading(page, run);

  Panel spectrum;
  spectrum.box = {left, top, width, height};
  spectrum.title = "Lyapunov exponents, λ₁ = " + shown(exponents.front());
  spectrum.x = {"index", 0.3, static_cast<Real>(exponents.size()) + 0.7};
  spectrum.x.whole = true;
  Curve points{Mark::errors, "", style::analysis, {}, exponents, errors};
  Panel sums = spectrum;
  sums.box.left += width + gap;
  Curve line{Mark::line, "", style::analysis, {0}, {0}, {}};
  // Kaplan & Yorke (1979): j + S_j / |lambda_{j+1}| with the last sum S_j >= 0. Straight lines
  // between the sums cross zero there.
  Real sum = 0, dimension = -1;
  for (std::size_t i = 0; i < exponents.size(); ++i) {
    points.x.push_back(static_cast<Real>(i + 1));
    if (dimension < 0 && sum + exponents[i] < 0) {
      dimension = static_cast<Real>(i) + sum / std::abs(exponents[i]);
    }
    sum += exponents[i];
    line.x.push_back(static_cast<Real>(i + 1));
    line.y.push_back(sum);
  }
  sums.title = "Sum of the first exponents";
  sums.x = {"number of exponents", 0, static_cast<Real>(exponents.size()) + 0.3};
  sums.x.whole = true;
  const auto zero = [](const Panel& panel) {
    Curve curve{Mark::line, "", style::ink, {panel.x.from, panel.x.to}, {0, 0}, {}};
    curve.width = 1;
    return curve;
  };
  spectrum.curves = {zero(spectrum), points};
  Curve dots = line;
  dots.mark = Mark::points;
  sums.curves = {zero(sums), line, dots};
  if (dimension >= 0) {
    sums.title += fmt::format(", Kaplan–Yorke dimension {:.2f}", dimension);
    Curve crossing{Mark::points, "", style::background, {dimension}, {0}, {}};
    crossing.width = 2.2;
    sums.curves.push_back(crossing);
  }
  fit(spectrum.y, spectrum.curves);
  fit(sums.y, sums.curves);
  if (dimension > 0) {
    // Those far below zero would flatten the few that matter.
    const Real lowest = -12 * exponents.front();
    const auto hidden = std::count_if(exponents.begin(), exponents.end(),
                                      [&](Real exponent) { return exponent < lowest; });
    if (spectrum.y.from < lowest) {
      spectrum.y.from = lowest;
      spectrum.y.to = 2 * exponents.front();
    }
    if (hidden > 0) spectrum.x.label += fmt::format(" ({} more are below)", hidden);
    sums.x.to = std::min(sums.x.to, std::ceil(dimension) + 1.3);
    const Real most = *std::max_element(line.y.begin(), line.y.end());
    if (sums.y.from < -3 * most) {
      sums.y.from = -3 * most;
      sums.y.to = 1.5 * most;
    }
  }
  page.add(std::move(spectrum));
  page.add(std::move(sums));
  return page;
}

}  // namespace starling::plots
