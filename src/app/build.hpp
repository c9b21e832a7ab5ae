// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "app/registry.hpp"
#include "campaigns/assimilation.hpp"
#include "campaigns/simulation.hpp"
#include "core/config.hpp"
#include "core/extra_column.hpp"
#include "core/process_grid.hpp"
#include "models/integrator.hpp"
#include "observations/sensors.hpp"

#include <memory>
#include <string>

/// From the input to objects: every section is read here, by the schema of the component it belongs
/// to, and nothing is computed. Everything throws InputError.
namespace starling::app {

// The keys that belong to no component.
const Schema& top_schema();
const Schema& test_schema();
Key name_key(const std::string& what, const std::vector<std::string>& choices);
Schema stepper_schema(const Registry& registry);

/// A model with its stepper.
struct System {
  std::unique_ptr<models::Model> model;
  std::unique_ptr<models::Integrator> forecast;
  std::string name;                      ///< of the model
  std::vector<ExtraColumn> extras = {};  ///< behind the grid-point values of the members

  /// What this rank has of the grid-point values of a member.
  Columns values() const {
    return extras.empty() ? model->value_columns() : Columns(model->domain().values());
  }
};

/// From [model] and [stepper], or the same below `prefix` ("truth."); with what [estimate.NAME]
/// wants estimated, of the model or of `sensors`, if `estimates`. Collective. Throws InputError if
/// several ranks are to share a member of a model that knows one rank only.
System build_system(Config& config, const Registry& registry, const std::string& prefix,
                    const ProcessGrid& processes, bool estimates = false,
                    const std::vector<observations::Sensor>& sensors = {});

/// What a run costs, for --validate.
struct Cost {
  // In memory, of one rank.
  Real bytes_of_states = 0;
  Real bytes_of_members = 0;   ///< their grid-point values
  Real bytes_of_campaign = 0;  ///< all besides the states, these included
  Real bytes_written = 0;
  Real flops = 0;  ///< of the forecasts, all ranks
  Real steps = 0;  ///< of one member
};

/// What every run is made of.
struct Run {
  std::unique_ptr<ProcessGrid> processes;
  System system;
  std::vector<observations::Sensor> sensors = {};  ///< as the ensemble has them
  std::unique_ptr<campaigns::Initial> initial;
  std::unique_ptr<ensemble::Ensemble> ensemble;
  std::string title;
  std::string config;  ///< resolved
  Cost cost;
};

/// A free run.
struct SimulationRun : Run {
  std::unique_ptr<campaigns::Simulation> campaign;
};
SimulationRun build_simulation(Config& config, const Registry& registry,
                               const campaigns::Options& options, MPI_Comm world);

/// A data-assimilation experiment.
struct AssimilationRun : Run {
  System truth_system;
  std::unique_ptr<campaigns::Truth> truth;
  std::unique_ptr<campaigns::ObservationSource> source;
  filters::AnyFilter filter;
  std::unique_ptr<campaigns::Assimilation> campaign;
};
AssimilationRun build_assimilation(Config& config, const Registry& registry,
                                   const campaigns::Options& options, MPI_Comm world);

}  // namespace starling::app
