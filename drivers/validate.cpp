// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/validate.hpp"

#include <algorithm>
#include <chrono>

#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/version.hpp"

namespace starling::drivers {

void announce(const std::string& title, const std::string& config, const ProcessGrid& processes,
              const ensemble::Ensemble& ensemble) {
  log::info("starling {} ({})", version(), git_hash());
  log::info("{}: {} members of {} values on {} ranks", title, ensemble.size(), ensemble.dofs(),
            size_of(processes.world()));
  log::info("\n{}", config);
}

void report_cost(const app::Cost& cost, const ProcessGrid& processes,
                 ensemble::Ensemble& ensemble) {
  constexpr Index trial_steps = 20;
  ensemble.update_states();
  const auto start = std::chrono::steady_clock::now();
  ensemble.advance(0, trial_steps);
  Real seconds = std::chrono::duration<Real>(std::chrono::steady_clock::now() - start).count();
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, processes.world()));
  log::info("the input is valid; a run of {:.0f} steps needs", cost.steps);
  log::info("  memory    {} a rank for the ensemble", bytes_text(cost.bytes_in_memory));
  log::info("  output    {}", bytes_text(cost.bytes_written));
  log::info("  forecast  {:.3g} floating-point operations, about {} on these ranks", cost.flops,
            duration_text(seconds / static_cast<Real>(trial_steps) * cost.steps));
}

}  // namespace starling::drivers
