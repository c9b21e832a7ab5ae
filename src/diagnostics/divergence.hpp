// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <optional>
#include <span>

namespace starling::diagnostics {

/// When a filter lost the truth: the first sample with which the mean of `window` successive errors
/// exceeds `threshold`; none if that never happens. Half the error of climatology over 20 cycles
/// tells filter divergence from an excursion.
std::optional<Index> first_divergence(std::span<const Real> errors, Real threshold,
                                      Index window = 20);

}  // namespace starling::diagnostics
