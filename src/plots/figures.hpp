// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/options.hpp"
#include "plots/page.hpp"
#include "plots/planes.hpp"
#include "plots/run.hpp"

#include <optional>

/// One function a picture. Nothing is returned if the run lacks what the picture shows.
namespace starling::plots {

/// Fields in space and time, side by side: truth, analysis, error, spread, or members and mean. The
/// fields of models with few variables are lines, see trajectories().
std::optional<Page> space_time(const Run& run, const Options& options);

/// The same in two and three dimensions: planes at a few times; truth, analysis, error and spread
/// of an assimilation at its last frame and one before it.
std::optional<Page> planes(const Run& run, const Options& options);

/// One frame of a movie, in the colours that `fields` has.
Page movie_page(const Run& run, const PlaneFields& fields, Index frame, const Options& options);

/// Each variable in time: truth, analysis mean, two standard deviations either way.
std::optional<Page> trajectories(const Run& run, const Options& options);

/// RMSE and spread, CRPS, innovation consistency over the whole run.
std::optional<Page> scores(const Run& run, const Options& options);

/// Rank histograms of background and analysis with what chance allows a flat one.
std::optional<Page> ranks(const Run& run, const Options& options);

/// Energy spectra of truth, errors and spreads, or of the ensemble.
std::optional<Page> spectra(const Run& run, const Options& options);

/// The same of flows in two and three dimensions, with slopes to compare with, and what crosses
/// each wavenumber.
std::optional<Page> flow_spectra(const Run& run, const Options& options);

/// For each budget the quantity, what changes it, and what the terms leave unexplained.
std::optional<Page> budgets(const Run& run, const Options& options);

/// Every diagnostic of a simulation in time.
std::optional<Page> diagnostics(const Run& run, const Options& options);

/// Lyapunov exponents with their errors and their sums, which tell the dimension.
std::optional<Page> lyapunov(const Run& run, const Options& options);

/// The best of them on one page.
std::optional<Page> overview(const Run& run, const Options& options);

/// The same in two and three dimensions.
std::optional<Page> plane_overview(const Run& run, const Options& options);

/// Several runs in one picture: analysis RMSE in time, and averages of RMSE and spread against the
/// setting in which the runs differ, or by name.
std::optional<Page> comparison(const std::vector<Run>& runs, const Options& options);

}  // namespace starling::plots
