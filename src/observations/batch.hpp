// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace starling::observations {

/// What an observation measures.
enum class Kind : std::int32_t {
  state = 0,  ///< the prognostic field at a point
};

/// The observations of one time. Errors are Gaussian and independent. Synthetic and real
/// observations are the same thing: both come as batches, in memory or from a file. Every rank
/// holds the whole batch.
struct Batch {
  Real time = 0;               ///< [time units of the model]
  Index first = 0;             ///< observations of earlier batches: the index of value[0] in a file
  std::vector<Real> location;  ///< coordinate in the domain [length units of the model]
  std::vector<Kind> kind;
  std::vector<Real> value;
  std::vector<Real> variance;  ///< of the observation error, > 0

  Index size() const { return static_cast<Index>(value.size()); }
  /// Allocates nothing up to the size that was reserved.
  void resize(Index size);
  void reserve(Index size);
};

/// Throws InputError "source: observation i at time t: location = x is outside the domain; allowed:
/// 0 <= x < 22" for the first observation of `batch` that is outside.
void require_inside(const Batch& batch, const Domain& domain, const std::string& source);

}  // namespace starling::observations
