// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/row_plan.hpp"
#include "diagnostics/lyapunov.hpp"

#include <functional>
#include <string>

namespace starling::campaigns {

/// How chaotic the first level of a row is, as an entry of chaos.json with the keys of dysts
/// (gilpin2021): the largest Lyapunov exponents, Kaplan-Yorke dimension, Pesin's entropy (the sum
/// of the positive exponents), the dominant period of the state at one grid point; and besides
/// these the standard errors, the Lyapunov time 1 / lambda_1, the time in which errors double, and
/// the integral time scale. What was not estimated is null. Serial. Throws NumericalError.
std::string chaos_of(const datasets::Row& row, RowSystems& systems,
                     const diagnostics::LyapunovSettings& settings,
                     const std::function<void(Real share)>& progress);

/// Steps that it takes, of one state each.
Real chaos_steps(const RowSystems& systems, const diagnostics::LyapunovSettings& settings);

}  // namespace starling::campaigns
