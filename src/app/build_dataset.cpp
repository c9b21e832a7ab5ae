// SPDX-License-Identifier: BSD-3-Clause
#include "app/build_dataset.hpp"

#include "app/build.hpp"
#include "campaigns/chaos_row.hpp"
#include "campaigns/sequence_product.hpp"
#include "campaigns/simulation.hpp"
#include "core/error.hpp"
#include "core/toml.hpp"
#include "datasets/sweep.hpp"
#include "io/agree.hpp"
#include "io/disk.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <tuple>

namespace starling::app {
namespace {

using campaigns::LevelSystem;
using campaigns::RowSystems;
using datasets::Row;
using datasets::RowRecord;

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
  return {std::move(name), std::move(system.model), std::move(system.forecast), {}, {}};
}

datasets::Sibling no_sibling() { return {"", "", {}}; }

Config config_of(const Row& row, const std::vector<std::string>& more = {}) {
  std::vector<std::string> set = row.set;
  set.insert(set.end(), more.begin(), more.end());
  return Config::parse(row.config, fmt::format("row {} of {}", row.number, row.dataset), set);
}

// What of the input belongs to the data set as a whole.
void read_rest(Config& config) {
  const datasets::Sweep sweep(config);
  config.section("split", datasets::Split::schema());
  datasets::read_siblings(config);
}

/// A row of data assimilation. Results go to files of the row, which are ours: they are published
/// and removed.
struct SequenceRow {
  SequenceRow(const Row& row, const Registry& registry, MPI_Comm comm, const std::string& folder);
  std::optional<RowRecord> run(const Row& row, const std::string& folder, MPI_Comm comm);
  void remove_files() const;

