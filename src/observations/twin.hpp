// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/schema.hpp"
#include "observations/batch.hpp"
#include "observations/network.hpp"

#include <cstdint>

namespace starling::observations {

/// Synthetic observations of a known truth: y = H x + error_std z, z independent standard normals,
/// pure functions of (seed, analysis number, index in the batch).
class Twin {
 public:
  /// Keys of the input: those of Network, and
  ///     error_std        standard deviation of the observation errors, > 0
  static Schema schema();

  Twin(const Section& section, const Domain& domain, std::uint64_t seed);
  /// Throws InputError unless error_std > 0.
  Twin(Network network, Real error_std, std::uint64_t seed);

  /// Observations of one analysis.
  Index size() const { return network_.size(); }

  /// The observations of `truth` (domain().points values) for analysis number n at `time`. Local;
  /// allocates nothing once `out` has room for size().
  void observe(Batch& out, const Real* truth, Index n, Real time);

 private:
  Network network_;
  Real error_std_;
  std::uint64_t seed_;
};

}  // namespace starling::observations
