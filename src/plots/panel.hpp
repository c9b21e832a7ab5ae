// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/image.hpp"

#include <string>
#include <vector>

/// What a page is made of, without a word about who draws it.
namespace starling::plots {

/// Pixels of the page, from its upper left corner.
struct Box {
  Real left, top, width, height;
  Real right() const { return left + width; }
  Real bottom() const { return top + height; }
};

struct Axis {
  std::string label;
  Real from = 0, to = 1;
  bool logarithmic = false;
  bool ticks = true;
  bool numbers = true;  ///< written beside the ticks
  bool whole = false;   ///< counts something: no ticks between whole numbers
};

enum class Mark { line, points, band, bars, errors };

/// One thing drawn in a panel. Entries that are NaN are left out and break a line.
struct Curve {
  Mark mark = Mark::line;
  std::string title = {};  ///< in the legend, if any
  Rgb colour = {};
  std::vector<Real> x = {}, y = {};
  std::vector<Real> other = {};  ///< band: its upper edge; errors: half their length
  Real width = 1.6;  ///< of lines in pixels, of bars in units of x, of points as a factor
  bool dashed = false;
  Real opacity = 1;
};

/// A word beside a curve, up and to the right of a place given by the axes.
struct Note {
  Real x, y;
  std::string text;
  Rgb colour;
};

enum class Legend { above, inside };

struct Panel {
  Box box;            ///< of the axes; numbers and labels lie outside
  std::string title;  ///< above the box on the left
  Axis x, y;
  Image image;                ///< fills the box, if not empty
  std::vector<Curve> curves;  ///< drawn in this order
  std::vector<Note> notes = {};
  Legend legend = Legend::above;  ///< above: on the right, in one line; inside: lower left
  bool scale_on_right = false;
  bool grid = true;
};

enum class Align { left, centre, right };

struct Text {
  Real x = 0, y = 0;  ///< of the middle of the line
  std::string text;
  Real size = 10;
  Rgb colour;
  bool bold = false;
  Align align = Align::left;
};

}  // namespace starling::plots
