// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/config.hpp"
#include "core/schema.hpp"
#include "observations/batch.hpp"
#include "observations/network.hpp"
#include "observations/operator.hpp"
#include "observations/sensors.hpp"

#include <mpi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace starling::observations {

/// Where the ranks of `space`, which is borrowed, share a truth: the grid-point values of it here.
/// Without them: all are here.
struct Sharing {
  std::optional<Columns> values = std::nullopt;
  MPI_Comm space = MPI_COMM_SELF;
};

/// Synthetic observations of a known truth: y = h(x) + e, or gain h(x) + bias + e of a sensor, pure
/// functions of (seed, analysis number, index in the batch). Errors e have their standard
/// deviations times standard normals z that are independent, or within blocks of consecutive
/// observations have correlations exp(-distance / length) if they are of one component, else none:
/// e = L z with L the Cholesky factor of the covariance. Some values may be missing, and some wrong
/// by a gross error that nothing tells of.
class Twin {
 public:
  struct Settings {
    /// Observation j is of kind j mod their number, and has that standard deviation.
    std::vector<Kind> kinds = {Kind::state};
    std::vector<Real> error_std = {1};
    Real extent = 0;             ///< of averages [length units]
    Real missing = 0;            ///< probability that a value is missing
    Real gross_errors = 0;       ///< probability of a gross error, of either sign
    Real gross_error_size = 10;  ///< [standard deviations]
    Index error_block = 0;       ///< observations of a block; 0: errors are independent
    Real correlation_length = 0;
  };

  /// Keys of the input: those of Network, and
  ///     kinds, extent            what is measured
  ///     error_std, error_stds    standard deviation of the errors: one, or one for each of kinds
  ///     error_block, error_correlation_length
  ///     missing, gross_errors, gross_error_size
  static Schema schema();

  /// Throws InputError for keys that don't go together, and for what the domain cannot have.
  /// An observation belongs to the sensor of the lowest number that makes it. With a network that
  /// stays the same, a sensor that makes none is an InputError.
  Twin(const Section& section, const Domain& domain, std::uint64_t seed,
       std::vector<Sensor> sensors = {}, const Sharing& sharing = {});
  Twin(Network network, Settings settings, std::uint64_t seed, std::vector<Sensor> sensors = {},
       const Sharing& sharing = {});
  /// Of the state. Throws InputError unless error_std > 0.
  Twin(Network network, Real error_std, std::uint64_t seed);

  /// The most observations of an analysis.
  Index size() const { return network_.size(); }
  /// The most blocks of correlated errors, and entries of their covariances.
  Index blocks() const;
  Index covariances() const;
  const Domain& domain() const { return network_.domain(); }
  const std::vector<Sensor>& sensors() const { return sensors_; }

  /// The observations of `truth` (the grid-point values here) for analysis number n at `time`.
  /// Collective on the ranks that share the truth, and all have all observations. Allocates nothing
  /// once `out` has room for size().
  void observe(Batch& out, const Real* truth, Index n, Real time);

 private:
  Real std_of(std::size_t j) const { return settings_.error_std[j % settings_.error_std.size()]; }
  void describe(Batch& out, Index n);
  void correlate(Batch& out);
  void spoil(Batch& out, Index n) const;

  Network network_;
  Settings settings_;
  std::uint64_t seed_;
  std::vector<Sensor> sensors_;  // by number
  Index here_;                   // grid-point values of the truth
  Sensors calibration_;
  Operator operator_;
  std::string name_ = "twin experiment";
  std::vector<Real> errors_, factor_;
};

}  // namespace starling::observations
