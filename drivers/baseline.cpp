// SPDX-License-Identifier: BSD-3-Clause
#include "app/build_dataset.hpp"
#include "campaigns/similarity.hpp"
#include "core/log.hpp"
#include "drivers/verbs.hpp"

namespace starling::drivers {

namespace {

campaigns::BaselineSettings settings_of(const BaselineRequest& request,
                                        const app::Registry& registry) {
  campaigns::BaselineSettings settings;
  settings.folder = request.folder;
  settings.only = request.only;
  settings.inputs = request.inputs;
  settings.random_features = request.random_features;
  settings.samples = request.samples;
  settings.runs = request.runs;
  settings.build = [&registry](const datasets::Row& row, MPI_Comm comm) {
    return app::systems_of(row, registry, comm);
  };
  return settings;
}

}  // namespace

void baseline(const BaselineRequest& request, const app::Registry& registry, MPI_Comm world) {
  const std::string table = campaigns::run_baseline(settings_of(request, registry), world);
  log::info("{}{}/baseline.json", table, request.folder);
}

void similarity(const BaselineRequest& request, const app::Registry& registry, MPI_Comm world) {
  const std::string table = campaigns::run_similarity(settings_of(request, registry), world);
  log::info("{}{}/similarity.json", table, request.folder);
}

}  // namespace starling::drivers
