// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/page.hpp"
#include "plots/run.hpp"

#include <string>
#include <vector>

/// Panels that stand in more than one picture. Axes have no labels where the picture decides.
namespace starling::plots {

/// Title and facts of the run in the upper left corner, `right` and the file's name in the upper
/// right.
void add_heading(Page& page, const Run& run, const std::string& right = "");

/// "t = 19750 to 20000".
std::string times_text(Window time);

bool has_scores(const Run& run);
/// RMSE and spread of background and analysis between these times.
Panel score_panel(const Run& run, const Box& box, Window time);
/// Adds what RMSE is compared with, where it is in sight: observation error and climatology.
void add_references(Panel& panel, const Run& run);

bool has_ranks(const Run& run, const std::string& state);
/// The rank histogram of `state`, "background" or "analysis", as multiples of a flat one, and what
/// 95 % of flat ones would show (unless neighbouring ranks are counted: they are correlated).
/// Entitled "NAME, STATE (p = ...)" with the p-value of flatness.
Panel rank_panel(const Run& run, const std::string& state, const std::string& name, const Box& box);

bool has_spectra(const Run& run);
/// Spectra without title, with a legend inside.
Panel spectrum_panel(const Run& run, const Box& box);

/// "energy input" of "energy_input".
std::string words(std::string name);
/// "[1/time]", nothing for what has no unit.
std::string unit_of(const Run& run, const std::string& dataset);
/// "Energy input [1/time]".
std::string short_title(const Run& run, const std::string& dataset);

/// What is nothing but rounding in the diagnostics of `run`: in flows, whose units may be any, by
/// the size of their energy.
Real rounding_of(const Run& run);
/// Datasets of diagnostics, the energy first; of flows without those that are zero throughout.
std::vector<std::string> diagnostics_of(const Run& run);
/// One diagnostic in time.
Panel diagnostic_panel(const Run& run, const std::string& dataset, const Box& box, Window time);

/// Variable `variable` of a model with few of them in time.
Panel trajectory_panel(const Run& run, Index variable, const Box& box, Window time);

/// The last variable over the first: the shape of the attractor.
Panel phase_panel(const Run& run, const Box& box, Window time);

}  // namespace starling::plots
