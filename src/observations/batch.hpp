// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "core/domain.hpp"
#include "core/types.hpp"

namespace starling::observations {

/// What an observation measures.
enum class Kind : std::int32_t {
  state = 0,  ///< the prognostic field at a point
};

/// The observations of one time. Errors are Gaussian and independent. Synthetic and real observations
/// are the same thing: both come as batches, in memory or from a file. Every rank holds the whole
/// batch.
struct Batch {
  Real time = 0;                 ///< [time units of the model]
  std::vector<Real> location;    ///< coordinate in the domain [length units of the model]
  std::vector<Kind> kind;
  std::vector<Real> value;
  std::vector<Real> variance;    ///< of the observation error, > 0

  Index size() const { return static_cast<Index>(value.size()); }
};

}  // namespace starling::observations
