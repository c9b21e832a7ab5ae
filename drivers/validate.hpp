// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>

#include "app/build.hpp"

namespace starling::drivers {

/// What a run is, before its first step: title, ranks, resolved input.
void announce(const std::string& title, const std::string& config, const ProcessGrid& processes,
              const ensemble::Ensemble& ensemble);

/// The cost of a run: memory, operations, bytes written, and the time of the forecasts from a few real
/// steps of this machine. Collective.
void report_cost(const app::Cost& cost, const ProcessGrid& processes, ensemble::Ensemble& ensemble);

}  // namespace starling::drivers
