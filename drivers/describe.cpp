// SPDX-License-Identifier: BSD-3-Clause
#include "app/build.hpp"
#include "campaigns/assimilation.hpp"
#include "campaigns/observing.hpp"
#include "campaigns/simulation.hpp"
#include "campaigns/smoothing.hpp"
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "datasets/point_samples.hpp"
#include "datasets/settings.hpp"
#include "datasets/sweep.hpp"
#include "drivers/verbs.hpp"
#include "observations/kinds.hpp"
#include "observations/sensors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace starling::drivers {
namespace {

// A component or a section of the input.
struct Topic {
  std::string kind, name, summary, reference;
  Schema schema;
  std::string state = {};  ///< of a model
};

std::vector<Topic> topics(const app::Registry& registry) {
  std::vector<Topic> all;
  for (const auto& each : registry.models)
    all.push_back({"model", each.name, each.summary, each.reference, each.schema, each.state});
  for (const auto& each : registry.schemes)
    all.push_back({"stepper", each.name, fmt::format("{}, order {}", each.summary, each.order),
                   each.reference, each.schema});
  for (const auto& each : registry.filters)
    all.push_back({"filter", each.name, each.summary, each.reference, each.schema});
  for (const auto& each : campaigns::smoothers())
    all.push_back({"smoother", each.name, each.summary, each.reference, each.schema});
  for (const auto& each : observations::kinds())
    all.push_back({"observation", each.name,
                   fmt::format("{} (code {} in files)", each.summary, static_cast<int>(each.kind)),
                   "", each.schema});
  const auto section = [&](const char* name, const char* summary, const Schema& schema) {
    all.push_back({"section", name, summary, "", schema});
  };
  section("(top)", "keys before the first section", app::top_schema());
  section("run", "of every run", campaigns::run_schema());
  section("model", "name, and the keys of that model",
          {app::name_key("the equation", app::names(registry.models))});
  section("stepper", "the time integrator, and the keys of that scheme",
          app::stepper_schema(registry));
  section("filter", "name, and the keys of that filter",
          {app::name_key("the filter", app::names(registry.filters))});
  section("test", "what the tests of this project do with an input; runs ignore it",
          app::test_schema());
  section("ensemble", "members and how they start", campaigns::Initial::schema());
  section("model_error",
          "noise for the members and the truth; optional; [truth.model_error] differs",
          ensemble::ModelError::schema());
  section("estimate.NAME",
          "assimilate: a parameter of the model (NAME is its key in [model], terms.u_xx in a "
          "table), or "
          "sensor.SENSOR.gain or .bias, that every member has a value of its own of, estimated "
          "with the "
          "state; its truth is [truth.model]'s or [truth.sensor.SENSOR]'s",
          ExtraColumn::schema());
  section("sensor.NAME",
          "assimilate: an instrument with gain and bias, and which observations are its own; "
          "[truth.sensor.NAME] differs in a twin experiment; optional",
          observations::Sensor::schema());
  section("simulation", "a free run", campaigns::simulation_schema());
  section("lyapunov", "exponents after a free run; optional", campaigns::lyapunov_schema());
  section("assimilation", "cycles of forecast and analysis", campaigns::assimilation_schema());
  section("observations:twin",
          "observations of a truth; [truth.model] and [truth.stepper] override "
          "what differs from [model] and [stepper]",
          campaigns::TwinObservations::schema());
  section("observations:file", "observations from a file", campaigns::FileObservations::schema());
  section("quality_control", "which observations are believed; optional",
          campaigns::QualityControl::schema());
  section("climatology",
          "sample whose mean and covariance filters with a static covariance use; members start as "
          "[ensemble] says",
          campaigns::ClimatologySettings::schema());
  section("smoother", "a smoother behind the filter; optional: name, and the keys of that smoother",
          {Key::text("name", "the smoother")
               .one_of(app::names(campaigns::smoothers()))
               .otherwise("fixed_lag")});
  section("output", "of every run", campaigns::OutputSettings::schema());
  section("dataset", "generate: what a data set is", datasets::Settings::schema());
  section("level.NAME",
          "generate: a level of the fidelity ladder below [model]; [level.NAME.model] and "
          "[level.NAME.stepper] say what differs from [model] and [stepper]",
          datasets::Level::schema());
  section("sweep", "generate: parameter sets; optional", datasets::Sweep::schema());
  section("sweep.NAME", "generate: a parameter of the sweep", datasets::Sweep::parameter_schema());
  section("split", "generate: shares of train, valid and test; optional", datasets::Split::schema());
  section("sibling.NAME",
          "generate: a data set beside it that tests what its training split has not shown",
          datasets::Sibling::schema());
  section("probes", "generate: time series at grid points; optional",
          datasets::PointSamples::probes_schema());
  section("sensors", "generate: observations at random places and times; optional",
          datasets::PointSamples::sensors_schema());
  return all;
}

void print_line(const Topic& topic) {
  fmt::print("  {:<18} {}{}\n", topic.name, topic.summary,
             topic.reference.empty() ? "" : " [" + topic.reference + "]");
}

void print_whole(const Topic& topic) {
  fmt::print("{} {}: {}{}\n", topic.kind, topic.name, topic.summary,
             topic.reference.empty() ? "" : " [" + topic.reference + "]");
  if (!topic.state.empty()) fmt::print("  {:<20} {}\n", "(state)", topic.state);
  for (const Key& key : topic.schema) {
    const std::string fallback = key.fallback()   ? "default " + to_toml(*key.fallback())
                                 : key.required() ? "required"
                                                  : "optional";
    fmt::print("  {:<20} {}\n  {:<20} {}; {}\n", key.name(), key.help(), "", key.allowed(),
               fallback);
  }
}

}  // namespace

void describe(const std::string& name, const app::Registry& registry, MPI_Comm world) {
  const std::vector<Topic> all = topics(registry);
  const bool kind = std::any_of(all.begin(), all.end(), [&](const Topic& topic) {
    return name == topic.kind || name == topic.kind + "s";
  });
  const bool known = std::any_of(all.begin(), all.end(), [&](const Topic& topic) {
    return name == topic.name || name == topic.kind + "." + topic.name;
  });
  require(name.empty() || kind || known,
          "describe: '{}' is unknown; allowed: nothing, models, steppers, filters, smoothers, "
          "observations, sections, or the name of one of them",
          name);
  if (rank_of(world) != 0) return;
  std::string heading;
  for (const Topic& topic : all) {
    if (known) {
      if (name == topic.name || name == topic.kind + "." + topic.name) print_whole(topic);
      continue;
    }
    if (kind && name != topic.kind && name != topic.kind + "s") continue;
    if (kind) {
      print_whole(topic);
    } else {
      if (heading != topic.kind) fmt::print("{}s\n", topic.kind);
      print_line(topic);
    }
    heading = topic.kind;
  }
  if (name.empty())
    fmt::print(
        "\nstarling describe NAME shows the keys of one of them, with units and defaults.\n"
        "References are keys of docs/papers.bib.\n");
}

}  // namespace starling::drivers
