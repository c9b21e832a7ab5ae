// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/page.hpp"
#include "plots/planes.hpp"

#include <string>
#include <vector>

namespace starling::plots {

/// One picture of a field.
struct Tile {
  std::string title;
  Plane plane;
  std::size_t scale;
};

struct TileRow {
  std::string heading;  ///< above the row, if any
  std::vector<Tile> tiles;
};

/// Rows of tiles of one size with what their colours stand for on their right, once for each run of
/// neighbours of one scale, in a row and in the rows below.
class Mosaic {
 public:
  /// As wide as `width` allows, axes' numbers included, tiles at most `tallest` high.
  Mosaic(const Run& run, const PlaneFields& planes, std::vector<TileRow> rows, Real width,
         Real tallest);
  /// All of it, with the numbers of axes and scales.
  Real width() const { return width_; }
  Real height() const;
  /// Adds it to a page with the upper left corner there.
  void add_to(Page& page, Real left, Real top) const;

 private:
  struct Bar {
    std::size_t scale, first_row, last_row;
    Real left;
  };
  Real row_top(std::size_t row) const;
  void add_tile(Page& page, const Tile& tile, const Box& box, bool numbers_left,
                bool numbers_below) const;

  const Run* run_;
  const PlaneFields* planes_;
  std::vector<TileRow> rows_;
  std::vector<Real> columns_;  // left edges of tiles
  std::vector<Bar> bars_;
  Real tile_width_, tile_height_, width_;
};

}  // namespace starling::plots