  std::string results, observations;
  std::unique_ptr<datasets::Settings> settings;
  AssimilationRun assimilation;
  std::string title, reference, resolved;
  std::uint64_t seed;
};

SequenceRow::SequenceRow(const Row& row, const Registry& registry, MPI_Comm comm,
                         const std::string& folder)
    : results(folder + "/rows/" + row.label() + ".h5"),
      observations(folder + "/rows/" + row.label() + "_observations.h5") {
  std::vector<std::string> ours = {"output.fields_every=1", "output.precision=double"};
  {
    Config config = config_of(row);
    settings = std::make_unique<datasets::Settings>(config);
    require(settings->levels.empty(), "{}: [level] with [assimilation]; allowed: neither or one",
            config.file());
    if (config.choice("observations", "source", {"twin", "file"}) == "twin")
      ours.push_back("observations.save=" + to_toml(Value(observations)));
    else
      throw InputError(
          fmt::format("{}: observations.source = file: a sequence needs a truth; "
                      "allowed: twin",
                      config.file()));
    if (settings->members) {
      const auto count =
          config.section("ensemble", campaigns::Initial::schema()).integer("members");
      std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
      std::iota(numbers.begin(), numbers.end(), 0);
      ours.push_back("output.members=" + to_toml(Value(numbers)));
    }
  }
  Config config = config_of(row, ours);
  const Section top = config.section("", top_schema());
  title = top.text("title");
  reference = top.text("reference");
  seed = static_cast<std::uint64_t>(config.section("run", campaigns::run_schema()).integer("seed"));
  const datasets::Settings again(config);
  read_rest(config);
  campaigns::Options options;
  options.output = results;
  options.force = true;
  options.quiet = true;
  assimilation = build_assimilation(config, registry, options, comm);
  // Where it was made is no part of what it is.
  resolved = assimilation.config;
  const std::string place = folder + "/rows/";
  for (std::size_t at = resolved.find(place); at != std::string::npos; at = resolved.find(place))
    resolved.erase(at, place.size());
}

void SequenceRow::remove_files() const {
  for (const std::string& file : {results, observations})
    for (const char* ending : {"", ".part", ".checkpoint"}) io::remove_if_there(file + ending);
  io::remove_if_there(results.substr(0, results.size() - 3) + ".xdmf");
}

std::optional<RowRecord> SequenceRow::run(const Row& row, const std::string& folder,
                                          MPI_Comm comm) {
  RowRecord record;
  record.row = row.number;
  record.hash = row.hash();
  try {
    assimilation.campaign->run();
    io::on_root(comm, [&] {
      record.files = campaigns::publish_sequence(
          {row, *settings, assimilation.system.model->domain(), assimilation.ensemble->size(),
           folder, title, reference, resolved, seed, numbers_of(resolved, "")},
          results, observations);
      remove_files();
    });
  } catch (const Error& error) {
    if (rank_of(comm) == 0) remove_files();
    if (error.code() == ExitCode::stopped) return std::nullopt;
    throw;
  }
  return record;
}

RowSystems ladder_of(Config& config, const datasets::Settings& settings, const Registry& registry,
                     MPI_Comm comm) {
  RowSystems systems;
  systems.processes = std::make_unique<ProcessGrid>(comm);
  systems.settings = settings;
  const Section top = config.section("", top_schema());
  systems.title = top.text("title");
  systems.reference = top.text("reference");
  systems.seed =
      static_cast<std::uint64_t>(config.section("run", campaigns::run_schema()).integer("seed"));
  systems.levels.push_back(
      take(build_system(config, registry, "", *systems.processes), settings.high));
  for (const datasets::Level& level : settings.levels) {
    const std::string prefix = "level." + level.name + ".";
    config.inherit(prefix + "model", "model");
    config.inherit(prefix + "stepper", "stepper");
    systems.levels.push_back(
        take(build_system(config, registry, prefix, *systems.processes), level.name));
  }
  for (std::size_t l = 0; l < systems.levels.size(); ++l) {
    const std::string stepper =
        (l == 0 ? "" : "level." + settings.levels[l - 1].name + ".") + "stepper";
    const steppers::Scheme& scheme =
        find(registry.schemes, config.choice(stepper, "scheme", names(registry.schemes)));
    systems.levels[l].stepper =
        [scheme, section = config.section(stepper, stepper_schema(registry) + scheme.schema)](
            steppers::Semilinear& system) { return scheme.make(system, section); };
  }
  if (!settings.is_sequence)
    systems.samples.emplace(config, systems.levels.front().forecast->dt(), settings.interval,
                            settings.frames, systems.seed);
  systems.resolved = config.resolved();
  for (std::size_t l = 0; l < systems.levels.size(); ++l)
    systems.levels[l].parameters =
        numbers_of(systems.resolved, l == 0 ? "" : "level." + settings.levels[l - 1].name + ".");
  return systems;
}

diagnostics::LyapunovSettings lyapunov_of(const Row& row, const RowSystems& systems) {
  Config config = config_of(row);
  return campaigns::lyapunov_settings(config.section("lyapunov", campaigns::lyapunov_schema()),
                                      systems.levels.front().forecast->dt(), systems.seed);
}

// On rank 0 alone, whatever the number of ranks.
std::optional<RowRecord> run_chaos(const Row& row, const Registry& registry, MPI_Comm comm,
                                   const campaigns::RowRun::Watch& watch) {
  RowSystems systems = systems_of(row, registry, comm);
  RowRecord record;
  record.row = row.number;
  record.hash = row.hash();
  int stopped = 0;
  struct Stop {};
  io::on_root(comm, [&] {
    try {
      record.chaos = campaigns::chaos_of(row, systems, lyapunov_of(row, systems), [&](Real share) {
        if (watch(share)) throw Stop();
      });
    } catch (const Stop&) {
      stopped = 1;
    }
  });
  STARLING_MPI(MPI_Bcast(&stopped, 1, MPI_INT, 0, comm));
  if (stopped != 0) return std::nullopt;
  return record;
}

void add_cost(Row& row, const Registry& registry) {
  if (row.kind == "chaos") {
    RowSystems systems = systems_of(row, registry, MPI_COMM_SELF);
    row.steps = campaigns::chaos_steps(systems, lyapunov_of(row, systems));
    row.flops = row.steps * systems.levels.front().forecast->flops();
    return;
  }
  if (row.kind == "run") {
    RowSystems systems = systems_of(row, registry, MPI_COMM_SELF);
    return campaigns::add_cost(row, systems);
  }
  const SequenceRow sequence(row, registry, MPI_COMM_SELF, "");
  const Cost& cost = sequence.assimilation.cost;
  row.steps = cost.steps * static_cast<Real>(sequence.assimilation.ensemble->size());
  row.flops = cost.flops;
  row.bytes = campaigns::bytes_of_sequence(
      *sequence.settings, sequence.assimilation.system.model->domain(),
      sequence.assimilation.ensemble->size(), sequence.assimilation.campaign->cycles());
}

}  // namespace

