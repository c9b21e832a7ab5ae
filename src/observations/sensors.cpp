// SPDX-License-Identifier: BSD-3-Clause
#include "observations/sensors.hpp"

#include "core/error.hpp"
#include "observations/kinds.hpp"

#include <algorithm>
#include <utility>

namespace starling::observations {

bool Sensor::makes(const Batch& batch, Index j) const {
  const auto at = static_cast<std::size_t>(j);
  const bool of_kind =
      kinds.empty() || std::find(kinds.begin(), kinds.end(), batch.kind[at]) != kinds.end();
  return of_kind && from <= batch.location[at][0] && batch.location[at][0] < to &&
         j % stride == offset;
}

const Schema& Sensor::schema() {
  static const Schema keys = {
      Key::integer("number", "of the instrument in observation files")
          .at_least(0)
          .at_most(std::numeric_limits<std::int32_t>::max()),
      Key::real("gain", "observations are gain h(x) + bias + error").otherwise(1.0),
      Key::real("bias", "observations are gain h(x) + bias + error [units of the observation]")
          .otherwise(0.0),
      Key::texts("kinds", "twin: its observations are of these kinds; of any if absent")
          .one_of(kind_names())
          .optional(),
      Key::reals(
          "region",
          "twin: its observations are at from <= x < to; anywhere if absent [length units of "
          "the model]")
          .optional(),
      Key::integer("stride", "twin: every so-many-th observation of a batch; each if absent")
          .at_least(1)
          .optional(),
      Key::integer("offset", "twin: the first of them, counted from 0; 0 if absent")
          .at_least(0)
          .optional(),
  };
  return keys;
}

Sensor Sensor::from_section(const Section& section, std::string name, bool twin) {
  Sensor sensor{.name = std::move(name),
                .number = static_cast<std::int32_t>(section.integer("number")),
                .gain = section.real("gain"),
                .bias = section.real("bias")};
  for (const char* key : {"kinds", "region", "stride", "offset"})
    if (!twin && section.has(key))
      section.fail(key, "is for twin experiments; a file says which sensor made an observation",
                   "no such key");
  if (section.has("kinds"))
    for (const std::string& kind : section.texts("kinds")) sensor.kinds.push_back(find(kind)->kind);
  if (section.has("region")) {
    const std::vector<Real>& region = section.reals("region");
    if (region.size() != 2 || !(region[0] < region[1]))
      section.fail("region", "is no region", "[from, to] with from < to");
    sensor.from = region[0];
    sensor.to = region[1];
  }
  if (section.has("stride")) sensor.stride = section.integer("stride");
  if (section.has("offset")) sensor.offset = section.integer("offset");
  if (sensor.offset >= sensor.stride)
    section.fail("offset", "is not below the stride", fmt::format("0 to {}", sensor.stride - 1));
  return sensor;
}

Sensors::Sensors(const std::vector<Sensor>& sensors, const std::vector<ExtraColumn>& extras,
                 Index first) {
  for (const Sensor& sensor : sensors) {
    Calibration calibration{sensor.number, sensor.gain, sensor.bias};
    for (std::size_t i = 0; i < extras.size(); ++i) {
      const Index column = first + static_cast<Index>(i);
      if (extras[i].name == sensor.gain_name()) {
        calibration.gain_column = column;
        calibration.gain_extra = extras[i];
      }
      if (extras[i].name == sensor.bias_name()) {
        calibration.bias_column = column;
        calibration.bias_extra = extras[i];
      }
    }
    sensors_.push_back(std::move(calibration));
  }
  gain_.resize(sensors_.size());
  bias_.resize(sensors_.size());
}

void Sensors::set(const Batch& batch) {
  uses_.clear();
  for (Index j = 0; j < batch.size(); ++j)
    for (std::size_t s = 0; s < sensors_.size(); ++s)
      if (sensors_[s].number == batch.sensor[static_cast<std::size_t>(j)]) uses_.push_back({j, s});
}

void Sensors::apply(Rows observed, ConstRows members) const {
  if (uses_.empty()) return;
  const Index observations = width_of(observed), dofs = width_of(members);
  for (Index r = 0; r < rows_of(observed); ++r) {
    const Real* member = members.data() + r * dofs;
    for (std::size_t s = 0; s < sensors_.size(); ++s) {
      const Calibration& of = sensors_[s];
      STARLING_ASSERT(of.gain_column < dofs && of.bias_column < dofs);
      gain_[s] = of.gain_column < 0 ? of.gain : of.gain_extra.value(member[of.gain_column]);
      bias_[s] = of.bias_column < 0 ? of.bias : of.bias_extra.value(member[of.bias_column]);
    }
    Real* y = observed.data() + r * observations;
    for (const Use& use : uses_)
      y[use.observation] = gain_[use.sensor] * y[use.observation] + bias_[use.sensor];
  }
}

}  // namespace starling::observations
