// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/process_grid.hpp"
#include "datasets/manifest.hpp"
#include "datasets/point_samples.hpp"
#include "datasets/settings.hpp"
#include "datasets/subgrid.hpp"
#include "datasets/well_file.hpp"
#include "models/integrator.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace starling::campaigns {

/// A level of the ladder as one row has it.
struct LevelSystem {
  std::string name;
  std::unique_ptr<models::Model> model;
  std::unique_ptr<models::Integrator> forecast;
  std::vector<std::pair<std::string, Real>> parameters;  ///< numbers of its [model] and [stepper]
  /// Its scheme and step for another system.
  std::function<std::unique_ptr<steppers::Stepper>(steppers::Semilinear&)> stepper{};
};

/// All that a row is computed with; the first level is that of [model].
struct RowSystems {
  std::unique_ptr<ProcessGrid> processes;  ///< of the ranks that compute the row
  datasets::Settings settings;
  std::vector<LevelSystem> levels;
  std::optional<datasets::PointSamples> samples{};  ///< of the first level
  std::uint64_t seed = 0;
  std::string title, reference;
  std::string resolved;  ///< the row's input with all defaults
};

/// One of the files that a row makes.
struct ProductPlan {
  enum class Kind { run, restarted, coarsened };
  Kind kind;
  std::size_t level;  ///< whose run it is, or to which the first one is coarsened
  datasets::CoarseOperator op = datasets::CoarseOperator::sharp;
  datasets::WellLayout layout;
  std::string path;  ///< below the folder of the data set
};

/// What files are called: names tell what differs from file to file, and the row.
std::string file_name(const std::string& dataset, const datasets::Row& row);
/// Root attributes of any file of a row.
std::vector<std::pair<std::string, std::string>> texts_of(const datasets::Row& row,
                                                          const datasets::Settings& settings,
                                                          const std::string& title,
                                                          const std::string& reference);
/// Texts of /provenance of any file of a row.
std::vector<std::pair<std::string, std::string>> provenance_of(const datasets::Row& row,
                                                               std::uint64_t seed,
                                                               const std::string& resolved);

/// Steps of a level between frames, of the spin-up, and frames of a file.
struct LevelSteps {
  Index interval, spin_up;
};
/// Throws InputError where frames are not ends of steps.
LevelSteps steps_of(const RowSystems& systems, const LevelSystem& level);

/// Of every file of a row. Throws InputError for what does not fit together.
std::vector<ProductPlan> plan_products(const datasets::Row& row, RowSystems& systems);

/// Fills in what the row costs.
void add_cost(datasets::Row& row, RowSystems& systems);

}  // namespace starling::campaigns
