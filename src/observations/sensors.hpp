// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/extra_column.hpp"
#include "core/types.hpp"
#include "observations/batch.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace starling::observations {

/// An instrument with a calibration: its observations are y = gain h(x) + bias + e, h of their kind
/// (observations/kinds.hpp), the error e as if gain were 1.
struct Sensor {
  std::string name;
  std::int32_t number = 0;  ///< what observations of it hold
  Real gain = 1;
  Real bias = 0;  ///< [units of the observation]

  // Which observations of a twin experiment are its own, all conditions together.
  std::vector<Kind> kinds = {};                        ///< of any kind if empty
  Real from = -std::numeric_limits<Real>::infinity();  ///< from <= x < to
  Real to = std::numeric_limits<Real>::infinity();     ///< [length units of the model]
  Index stride = 1, offset = 0;                        ///< of the index in the batch
  bool makes(const Batch& batch, Index j) const;

  /// What the extra columns of its gain and bias are called: "sensor.NAME.gain", "...bias".
  std::string gain_name() const { return "sensor." + name + ".gain"; }
  std::string bias_name() const { return "sensor." + name + ".bias"; }

  /// The keys number, gain, bias, and for twin experiments kinds, region, stride, offset.
  static const Schema& schema();
  /// Throws InputError for what is no region, and for keys of twin experiments unless `twin`.
  static Sensor from_section(const Section& section, std::string name, bool twin);
};

/// Gain and bias of all sensors: known numbers, or extra columns (core/extra_column.hpp) that each
/// member has values of its own in, by which they are estimated with the state (friedland1969 for
/// the bias). Observations with the number of no sensor stay h(x). Local.
class Sensors {
 public:
  Sensors() = default;
  /// `first`: grid-point values of a member on this rank before its extra columns `extras`. Those
  /// called as gain_name() and bias_name() of a sensor are its own.
  Sensors(const std::vector<Sensor>& sensors, const std::vector<ExtraColumn>& extras, Index first);

  /// Finds the observations of sensors. Allocates nothing for as many as there were before.
  void set(const Batch& batch);
  /// From h(x) to gain h(x) + bias: `observed` (rows x observations of the batch) from what the
  /// same rows of `members` (rows x dofs, or the grid-point values if nothing is estimated) have.
  void apply(Rows observed, ConstRows members) const;

 private:
  struct Calibration {
    std::int32_t number;
    Real gain, bias;
    Index gain_column = -1, bias_column = -1;  // of members; -1: known
    ExtraColumn gain_extra = {}, bias_extra = {};
  };
  struct Use {
    Index observation;
    std::size_t sensor;
  };

  std::vector<Calibration> sensors_;
  std::vector<Use> uses_;                  // of the batch
  mutable std::vector<Real> gain_, bias_;  // of one member
};

}  // namespace starling::observations
