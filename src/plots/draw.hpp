// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/options.hpp"

#include <string>
#include <vector>

namespace starling::plots {

/// Draws everything the result file `file` has something to show for, as PNGs in `out_dir` (made if
/// it is not there; if empty, where the file is). NAME is the file's name without folder and
/// suffixes:
///
///     NAME_overview.png      the best of the others on one page
///     NAME_fields.png        space-time pictures of truth, analysis, error and spread
///     NAME_scores.png        RMSE, spread, CRPS and innovation variance in time
///     NAME_ranks.png         rank histograms
///     NAME_spectra.png       energy spectra
///     NAME_diagnostics.png   diagnostics in time
///     NAME_lyapunov.png      Lyapunov exponents
///
/// Returns the files written. A file of a run that goes on or was killed is drawn up to its last
/// complete frame. Without gnuplot a warning is logged and NAME_fields.png alone is drawn, without
/// axes. For one rank. Throws InputError naming the file (not there, no result file, nothing in it
/// to draw yet), IoError if a picture cannot be written.
std::vector<std::string> draw(const std::string& file, const std::string& out_dir,
                              const Options& options = {});

/// Draws each file and, if there are several and all have scores, comparison.png: analysis RMSE and
/// spread in time, and their averages against the setting in which the runs differ. Files of one
/// name in different folders have pictures FOLDER_NAME_....
std::vector<std::string> draw(const std::vector<std::string>& files, const std::string& out_dir,
                              const Options& options = {});

}  // namespace starling::plots
