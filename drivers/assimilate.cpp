// SPDX-License-Identifier: BSD-3-Clause
#include "app/build.hpp"
#include "core/log.hpp"
#include "drivers/validate.hpp"
#include "drivers/verbs.hpp"

namespace starling::drivers {

void assimilate(const RunRequest& request, const app::Registry& registry, MPI_Comm world) {
  Config config = Config::read(request.options.input, request.overrides);
  app::AssimilationRun run = app::build_assimilation(config, registry, request.options, world);
  announce(run);
  if (request.validate) return report_cost(run);

  const campaigns::Summary summary = run.campaign->run();
  log::info("averages over the cycles after the burn-in\n{}results in {}", summary.table(),
            run.campaign->path());
  report_memory(run);
  if (summary.has("divergence/cycle"))
    log::warning(
        "the filter lost the truth at cycle {:.0f}: the mean of 20 analyses was further from it "
        "than half of climatology; more members or inflation may help",
        summary.value("divergence/cycle"));
}

}  // namespace starling::drivers
