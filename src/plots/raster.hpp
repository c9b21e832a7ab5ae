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

/// The colours of `map` from left to right or from bottom to top.
Image colour_bar(const Colormap& map, Index width, Index height);

}  // namespace starling::plots
