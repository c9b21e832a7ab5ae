// SPDX-License-Identifier: BSD-3-Clause
#include "plots/side.hpp"

#include "plots/series.hpp"
#include "plots/style.hpp"

#include <algorithm>
#include <array>

namespace starling::plots {
namespace {

// Time means of the scores as a small table. Returns where it ends, `from` if there is nothing.
Real add_table(Page& page, const Run& run, Real from) {
  constexpr std::array rows{std::pair{"RMSE", "rmse"}, std::pair{"spread", "spread"},
                            std::pair{"CRPS (fair)", "crps_fair"}};
  constexpr Real line = 24;
  const auto cell = [&](int column, Real y, const std::string& text, Rgb colour, bool bold) {
    const Real right = side_left + side_width - (1 - column) * 88.0;
    page.add(Text{right, y, text, style::text_size, colour, bold, Align::right});
  };
  Real y = from;
  for (const auto& [title, key] : rows) {
    const auto background = run.summary(std::string("scores/background/") + key);
    const auto analysis = run.summary(std::string("scores/analysis/") + key);
    if (!background && !analysis) continue;
    y += line;
    page.add(Text{side_left, y, title, style::text_size, style::ink});
    if (background) cell(0, y, shown(*background), style::background, false);
    if (analysis) cell(1, y, shown(*analysis), style::analysis, true);
  }
  if (y == from) return from;
  const auto reference = [&](const char* title, std::optional<Real> value) {
    if (!value) return;
    y += line;
    page.add(Text{side_left, y, title, style::text_size, style::faded});
    cell(1, y, shown(*value), style::faded, false);
  };
  reference("observation error", run.observation_error());
  reference("climatology", run.summary("climatology/rmse"));
  page.add(Text{side_left, from, "Mean", style::title_size, style::ink, true});
  cell(0, from, "background", style::background, false);
  cell(1, from, "analysis", style::analysis, false);
  return y + 62;
}

}  // namespace

void add_side(Page& page, const Run& run, const std::vector<PanelMaker>& side, Real top,
              Real bottom) {
  constexpr Real between = 86, tallest = 300;
  const Real table_end = add_table(page, run, top - 14);
  Real place = table_end > top ? table_end : top;
  const auto count = static_cast<Real>(side.size());
  const Real height = std::min((bottom - place - (count - 1) * between) / count, tallest);
  for (const PanelMaker& make : side) {
    page.add(make({side_left, place, side_width, height}));
    place += height + between;
  }
}

}  // namespace starling::plots
