// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/colormap.hpp"
#include "plots/image.hpp"

#include <vector>

namespace starling::plots {

struct Window {
  Real from = 0, to = 1;
};

/// A field in space and time: values[frame * x.size() + point]. Coordinates ascend.
struct Field {
  std::vector<Real> time, x, values;

  Index frames() const { return static_cast<Index>(time.size()); }
  Index points() const { return static_cast<Index>(x.size()); }
};

/// A field on a plane of grid points that is periodic in both directions: values[row * x.size() +
/// column], rows from small to large y.
struct Plane {
  std::vector<Real> x, y, values;

  /// The value of row `row`, column `column`.
  Real at(Index column, Index row) const {
    return values[static_cast<std::size_t>(row) * x.size() + static_cast<std::size_t>(column)];
  }
};

/// Where the middle of `layers` layers is: the number of the layer that slices of a box show.
inline Index middle_layer(Index layers) { return layers / 2; }

/// The period that equally spaced points stand for: the interval after the last point belongs to
/// it.
Window period_of(const std::vector<Real>& coordinates);

/// At most `count` of the numbers 0 ... size - 1, ascending, the first and the last among them, as
/// evenly spread as can be; the last alone, if `count` is 1.
std::vector<Index> spread_out(Index size, Index count);

/// The shares of the entries [first, first + weights.size()) of an axis in one pixel.
struct Share {
  Index first = 0;
  std::vector<Real> weights;  ///< sum 1
};

/// How `pixels` equal pieces of `window` see values given at `coordinates`: a pixel that covers
/// more than one value takes their mean, weighted by cover; one that covers less interpolates
/// (`smooth`: Catmull & Rom 1974, cubic) or takes the nearest value. Outside the coordinates the
/// end values stand.
std::vector<Share> shares(const std::vector<Real>& coordinates, Window window, Index pixels,
                          bool smooth);

enum class Way { time_up, time_right };

/// The window `time` x `space` of `field` as a picture of width x height pixels in the colours of
/// `map`, whose ends stand for `limits`. NaN is grey.
Image raster(const Field& field, Window time, Window space, Index width, Index height, Way way,
             bool smooth, const Colormap& map, Window limits);

/// One period of `plane` in both directions, x to the right and y up.
Image raster(const Plane& plane, Index width, Index height, bool smooth, const Colormap& map,
             Window limits);

/// The colours of `map` from left to right or from bottom to top.
Image colour_bar(const Colormap& map, Index width, Index height);

}  // namespace starling::plots
