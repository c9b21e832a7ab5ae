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
///     NAME_fields.png        pictures of truth, analysis, error and spread: in space and time, or
///                            of two and three dimensions at a few times
///     NAME_scores.png        RMSE, spread, CRPS and innovation variance in time
///     NAME_ranks.png         rank histograms
///     NAME_spectra.png       energy spectra
///     NAME_diagnostics.png   diagnostics in time
///     NAME_budgets.png       what changes energy and enstrophy, and how well that adds up
///     NAME_lyapunov.png      Lyapunov exponents
///
/// and NAME.xdmf, with which ParaView opens fields in two and three dimensions (io/xdmf.hpp).
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

/// The fields of a run in two or three dimensions frame by frame, with the same colours in all:
/// NAME_movie/0001.png, 0002.png, ... of the frames `options` asks for, by default all. Of a
/// simulation the first component alone is shown, unless others are asked for. What an earlier call
/// left in the folder is removed. Returns the files written. Throws InputError where there is
/// nothing to show or no gnuplot, and as draw() does.
std::vector<std::string> draw_movie(const std::string& file, const std::string& out_dir,
                                    const Options& options = {});

/// The command that joins the pictures of a movie to a film.
std::string film_command(const std::vector<std::string>& pictures);

}  // namespace starling::plots
