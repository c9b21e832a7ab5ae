// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "core/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace starling::observations {

/// What an observation measures: a code that files hold; observations/kinds.hpp says what each is.
enum class Kind : std::int32_t {
  state = 0,  ///< the prognostic field at a point
};

/// Observations [first, first + count) of a batch whose errors are correlated among themselves, and
/// where their covariance is: count x count Reals, row by row, from `offset` on.
struct ErrorBlock {
  Index first = 0, count = 0, offset = 0;
  bool operator==(const ErrorBlock&) const = default;
};

/// The observations of one time. Errors are Gaussian, and independent but within blocks. Synthetic
/// and real observations are the same thing: both come as batches, in memory or from a file. Every
/// rank holds the whole batch.
struct Batch {
  Real time = 0;    ///< [time units of the model]
  Index first = 0;  ///< observations of earlier batches: the index of value[0] in a file
  std::vector<Point> location;          ///< in the domain [length units of the model]
  std::vector<std::int32_t> component;  ///< of the domain: which field is measured
  std::vector<Kind> kind;
  std::vector<Real> extent;          ///< of what is averaged over [length units]; else 0
  std::vector<std::int32_t> sensor;  ///< number of the instrument; -1: one without gain and bias
  std::vector<Real> value;           ///< not a number: missing
  std::vector<Real> variance;        ///< of the observation error, > 0
  std::vector<ErrorBlock> blocks;    ///< ascending, apart from one another
  std::vector<Real> covariance;      ///< of the blocks one after the other; diagonal = variance

  Index size() const { return static_cast<Index>(value.size()); }
  /// All but value, location and variance become what they are for plain observations: of the
  /// first component of the state, no sensor, no blocks. Allocates nothing up to the size that was
  /// reserved.
  void resize(Index size);
  void reserve(Index size);

  /// Leaves only the observations j with keep[j] != 0, in their order; blocks lose the rows and
  /// columns of the others. Allocates nothing.
  void select(const std::vector<char>& keep);
};

/// Throws InputError "source: observation i at time t: location = x is outside the domain; allowed:
/// 0 <= x < 22" for the first observation of `batch` that is outside, and the like for a component
/// that the domain does not have.
void require_inside(const Batch& batch, const Domain& domain, const std::string& source);

/// Numbers and names of the components for messages: "0 (u), 1 (v)".
std::string allowed_components(const Domain& domain);

}  // namespace starling::observations
