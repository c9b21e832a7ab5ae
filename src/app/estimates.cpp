// SPDX-License-Identifier: BSD-3-Clause
#include "app/estimates.hpp"

#include "core/error.hpp"

#include <fmt/ranges.h>

#include <limits>
#include <optional>
#include <utility>

namespace starling::app {
namespace {

using observations::Sensor;

std::optional<Real> of_sensor(const std::vector<Sensor>& sensors, const std::string& name) {
  for (const Sensor& sensor : sensors) {
    if (name == sensor.gain_name()) return sensor.gain;
    if (name == sensor.bias_name()) return sensor.bias;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Sensor> read_sensors(Config& config, const std::string& prefix, bool twin) {
  std::vector<Sensor> sensors;
  for (const std::string& name : config.sections_below(prefix + "sensor")) {
    const Section section = config.section(prefix + "sensor." + name, Sensor::schema());
    Sensor sensor = Sensor::from_section(section, name, twin);
    for (const Sensor& other : sensors)
      if (other.number == sensor.number)
        section.fail("number", "is that of sensor " + other.name + " too", "numbers of their own");
    sensors.push_back(std::move(sensor));
  }
  return sensors;
}

std::vector<ExtraColumn> read_estimates(Config& config, const models::Model& model,
                                        const std::vector<Sensor>& sensors) {
  std::vector<ExtraColumn> columns;
  for (const std::string& name : config.sections_below("estimate")) {
    const Section section = config.section("estimate." + name, ExtraColumn::schema());
    const auto parameter = models::parameter_of(model, name);
    const auto value = parameter ? parameter : of_sensor(sensors, name);
    if (!value) {
      std::vector<std::string> known;
      for (const auto& each : model.parameters()) known.push_back(each.first);
      for (const Sensor& sensor : sensors)
        known.insert(known.end(), {sensor.gain_name(), sensor.bias_name()});
      section.fail(
          "std",
          fmt::format("'{}' is no parameter of the model, and no gain or bias of a sensor", name),
          fmt::format("[estimate.NAME] for {}", fmt::join(known, ", ")));
    }
    columns.push_back(ExtraColumn::from_section(section, name, *value));
    columns.back().in_model = parameter.has_value();
  }
  return columns;
}

void note_truth(std::vector<ExtraColumn>& columns, const models::Model& truth,
                const std::vector<Sensor>& sensors) {
  for (ExtraColumn& column : columns) {
    const auto value = column.in_model ? models::parameter_of(truth, column.name)
                                       : of_sensor(sensors, column.name);
    column.truth = value.value_or(std::numeric_limits<Real>::quiet_NaN());
  }
}

}  // namespace starling::app
