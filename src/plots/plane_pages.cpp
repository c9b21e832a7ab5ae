// SPDX-License-Identifier: BSD-3-Clause
#include "plots/figures.hpp"
#include "plots/flow.hpp"
#include "plots/mosaic.hpp"
#include "plots/panels.hpp"
#include "plots/series.hpp"
#include "plots/side.hpp"
#include "plots/style.hpp"

#include <algorithm>
#include <cmath>

namespace starling::plots {
namespace {

constexpr Real margin = 20, top = 84, tallest = 430;

std::string joined(std::initializer_list<std::string> parts, const char* between) {
  std::string out;
  for (const std::string& part : parts) {
    if (!part.empty()) out += (out.empty() ? "" : between) + part;
  }
  return out;
}

// One field at several times, in lines of so many.
void add_moments(std::vector<TileRow>& out, const Run& run, const std::string& component,
                 const PlaneField& field, const std::vector<Index>& frames, std::size_t columns) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (i % columns == 0) {
      out.emplace_back();
      if (i == 0) out.back().heading = joined({component, field.title, slice_text(run)}, ", ");
    }
    out.back().tiles.push_back(
        {time_text(run, frames[i]), read_plane(run, field, frames[i]), field.scale});
  }
}

// All fields of a component at one time.
TileRow side_by_side(const Run& run, const ComponentFields& component, Index frame,
                     const std::string& heading) {
  TileRow row{heading, {}};
  for (const PlaneField& field : component.fields)
    row.tiles.push_back({field.title, read_plane(run, field, frame), field.scale});
  return row;
}

void drop_empty(PlaneFields& fields) {
  std::erase_if(fields.components,
                [](const ComponentFields& component) { return component.fields.empty(); });
}

// How much wider than high the domain is.
Real stretch(const Run& run) {
  const Window x = period_of(run.x()), y = period_of(run.y());
  return (x.to - x.from) / (y.to - y.from);
}

// Of so many fields: tiles in a line, and times shown by default.
struct Layout {
  std::size_t columns;
  Index frames;
};

Layout layout_of(const Run& run, std::size_t fields) {
  Layout out{5, 5};
  if (fields == 1) out = {3, 6};
  if (fields == 2) out = {4, 4};
  // Two wide ones side by side are as large as four square ones.
  if (stretch(run) >= 1.8) out = {2, fields == 1 ? 6 : 4};
  if (stretch(run) >= 3.5) out = {1, 4};
  return out;
}

std::size_t number_of_fields(const PlaneFields& fields) {
  std::size_t out = 0;
  for (const ComponentFields& component : fields.components) out += component.fields.size();
  return out;
}

// A page with nothing but a mosaic, whose numbers of pixels are even, as films must have them.
Page mosaic_page(const Run& run, const PlaneFields& fields, std::vector<TileRow> rows,
                 const std::string& right, Real highest, const Options& options) {
  const Mosaic mosaic(run, fields, std::move(rows), style::page_width - 2 * margin, highest);
  const Real height = 2 * std::ceil((top + mosaic.height() + 14) * options.scale / 2);
  Page page(style::page_width, height / options.scale, options.scale);
  add_heading(page, run, right);
  mosaic.add_to(page, (style::page_width - mosaic.width()) / 2, top);
  return page;
}

std::optional<PlaneFields> fields_to_show(const Run& run, const Options& options) {
  if (run.time().empty()) return std::nullopt;
  PlaneFields fields = plane_fields(run, options);
  drop_empty(fields);
  if (fields.components.empty()) return std::nullopt;
  constexpr std::size_t most = 4;
  if (options.components.empty() && fields.components.size() > most) fields.components.resize(most);
  return fields;
}

// The last frame, and one not far from the beginning if there are several.
std::vector<Index> two_moments(const Run& run, const Options& options) {
  const std::vector<Index> all = shown_frames(run, options, 4);
  if (!options.frames.empty() || all.size() < 2) return all;
  return {all[all.size() > 2 ? 1 : 0], all.back()};
}

}  // namespace

std::optional<Page> planes(const Run& run, const Options& options) {
  auto fields = fields_to_show(run, options);
  if (!fields) return std::nullopt;
  std::vector<TileRow> rows;
  std::vector<Index> frames;
  if (run.verb() == "assimilate") {
    frames = two_moments(run, options);
    for (const ComponentFields& component : fields->components) {
      for (const Index frame : frames) {
        rows.push_back(
            side_by_side(run, component, frame,
                         joined({component.name, time_text(run, frame), slice_text(run)}, ", ")));
      }
    }
  } else {
    const Layout layout = layout_of(run, number_of_fields(*fields));
    frames = shown_frames(run, options, layout.frames);
    const std::size_t columns = std::min(layout.columns, frames.size());
    for (const ComponentFields& component : fields->components) {
      for (const PlaneField& field : component.fields)
        add_moments(rows, run, component.name, field, frames, columns);
    }
  }
  scale_to(*fields, run, frames);
  return mosaic_page(run, *fields, std::move(rows), "", tallest, options);
}

