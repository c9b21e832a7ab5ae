// SPDX-License-Identifier: BSD-3-Clause
#include "plots/figures.hpp"
#include "plots/flow.hpp"
#include "plots/panels.hpp"
#include "plots/series.hpp"
#include "plots/style.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::plots {
namespace {

constexpr Real left = 84, right = 30, top = 104;

// "input" of "energy_input".
std::string short_term(const Budget& budget, const std::string& term) {
  std::string stem = budget.name;
  if (stem.ends_with("_variance")) stem.resize(stem.size() - 9);
  return words(term.starts_with(stem + "_") ? term.substr(stem.size() + 1) : term);
}

Panel in_time(const Box& box, Window time, const std::string& title) {
  Panel panel;
  panel.box = box;
  panel.title = title;
  panel.x.from = time.from;
  panel.x.to = time.to > time.from ? time.to : time.from + 1;
  return panel;
}

Real largest_of(const std::vector<Real>& values) {
  Real out = 0;
  for (const Real value : values)
    if (std::isfinite(value)) out = std::max(out, std::abs(value));
  return out;
}

void add_zero(Panel& panel) {
  Curve zero{Mark::line, "", style::neutral, {panel.x.from, panel.x.to}, {0, 0}, {}};
  zero.width = 0.9;
  panel.curves.insert(panel.curves.begin(), std::move(zero));
}

Panel terms_panel(const Budget& budget, const Box& box, Window time) {
  Panel panel = in_time(box, time, "");
  Real largest = 0;
  for (const std::vector<Real>& term : budget.values) largest = std::max(largest, largest_of(term));
  std::size_t colour = 0;
  for (std::size_t i = 0; i < budget.terms.size(); ++i) {
    if (largest_of(budget.values[i]) <= 1e-12 * largest) continue;
    Curve like{Mark::line, short_term(budget, budget.terms[i]), style::series[colour % 6], {}, {},
               {}};
    ++colour;
    add_series(panel.curves, inside(budget.time, budget.values[i], time), 1.5 * box.width, like);
  }
  const Points measured = inside(budget.time, budget.rate, time);
  Curve rate{Mark::points, "measured", style::neutral, measured.x, measured.y, {}};
  // So many that they are told apart.
  const std::size_t stride = measured.x.size() / 120 + 1;
  for (std::size_t i = 0; i < rate.x.size(); ++i)
    if (i % stride != 0) rate.y[i] = std::numeric_limits<Real>::quiet_NaN();
  rate.width = 1.3;
  panel.curves.push_back(std::move(rate));
  const Curve sum{Mark::line, "sum", style::ink, {}, {}, {}};
  add_series(panel.curves, inside(budget.time, budget.sum, time), 1.5 * box.width, sum);
  fit_past_start(panel.y, panel.curves, 2, 1e-9 * largest);
  add_zero(panel);
  return panel;
}

}  // namespace

std::optional<Page> flow_spectra(const Run& run, const Options& options) {
  const std::vector<SpectrumGroup> groups = spectrum_groups(run);
  if (groups.empty()) return std::nullopt;
  constexpr Real main_height = 470, between = 80, column_gap = 92;
  const bool alone = groups.size() == 1;
  const Real full = style::page_width - left - right;
  const Real half = (full - column_gap) / 2;
  const Real small = (main_height - between) / 2;
  const Index below = std::max<Index>(0, std::ssize(groups) - 3);
  const auto rows = static_cast<Real>((below + 1) / 2);
  Page page(style::page_width, top + main_height + rows * (small + between) + 66, options.scale);
  add_heading(page, run);
  for (Index i = 0; i < std::ssize(groups); ++i) {
    Box box{left, top, alone ? full : half, main_height};
    if (i > 0) {
      const Real column = i <= 2 ? 1 : static_cast<Real>((i - 3) % 2);
      const Real row = i <= 2 ? static_cast<Real>(i - 1) : static_cast<Real>(2 + (i - 3) / 2);
      box = {left + column * (half + column_gap), top + row * (small + between), half, small};
      if (groups.size() == 2) box.height = main_height;
    }
    Panel panel = spectrum_group_panel(run, groups[static_cast<std::size_t>(i)], box);
    if (panel.curves.empty()) continue;
    if (run.verb() == "assimilate") panel.y.label = "half the variance in a ring of wavenumbers";
    page.add(std::move(panel));
  }
  return page;
}

std::optional<Page> budgets(const Run& run, const Options& options) {
  const std::vector<Budget> all = budgets_of(run);
  if (all.empty()) return std::nullopt;
  constexpr Real height = 150, between = 44, block = 2 * height + between + 84, column_gap = 84;
  constexpr Real narrow = 330, wide = style::page_width - left - right - narrow - column_gap;
  Page page(style::page_width, top + static_cast<Real>(all.size()) * block, options.scale);
  add_heading(page, run);
  const std::vector<Real>& times = run.diagnostic_time();
  const Window time{std::max(options.from.value_or(times.front()), times.front()),
                    std::min(options.to.value_or(times.back()), times.back())};
  Real at = top;
  for (const Budget& budget : all) {
    const Box upper{left, at, narrow, height}, lower{left, at + height + between, narrow, height};
    const std::string dataset = "/diagnostics/" + budget.name;
    Panel stock = diagnostic_panel(run, dataset, upper, time);
    stock.title = short_title(run, dataset);
    stock.x.numbers = false;
    Panel terms =
        terms_panel(budget, {left + narrow + column_gap, at, wide, 2 * height + between}, time);
    terms.title = "d/dt " + words(budget.name);
    if (!budget.terms.empty())
      terms.title += " " + unit_of(run, "/diagnostics/" + budget.terms.front());
    terms.x.label = "time";
    Panel residual = in_time(lower, time, "Measured d/dt − sum of terms");
    add_series(residual.curves, inside(budget.time, budget.residual, time), 1.5 * narrow,
               {Mark::line, "", style::background, {}, {}, {}});
    fit_past_start(residual.y, residual.curves, 2, 1e-9 * largest_of(budget.rate));
    add_zero(residual);
    residual.x.label = "time";
    page.add(std::move(stock));
    page.add(std::move(residual));
    page.add(std::move(terms));
    at += block;
  }
  return page;
}

}  // namespace starling::plots
