// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/layers.hpp"

#include <string>
#include <vector>

/// Fields in two dimensions and slices of those in three, at one time each. What those of one
/// dimension are, is in layers.hpp.
namespace starling::plots {

/// One field of a run, at whatever time.
struct PlaneField {
  std::string title;      ///< "analysis mean"
  std::string dataset;    ///< "/fields/analysis_mean/vorticity"
  std::string less = {};  ///< if given, the magnitude of the difference to this dataset is shown
  std::size_t scale = 0;
};

/// What belongs to one component: "vorticity".
struct ComponentFields {
  std::string name;  ///< as readers know it: "potential vorticity q1"
  std::vector<PlaneField> fields;
};

/// What the colours of some planes stand for.
struct PlaneScale {
  std::string label, unit;  ///< "vorticity", "[1/time]"
  bool magnitude = false;   ///< an error or a spread: begins at zero
  Scale colours;
};

/// What a run has to show and in which colours.
struct PlaneFields {
  std::vector<ComponentFields> components;
  std::vector<PlaneScale> scales;  ///< limits are those of the frames that scale_to() looked at
};

/// The components asked for, or all of the state and the derived ones if none is: those of member
/// `options.member`, or of the first written, with mean and spread of ensembles; in assimilations
/// truth, analysis, error and spread. In three dimensions vorticity magnitude and Q come first.
/// Throws InputError naming what is there if something else is asked for.
PlaneFields plane_fields(const Run& run, const Options& options);

/// Frames to show: those asked for, by default at most `count` from the first to the last between
/// `options.from` and `options.to`. Throws InputError if there is no such frame.
std::vector<Index> shown_frames(const Run& run, const Options& options, Index count);

Plane read_plane(const Run& run, const PlaneField& field, Index frame);

/// Sets the colours of `planes` by all its fields in these frames, as layers have them. The first
/// of several frames of a simulation does not count: noise that many begin with would fade the
/// rest.
void scale_to(PlaneFields& planes, const Run& run, const std::vector<Index>& frames);

/// "t = 12".
std::string time_text(const Run& run, Index frame);
/// "z = 3.14" of the slices of three dimensions, nothing in two.
std::string slice_text(const Run& run);

}  // namespace starling::plots
