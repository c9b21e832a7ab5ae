// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/geometry.hpp"
#include "core/types.hpp"
#include "filters/static_covariance.hpp"

#include <limits>
#include <span>
#include <vector>

namespace starling::filters {

/// One analysis as a filter sees it: an ensemble of numbers and its observed image, no model.
/// Columns (dofs, observations) are this rank's share, in whole blocks of core's dof_block (dofs)
/// and observation_block (observations), in rank order; rows are all members in index order.
struct Analysis {
  Rows ensemble;            ///< members x my dofs; the background, becomes the analysis
  ConstRows observed;       ///< members x my observations: H applied to each background member
  const Real* value;        ///< my observations
  const Real* variance;     ///< their error variances, > 0; may be infinite
  Index first_observation;  ///< global index of my first observation
  Index observations;       ///< of all ranks
  Index cycle;              ///< number of this analysis: addresses the random numbers
  const Place* places = nullptr;       ///< of the observations of all ranks, by global index
  const Real* all_variance = nullptr;  ///< of the observations of all ranks, by global index
  /// Earlier ensembles, or anything else of members x any columns, that a smoother gives the same
  /// weights and rotation as `ensemble`, but no inflation. Empty unless Filter::smooths().
  std::span<const Rows> past = {};
  const StaticCovariance* climatology = nullptr;  ///< null unless Filter::uses_climatology()
};

/// Observations are dealt to ranks, and their Gram products summed, in whole blocks of this many.
inline constexpr Index observation_block = 256;

/// What an analysis reports of itself; NaN where a filter knows no such thing.
struct Report {
  Real inflation = 1;  ///< factor applied to the anomalies
  Real effective_size = std::numeric_limits<Real>::quiet_NaN();  ///< 1 / sum of squared weights
  Real iterations = std::numeric_limits<Real>::quiet_NaN();      ///< of an iterative analysis
  Real log_likelihood = std::numeric_limits<Real>::quiet_NaN();  ///< of these observations
  Index copies = 0;  ///< particles that resampling replaced by a copy of another
  Index moves = 0;   ///< states that went to another rank for it, all ranks
};

/// A filter turns the background ensemble into the analysis ensemble. analyse() is collective on
/// the communicator of the constructor, gives the same bits for any number of its ranks, and
/// allocates nothing. Without observations the analysis is the background, untouched by inflation
/// and rotation. Throws NumericalError, the same on every rank, if the background or the
/// observations are not finite, and names the member.
class Filter {
 public:
  virtual ~Filter() = default;
  virtual Report analyse(const Analysis& analysis) = 0;
  /// Whether analyse() also updates Analysis::past.
  virtual bool smooths() const { return false; }
  /// Whether an analysis must have a climatology.
  virtual bool uses_climatology() const { return false; }

  /// Bytes of workspace on this rank.
  virtual Real bytes() const { return 0; }
  /// What the next analysis needs of the earlier ones, for checkpoints: the same on every rank, of
  /// constant length, empty for filters without memory.
  virtual std::vector<Real> state() const { return {}; }
  virtual void restore(const std::vector<Real>&) {}
};

}  // namespace starling::filters
