// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/extra_column.hpp"
#include "models/model.hpp"
#include "observations/sensors.hpp"

#include <string>
#include <vector>

/// Sensors, and what is estimated of them and of the model. Everything throws InputError.
namespace starling::app {

/// [sensor.NAME], or the same below `prefix` ("truth."), in order of their names. `twin`: whether
/// the truth of a twin experiment makes the observations.
std::vector<observations::Sensor> read_sensors(Config& config, const std::string& prefix,
                                               bool twin);

/// [estimate.NAME], in order of their names: NAME is a parameter of the model, or sensor.NAME.gain
/// or sensor.NAME.bias.
std::vector<ExtraColumn> read_estimates(Config& config, const models::Model& model,
                                        const std::vector<observations::Sensor>& sensors);

/// Notes in `columns` what the truth has.
void note_truth(std::vector<ExtraColumn>& columns, const models::Model& truth,
                const std::vector<observations::Sensor>& sensors);

}  // namespace starling::app
