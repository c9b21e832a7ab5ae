// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace starling::plots {

struct Options {
  /// The times to show. By default fields show the end of the run, as much as is readable, and
  /// scores all of it.
  std::optional<Real> from = {}, to = {};
  /// In two and three dimensions: which components (all of the state and what was derived), which
  /// member (the first written) and which frames, counted from 0 (a few, evenly spread).
  std::vector<std::string> components = {};
  std::optional<Index> member = {};
  std::vector<Index> frames = {};
  /// Pixels of the pictures for one pixel of the layout, whose width is 1200.
  Real scale = 1.5;
  std::string gnuplot = "gnuplot";
};

}  // namespace starling::plots
