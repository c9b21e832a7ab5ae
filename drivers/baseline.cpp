// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/baseline.hpp"

#include "app/build_dataset.hpp"
#include "core/log.hpp"
#include "drivers/verbs.hpp"

namespace starling::drivers {

void baseline(const BaselineRequest& request, const app::Registry& registry, MPI_Comm world) {
  campaigns::BaselineSettings settings;
  settings.folder = request.folder;
  settings.random_features = request.random_features;
  settings.samples = request.samples;
  settings.runs = request.runs;
  settings.build = [&](const datasets::Row& row, MPI_Comm comm) {
    return app::systems_of(row, registry, comm);
  };
  const std::string table = campaigns::run_baseline(settings, world);
  log::info("{}{}/baseline.json", table, request.folder);
}

}  // namespace starling::drivers
