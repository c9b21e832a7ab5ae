// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <optional>
#include <string>

namespace starling::plots {

struct Options {
  /// The times to show. By default fields show the end of the run, as much as is readable, and
  /// scores all of it.
  std::optional<Real> from = {}, to = {};
  /// Pixels of the pictures for one pixel of the layout, whose width is 1200.
  Real scale = 1.5;
  std::string gnuplot = "gnuplot";
};

}  // namespace starling::plots
