// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/validate.hpp"

#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/version.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>

namespace starling::drivers {

void announce(const app::Run& run) {
  log::info("starling {} ({})", version(), git_hash());
  log::info("{}: {} members of {} values on {} ranks", run.title, run.ensemble->size(),
            run.ensemble->dofs(), size_of(run.processes->world()));
  log::info("\n{}", run.config);
}

void report_cost(const app::Run& run) {
  constexpr Index trial_steps = 20;
  run.ensemble->update_states();
  const auto start = std::chrono::steady_clock::now();
  run.ensemble->advance(0, trial_steps);
  Real seconds = std::chrono::duration<Real>(std::chrono::steady_clock::now() - start).count();
  STARLING_MPI(
      MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, run.processes->world()));
  const app::Cost& cost = run.cost;
  log::info("the input is valid; a run of {:.0f} steps needs", cost.steps);
  log::info("  memory    {} a rank: {} for the states, {} for members and analysis{}",
            bytes_text(cost.bytes_of_states + cost.bytes_of_campaign),
            bytes_text(cost.bytes_of_states), bytes_text(cost.bytes_of_campaign),
            cost.bytes_of_members > 0 ? fmt::format(" ({:.2f} x the members)",
                                                    cost.bytes_of_campaign / cost.bytes_of_members)
                                      : "");
  log::info("  output    {}", bytes_text(cost.bytes_written));
  log::info("  forecast  {:.3g} floating-point operations, about {} on these ranks", cost.flops,
            duration_text(seconds / static_cast<Real>(trial_steps) * cost.steps));
}

void report_memory(const app::Run& run) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  Real peak = 1024 * static_cast<Real>(usage.ru_maxrss);
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &peak, 1, MPI_DOUBLE, MPI_MAX, run.processes->world()));
  log::info("at most {} a rank were in memory, the program itself included", bytes_text(peak));
}

}  // namespace starling::drivers
