// SPDX-License-Identifier: BSD-3-Clause
#include "app/build.hpp"
#include "core/log.hpp"
#include "drivers/validate.hpp"
#include "drivers/verbs.hpp"

namespace starling::drivers {

void simulate(const RunRequest& request, const app::Registry& registry, MPI_Comm world) {
  Config config = Config::read(request.options.input, request.overrides);
  app::SimulationRun run = app::build_simulation(config, registry, request.options, world);
  announce(run);
  if (request.validate) return report_cost(run);

  const campaigns::Summary summary = run.campaign->run();
  log::info("averages over the run\n{}results in {}", summary.table(), run.campaign->path());
  report_memory(run);
}

}  // namespace starling::drivers