RowSystems systems_of(const Row& row, const Registry& registry, MPI_Comm comm) {
  Config config = config_of(row);
  const datasets::Settings settings(config);
  RowSystems systems = ladder_of(config, settings, registry, comm);
  if (row.kind == "sequence") return systems;
  if (config.has("lyapunov"))
    campaigns::lyapunov_settings(config.section("lyapunov", campaigns::lyapunov_schema()),
                                 systems.levels.front().forecast->dt(), systems.seed);
  read_rest(config);
  config.section("test", test_schema());
  config.require_all_read();
  return systems;
}

campaigns::Generation::Run row_runner(const Registry& registry) {
  return [&registry](const Row& row, MPI_Comm comm, const std::string& folder,
                     const campaigns::RowRun::Watch& watch,
                     campaigns::RowTimes& times) -> std::optional<RowRecord> {
    if (row.kind == "run") {
      RowSystems systems = systems_of(row, registry, comm);
      campaigns::RowRun run(row, systems, folder);
      auto record = run.run(watch);
      times.add(run.times());
      return record;
    }
    require(row.kind == "sequence" || row.kind == "chaos",
            "row {}: kind '{}' is unknown; allowed: run, sequence, chaos", row.number, row.kind);
    const auto start = std::chrono::steady_clock::now();
    auto record = row.kind == "chaos"
                      ? run_chaos(row, registry, comm, watch)
                      : SequenceRow(row, registry, comm, folder).run(row, folder, comm);
    const Real seconds =
        std::chrono::duration<Real>(std::chrono::steady_clock::now() - start).count();
    times.add({seconds, 0, 0, seconds});
    // A stop that came meanwhile is heeded with the next row.
    watch(1);
    return record;
  };
}

DataSetPlan plan_dataset(const campaigns::Options& options,
                         const std::vector<std::string>& overrides, const Registry& registry,
                         MPI_Comm world) {
  std::string text;
  DataSetPlan plan;
  io::on_root(world, [&] { text = datasets::read_text(options.input); });
  io::share_text(world, text);

  Config config = Config::parse(text, options.input, overrides);
  const datasets::Settings settings(config);
  plan.title = config.section("", top_schema()).text("title");
  if (plan.title.empty()) plan.title = settings.name;
  plan.folder = options.output.empty() ? settings.folder + "/" + settings.name : options.output;
  std::vector<datasets::Sibling> siblings = datasets::read_siblings(config);
  siblings.insert(siblings.begin(), no_sibling());
  Index trajectory = 0;
  for (const datasets::Sibling& sibling : siblings) {
    const auto rows = datasets::make_rows(text, options.input, overrides, sibling,
                                          static_cast<Index>(plan.rows.size()), trajectory);
    for (const Row& row : rows) trajectory = std::max(trajectory, row.first + row.count);
    plan.rows.insert(plan.rows.end(), rows.begin(), rows.end());
  }
  // Rows of the same settings but for the seed, and number of trajectories, cost the same.
  std::map<std::tuple<std::string, std::vector<std::string>, Index>, Row> known;
  for (Row& row : plan.rows) {
    std::vector<std::string> set = row.set;
    std::erase_if(set, [](const std::string& each) { return each.starts_with("run.seed="); });
    const auto key = std::make_tuple(row.kind, set, row.count);
    if (known.count(key) == 0) {
      add_cost(row, registry);
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
