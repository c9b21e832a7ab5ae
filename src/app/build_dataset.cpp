// SPDX-License-Identifier: BSD-3-Clause
#include "app/build_dataset.hpp"

#include "app/build.hpp"
#include "core/error.hpp"
#include "core/toml.hpp"
#include "datasets/sweep.hpp"
#include "io/agree.hpp"

#include <algorithm>
#include <map>

namespace starling::app {
namespace {

using campaigns::LevelSystem;
using campaigns::RowSystems;
using datasets::Row;

// Numbers that a level is known by: those of [model] and the time step. How it starts and how it is
// computed is told elsewhere.
std::vector<std::pair<std::string, Real>> numbers_of(const std::string& resolved,
                                                     const std::string& prefix) {
  std::vector<std::pair<std::string, Real>> numbers;
  const std::string model = prefix + "model", stepper = prefix + "stepper";
  for (const toml::Leaf& leaf : toml::leaves(resolved, "")) {
    if (!leaf.value) continue;
    const bool of_model = leaf.section == model || leaf.section.starts_with(model + ".");
    const bool is_step = leaf.section == stepper && leaf.key == "dt";
    if (!of_model && !is_step) continue;
    if (leaf.key.starts_with("initial") || leaf.key == "points") continue;
    const auto add = [&](const std::string& name, Real value) {
      numbers.emplace_back(name, value);
    };
    if (const auto* real = std::get_if<Real>(&*leaf.value)) add(leaf.key, *real);
    if (const auto* integer = std::get_if<std::int64_t>(&*leaf.value))
      add(leaf.key, static_cast<Real>(*integer));
    if (const auto* reals = std::get_if<std::vector<Real>>(&*leaf.value))
      for (std::size_t i = 0; i < reals->size(); ++i)
        add(fmt::format("{}_{}", leaf.key, i + 1), (*reals)[i]);
    if (const auto* table = std::get_if<Table>(&*leaf.value))
      for (const auto& [name, value] : *table) add(name, value);
  }
  return numbers;
}

LevelSystem take(System system, std::string name) {
  return {std::move(name), std::move(system.model), std::move(system.forecast), {}};
}

datasets::Sibling no_sibling() { return {"", "", {}}; }

}  // namespace

const Schema& dataset_output_schema() {
  static const Schema keys = {
      Key::text("folder", "where the data set goes; it gets a folder of its name")
          .otherwise("runs"),
  };
  return keys;
}

RowSystems build_row(const Row& row, const Registry& registry, MPI_Comm comm) {
  Config config =
      Config::parse(row.config, fmt::format("row {} of {}", row.number, row.dataset), row.set);
  const Section top = config.section("", top_schema());
  const Section run = config.section("run", campaigns::run_schema());
  datasets::Settings settings(config);
  RowSystems systems{std::make_unique<ProcessGrid>(comm), settings, {}, 0, "", "", ""};
  systems.title = top.text("title");
  systems.reference = top.text("reference");
  systems.seed = static_cast<std::uint64_t>(run.integer("seed"));
  systems.levels.push_back(
      take(build_system(config, registry, "", *systems.processes), settings.high));
  for (const datasets::Level& level : settings.levels) {
    const std::string prefix = "level." + level.name + ".";
    config.inherit(prefix + "model", "model");
    config.inherit(prefix + "stepper", "stepper");
    systems.levels.push_back(
        take(build_system(config, registry, prefix, *systems.processes), level.name));
  }
  systems.resolved = config.resolved();
  for (std::size_t l = 0; l < systems.levels.size(); ++l)
    systems.levels[l].parameters =
        numbers_of(systems.resolved, l == 0 ? "" : "level." + settings.levels[l - 1].name + ".");
  const datasets::Sweep sweep(config);
  config.section("split", datasets::Split::schema());
  config.section("output", dataset_output_schema());
  datasets::read_siblings(config);
  config.section("test", test_schema());
  config.require_all_read();
  return systems;
}

DataSetPlan plan_dataset(const campaigns::Options& options,
                         const std::vector<std::string>& overrides, const Registry& registry,
                         MPI_Comm world) {
  std::string text;
  DataSetPlan plan;
  io::on_root(world, [&] { text = datasets::read_text(options.input); });
  auto length = static_cast<unsigned long>(text.size());
  STARLING_MPI(MPI_Bcast(&length, 1, MPI_UNSIGNED_LONG, 0, world));
  text.resize(length);
  STARLING_MPI(MPI_Bcast(text.data(), static_cast<int>(length), MPI_CHAR, 0, world));

  Config config = Config::parse(text, options.input, overrides);
  const Section output = config.section("output", dataset_output_schema());
  const datasets::Settings settings(config);
  plan.title = config.section("", top_schema()).text("title");
  if (plan.title.empty()) plan.title = settings.name;
  plan.folder =
      options.output.empty() ? output.text("folder") + "/" + settings.name : options.output;
  std::vector<datasets::Sibling> siblings = datasets::read_siblings(config);
  siblings.insert(siblings.begin(), no_sibling());
  Index trajectory = 0;
  for (const datasets::Sibling& sibling : siblings) {
    const auto rows = datasets::make_rows(text, options.input, overrides, sibling,
                                          static_cast<Index>(plan.rows.size()), trajectory);
    for (const Row& row : rows) trajectory = std::max(trajectory, row.first + row.count);
    plan.rows.insert(plan.rows.end(), rows.begin(), rows.end());
  }
  // Rows of the same settings and number of trajectories cost the same.
  std::map<std::pair<std::vector<std::string>, Index>, Row> known;
  for (Row& row : plan.rows) {
    const auto key = std::make_pair(row.set, row.count);
    if (known.count(key) == 0) {
      RowSystems systems = build_row(row, registry, MPI_COMM_SELF);
      campaigns::add_cost(row, systems);
      known[key] = row;
    }
    const Row& like = known[key];
    row.steps = like.steps;
    row.flops = like.flops;
    row.bytes = like.bytes;
  }
  return plan;
}

}  // namespace starling::app
