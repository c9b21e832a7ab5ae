// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "app/registry.hpp"
#include "campaigns/generation.hpp"

#include <string>
#include <vector>

namespace starling::app {

/// The rows of a data set and what they cost, before anything runs.
struct DataSetPlan {
  std::string title;
  std::string folder;
  std::vector<datasets::Row> rows;
};

/// Rows of the input and of its siblings. Builds one row of each parameter set to know that it can
/// be built and what it costs. Throws InputError. Collective.
DataSetPlan plan_dataset(const campaigns::Options& options,
                         const std::vector<std::string>& overrides, const Registry& registry,
                         MPI_Comm world);

/// The levels of a row, from the input that it carries: of a sequence its model alone. Collective
/// on `comm`. Throws InputError.
campaigns::RowSystems systems_of(const datasets::Row& row, const Registry& registry, MPI_Comm comm);

/// Computes rows of any kind; the registry must outlive it.
campaigns::Generation::Run row_runner(const Registry& registry);

}  // namespace starling::app
