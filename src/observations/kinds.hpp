// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schema.hpp"
#include "core/types.hpp"
#include "observations/batch.hpp"

#include <string>
#include <vector>

namespace starling::observations {

/// How the field is seen from its grid-point values, before any function of it.
enum class Sampling {
  linear,    ///< linear interpolation between the two grid points around the location
  spectral,  ///< trigonometric interpolation (observations/spectral_points.hpp)
  average,   ///< mean over `extent` around the location (observations/box_averages.hpp)
};

/// A kind of observation: h(x) = function(sample of the field).
struct KindEntry {
  std::string name;
  Kind kind;  ///< the code in files
  std::string summary;
  Sampling sampling;
  Real (*function)(Real sample);  ///< null: the sample itself, and h is linear
  Schema schema = {};             ///< keys of a twin experiment that it needs besides
};

/// THE list. Codes are written into files: append, never renumber.
const std::vector<KindEntry>& kinds();

/// The kind of that code or name, null if nobody knows it.
const KindEntry* find(Kind kind);
const KindEntry* find(const std::string& name);
/// All names, as an input says them.
std::vector<std::string> kind_names();
/// Names and codes for messages: "0 (point), 1 (spectral), ...".
std::string allowed_kinds();

}  // namespace starling::observations
