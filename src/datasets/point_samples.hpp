// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/domain.hpp"
#include "core/types.hpp"
#include "datasets/snapshot.hpp"
#include "datasets/well_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace starling::datasets {

/// Weights of the values on a grid for the value at a place, [axis][point]: the trigonometric
/// interpolant along periodic axes (henrici1979; exact for all waves that the grid resolves), the
/// nearest point along others. The value is the sum of values times the product of the weights.
std::vector<std::vector<Real>> interpolation_weights(const Domain& grid, const Point& place);
Real interpolate(const Domain& grid, const Real* values,
                 const std::vector<std::vector<Real>>& weights);

/// Samples at points, beside the frames of the first level, for readers that have no grids:
///   [probes]   `count` fixed grid points, seen every `interval`: /probes/{time,place,NAME}
///   [sensors]  `count` observations a trajectory at places and frames of their own, with errors of
///              `error_std`: /sensors/{time,place,NAME}, in the order of time
/// NAME are the components of the state. All places are pure functions of the seed and the number
/// of the trajectory.
class PointSamples {
 public:
  static const Schema& probes_schema();
  static const Schema& sensors_schema();

  /// Reads [probes] and [sensors]. `dt` is the step of the first level, `interval` and `frames` are
  /// those of the data set. Throws InputError.
  PointSamples(Config& config, Real dt, Real interval, Index frames, std::uint64_t seed);

  bool any() const { return probes_ > 0 || sensors_ > 0; }
  /// Steps between two looks at the probes; 0: there are none.
  Index probe_steps() const { return probe_steps_; }
  /// What the file of the first level has besides, for so many trajectories.
  std::vector<Extra> extras(const Domain& grid) const;

  /// The samples of one trajectory in the making.
  struct Samples {
    Index trajectory = 0;
    std::vector<Index> points;            // of the probes
    std::vector<Point> places;            // of the sensors
    std::vector<Index> frames;            // of the sensors, ascending
    std::vector<std::vector<Real>> rows;  // as extras() lists them
    Index looks = 0, seen = 0;
  };
  Samples start(const Domain& grid, Index trajectory) const;
  void probe(Samples& samples, const Snapshot& snapshot, Real time) const;
  void sense(Samples& samples, const Snapshot& snapshot, Index frame) const;

 private:
  Index looks() const { return probe_steps_ > 0 ? frames_ * per_frame_ + 1 : 0; }

  Index probes_ = 0, sensors_ = 0, probe_steps_ = 0, per_frame_ = 0, frames_ = 0;
  Real error_std_ = 0, interval_ = 0;
  std::uint64_t seed_ = 0;
};

}  // namespace starling::datasets
