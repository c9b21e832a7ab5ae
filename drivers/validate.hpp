// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "app/build.hpp"

namespace starling::drivers {

/// What a run is, before its first step: title, ranks, resolved input.
void announce(const app::Run& run);

/// The cost of a run: memory, operations, bytes written, and the time of the forecasts from a few
/// real steps of this machine. Collective.
void report_cost(const app::Run& run);

/// Logs the most memory that a rank ever had. Collective.
void report_memory(const app::Run& run);

}  // namespace starling::drivers