Page movie_page(const Run& run, const PlaneFields& fields, Index frame, const Options& options) {
  std::vector<TileRow> rows;
  for (const ComponentFields& component : fields.components) {
    rows.push_back(
        side_by_side(run, component, frame, joined({component.name, slice_text(run)}, ", ")));
  }
  constexpr Real highest = 640;
  return mosaic_page(run, fields, std::move(rows), time_text(run, frame),
                     highest / static_cast<Real>(fields.components.size()), options);
}

std::optional<Page> plane_overview(const Run& run, const Options& options) {
  auto fields = fields_to_show(run, options);
  if (!fields) return std::nullopt;
  const bool scored = has_scores(run);
  const Window whole = scored ? Window{run.cycle_time().front(), run.cycle_time().back()}
                              : Window{run.time().front(), run.time().back()};
  const Window time{std::max(options.from.value_or(whole.from), whole.from),
                    std::min(options.to.value_or(whole.to), whole.to)};
  const Layout layout = layout_of(run, 2);
  std::vector<TileRow> rows;
  std::vector<Index> frames;
  if (run.verb() == "assimilate") {
    frames = {two_moments(run, options).back()};
    constexpr std::size_t most = 3;
    if (fields->components.size() > most) fields->components.resize(most);
    for (const ComponentFields& component : fields->components) {
      TileRow row =
          side_by_side(run, component, frames[0],
                       joined({component.name, time_text(run, frames[0]), slice_text(run)}, ", "));
      // Of one component alone two lines of two: values above, error and spread below.
      const bool two_lines = fields->components.size() == 1 && row.tiles.size() == 4;
      TileRow second;
      if (two_lines) {
        second.tiles.assign(row.tiles.begin() + 2, row.tiles.end());
        row.tiles.resize(2);
      }
      rows.push_back(std::move(row));
      if (two_lines) rows.push_back(std::move(second));
    }
  } else {
    // The first field, and in ensembles the spread of it.
    const std::size_t columns = std::min<std::size_t>(layout.columns, 3);
    const ComponentFields& component = fields->components.front();
    const bool ensemble = component.fields.size() > 1;
    const auto count = static_cast<Index>(ensemble ? columns : 2 * columns);
    frames = shown_frames(run, options, count);
    if (std::ssize(frames) > count) frames.resize(static_cast<std::size_t>(count));
    add_moments(rows, run, component.name, component.fields.front(), frames, columns);
    if (ensemble) add_moments(rows, run, component.name, component.fields.back(), frames, columns);
  }
  scale_to(*fields, run, frames);

  const std::vector<std::string> diagnostics = diagnostics_of(run);
  const std::vector<SpectrumGroup> groups = spectrum_groups(run);
  std::vector<PanelMaker> side;
  if (has_ranks(run, "analysis"))
    side.emplace_back([&run](const Box& box) { return rank_panel(run, "analysis", "Ranks", box); });
  for (std::size_t i = 0; i < std::min<std::size_t>(groups.size(), 2); ++i) {
    side.emplace_back([&run, group = groups[i]](const Box& box) {
      Panel panel = spectrum_group_panel(run, group, box);
      if (panel.title.empty()) panel.title = "Spectra of the state";
      return panel;
    });
  }
  for (std::size_t i = 1; i < diagnostics.size() && side.size() < 3; ++i) {
    // Terms of budgets have a picture of their own.
    const std::string name = diagnostics[i].substr(diagnostics[i].rfind('/') + 1);
    const bool term = name.find('_') != std::string::npos;
    if (term || is_flat(run.read(diagnostics[i]), rounding_of(run))) continue;
    side.emplace_back([&run, time, dataset = diagnostics[i]](const Box& box) {
      Panel panel = diagnostic_panel(run, dataset, box, time);
      panel.title = short_title(run, dataset);
      panel.x.label = "time";
      return panel;
    });
  }
  const bool has_side = !side.empty() || run.summary("scores/analysis/rmse");
  const bool has_last = scored || !diagnostics.empty();
  constexpr Real left = 74, last_height = 170, gap = 48;
  const Real width = has_side ? side_left - 52 - margin : style::page_width - 2 * margin;
  const Mosaic mosaic(run, *fields, std::move(rows), width, 360);
  const Real fields_end = top + mosaic.height();
  const Real bottom = std::max(fields_end + (has_last ? gap + last_height : -40), 480.0);
  Page page(style::page_width, bottom + 66, options.scale);
  add_heading(page, run, times_text(time));
  mosaic.add_to(page, margin, top);
  if (has_last) {
    const Box box{left + 4, bottom - last_height, width - left - 40, last_height};
    Panel panel = scored ? score_panel(run, box, time)
                         : diagnostic_panel(run, diagnostics.front(), box, time);
    panel.title = scored ? "RMSE and spread" : short_title(run, diagnostics.front());
    panel.x.label = "time";
    page.add(std::move(panel));
  }
  add_side(page, run, side, top + 24, bottom);
  return page;
}

}  // namespace starling::plots
