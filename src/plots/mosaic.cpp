// SPDX-License-Identifier: BSD-3-Clause
#include "plots/mosaic.hpp"

#include "plots/series.hpp"
#include "plots/style.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace starling::plots {
namespace {

// Pixels of the page.
constexpr Real axis_room = 58, below = 46;                    // for numbers and name of an axis
constexpr Real across = 18, down = 16;                        // between tiles
constexpr Real title_room = 22, heading_room = 30;            // above a tile, above a row
constexpr Real bar_gap = 12, bar_width = 12, bar_room = 112;  // bar_room: up to the next tile
constexpr Real letter = 7.4;                                  // width of one, about
// Fields on fewer points a side are drawn as the cells they are.
constexpr std::size_t smooth_points = 32;

Axis axis_of(const std::string& name, const std::vector<Real>& coordinates, int exponent,
             bool numbers) {
  const Window period = period_of(coordinates);
  const Real unit = std::pow(10, exponent);
  Axis axis;
  axis.from = period.from / unit;
  axis.to = period.to / unit;
  axis.numbers = numbers;
  if (numbers) axis.label = exponent == 0 ? name : name + " / " + power_of_ten(exponent);
  return axis;
}

}  // namespace

Mosaic::Mosaic(const Run& run, const PlaneFields& planes, std::vector<TileRow> rows, Real width,
               Real tallest)
    : run_(&run), planes_(&planes), rows_(std::move(rows)) {
  const TileRow& longest = *std::max_element(
      rows_.begin(), rows_.end(),
      [](const TileRow& a, const TileRow& b) { return a.tiles.size() < b.tiles.size(); });
  // Ends of runs of one scale, the same in all rows.
  const std::size_t count = longest.tiles.size();
  std::vector<std::size_t> ends;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 1 == count || longest.tiles[i + 1].scale != longest.tiles[i].scale)
      ends.push_back(i + 1);
  }
  const auto inner = static_cast<Real>(count - ends.size());
  const Real room = width - axis_room - inner * across - static_cast<Real>(ends.size()) * bar_room;
  const Window x = period_of(run.x()), y = period_of(run.y());
  const Real aspect = (y.to - y.from) / (x.to - x.from);
  tile_width_ = std::min(room / static_cast<Real>(count), tallest / aspect);
  tile_height_ = std::max(tile_width_ * aspect, 8.0);

  Real left = axis_room;
  std::vector<Real> bar_lefts;
  for (std::size_t i = 0; i < count; ++i) {
    columns_.push_back(left);
    const bool last = std::find(ends.begin(), ends.end(), i + 1) != ends.end();
    if (last) bar_lefts.push_back(left + tile_width_ + bar_gap);
    left += tile_width_ + (last ? bar_room : across);
  }
  width_ = left;
  for (std::size_t part = 0; part < ends.size(); ++part) {
    const std::size_t column = part == 0 ? 0 : ends[part - 1];
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      if (column >= rows_[row].tiles.size()) continue;
      const std::size_t scale = rows_[row].tiles[column].scale;
      const bool goes_on = !bars_.empty() && bars_.back().left == bar_lefts[part] &&
                           bars_.back().scale == scale && bars_.back().last_row + 1 == row;
      if (goes_on) {
        bars_.back().last_row = row;
      } else {
        bars_.push_back({scale, row, row, bar_lefts[part]});
      }
    }
  }
}

// Of the boxes of its tiles.
Real Mosaic::row_top(std::size_t row) const {
  Real top = 0;
  for (std::size_t i = 0; i <= row; ++i) {
    if (i > 0) top += tile_height_ + down;
    top += title_room + (rows_[i].heading.empty() ? 0 : heading_room);
  }
  return top;
}

Real Mosaic::height() const { return row_top(rows_.size() - 1) + tile_height_ + below; }

void Mosaic::add_tile(Page& page, const Tile& tile, const Box& box, bool numbers_left,
                      bool numbers_below) const {
  const Scale& scale = planes_->scales[tile.scale].colours;
  const Window x = period_of(tile.plane.x), y = period_of(tile.plane.y);
  const int exponent =
      exponent_of(std::max({std::abs(x.from), std::abs(x.to), std::abs(y.from), std::abs(y.to)}));
  Panel panel;
  panel.box = box;
  panel.x = axis_of("x", tile.plane.x, exponent, numbers_below);
  panel.y = axis_of("y", tile.plane.y, exponent, numbers_left);
  const bool smooth = std::min(tile.plane.x.size(), tile.plane.y.size()) >= smooth_points;
  panel.image = raster(tile.plane, page.pixels_across(box), page.pixels_down(box), smooth,
                       scale.map, scale.limits);
  page.add(std::move(panel));
  page.add(Text{box.left, box.top - 12, tile.title, style::text_size, style::ink});
}

void Mosaic::add_to(Page& page, Real left, Real top) const {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const Real row_at = top + row_top(row);
    if (!rows_[row].heading.empty()) {
      page.add(Text{left + axis_room, row_at - title_room - 12, rows_[row].heading,
                    style::title_size, style::ink, true});
    }
    for (std::size_t column = 0; column < rows_[row].tiles.size(); ++column) {
      const bool lowest =
          std::none_of(rows_.begin() + static_cast<Index>(row) + 1, rows_.end(),
                       [column](const TileRow& other) { return other.tiles.size() > column; });
      const Box box{left + columns_[column], row_at, tile_width_, tile_height_};
      add_tile(page, rows_[row].tiles[column], box, column == 0, lowest);
    }
  }
  for (const Bar& bar : bars_) {
    const Real from = top + row_top(bar.first_row);
    const Real to = top + row_top(bar.last_row) + tile_height_;
    const PlaneScale& scale = planes_->scales[bar.scale];
    const Window limits = scale.colours.limits;
    const int exponent = exponent_of(std::max(std::abs(limits.from), std::abs(limits.to)));
    const Real unit = std::pow(10, exponent);
    const Scale shown{scale.colours.map, {limits.from / unit, limits.to / unit}};
    Panel panel = scale_panel(page, shown, {left + bar.left, from, bar_width, to - from});
    const std::string power = exponent == 0 ? "" : power_of_ten(exponent);
    panel.y.label = scale.label + (power.empty() ? "" : " / " + power) + ' ' + scale.unit;
    const bool fits = static_cast<Real>(panel.y.label.size()) * letter <= to - from;
    if (!fits) panel.y.label = power + ' ' + scale.unit;
    page.add(std::move(panel));
  }
}

}  // namespace starling::plots
