// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/panel.hpp"

#include <string>
#include <vector>

namespace starling::plots {

/// A picture under way: panels and lines of text at places given in pixels of a page that is drawn
/// `scale` times as large, everything on it alike. Nothing is drawn before write().
class Page {
 public:
  Page(Real width, Real height, Real scale) : width_(width), height_(height), scale_(scale) {}

  void add(Panel panel) { panels_.push_back(std::move(panel)); }
  void add(Text text) { texts_.push_back(std::move(text)); }

  /// Pixels of the picture across and down `box`: the size of an image that fills it.
  Index pixels_across(const Box& box) const;
  Index pixels_down(const Box& box) const;

  /// The page as commands of gnuplot (5.2 or newer) with the data in them.
  std::string script() const;

  /// Draws the page with gnuplot. Throws as run_gnuplot().
  void write(const std::string& file, const std::string& gnuplot = "gnuplot") const;

 private:
  Real width_, height_, scale_;
  std::vector<Panel> panels_;
  std::vector<Text> texts_;
};

}  // namespace starling::plots
