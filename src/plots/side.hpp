// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/page.hpp"
#include "plots/run.hpp"

#include <functional>
#include <vector>

/// The right column of overviews.
namespace starling::plots {

inline constexpr Real side_left = 922, side_width = 254;

/// Makes a panel in the box it is given.
using PanelMaker = std::function<Panel(const Box&)>;

/// Time means of the scores as a small table, if there are any, and the panels below it, between
/// these heights of the page.
void add_side(Page& page, const Run& run, const std::vector<PanelMaker>& side, Real top,
              Real bottom);

}  // namespace starling::plots
