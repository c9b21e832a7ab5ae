// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/options.hpp"
#include "plots/page.hpp"
#include "plots/run.hpp"

#include <string>
#include <vector>

namespace starling::plots {

/// What the colours of some layers stand for.
struct Scale {
  Colormap map;
  Window limits;
};

/// One field of a run to look at.
struct Layer {
  std::string title;
  Field field;
  bool magnitude = false;  ///< an error or a spread: measured by the other scale
};

/// The fields of a run side by side: truth, analysis, error, spread, or members, mean, spread.
struct Layers {
  std::vector<Layer> all;
  Window time, space;
  Scale values, magnitudes;

  const Scale& scale_of(const Layer& layer) const { return layer.magnitude ? magnitudes : values; }
};

/// The times to show: as asked for, by default as many of the last frames as are readable. Throws
/// InputError if the run has no frame in them.
Window shown_times(const Run& run, const Options& options);

/// A model with so few variables that its fields are drawn as lines.
bool has_few_variables(const Run& run);

/// Layers of `run` between these times; empty if it has no fields. Values that change sign get the
/// diverging colours with limits symmetric about zero.
Layers read_layers(const Run& run, Window time);

/// The layer as a panel without title and labels.
Panel layer_panel(const Page& page, const Layers& layers, const Layer& layer, const Box& box,
                  Way way);

/// What the colours of `scale` stand for; upright with numbers on the right, or lying.
Panel scale_panel(const Page& page, const Scale& scale, const Box& box);

}  // namespace starling::plots
