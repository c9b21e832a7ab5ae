// SPDX-License-Identifier: BSD-3-Clause
#include "app/build_dataset.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "core/version.hpp"
#include "drivers/verbs.hpp"
#include "io/agree.hpp"
#include "io/hdf5.hpp"

#include <algorithm>
#include <chrono>

namespace starling::drivers {
namespace {

constexpr Index trial_steps = 10;

// Seconds of one floating-point operation of a row, from a few real steps of its levels on a core.
Real seconds_per_flop(const datasets::Row& row, const app::Registry& registry) {
  const campaigns::RowSystems systems = app::systems_of(row, registry, MPI_COMM_SELF);
  Real seconds = 0, flops = 0;
  for (const campaigns::LevelSystem& level : systems.levels) {
    ensemble::Ensemble members(*systems.processes, *level.forecast,
                               level.model->members_per_state());
    for (Index m = 0; m < rows_of(members.members()); ++m)
      level.model->draw(members.members().data() + m * members.dofs(), row.first);
    members.update_states();
    const auto start = std::chrono::steady_clock::now();
    members.advance(0, trial_steps);
    seconds += std::chrono::duration<Real>(std::chrono::steady_clock::now() - start).count();
    flops += static_cast<Real>(trial_steps) * level.forecast->flops();
  }
  return seconds / flops;
}

// What it costs, before anything runs.
void announce(const app::DataSetPlan& plan, const app::Registry& registry, Index left,
              MPI_Comm world) {
  log::info("starling {} ({})", version(), git_hash());
  if (rank_of(world) != 0) return;
  Real steps = 0, flops = 0, bytes = 0, trajectories = 0;
  for (const datasets::Row& row : plan.rows) {
    steps += row.steps;
    flops += row.flops;
    bytes += row.bytes;
    trajectories += static_cast<Real>(row.count);
  }
  const Real seconds = flops * seconds_per_flop(plan.rows.front(), registry);
  log::info("{}: {} rows, {:.0f} trajectories, in {}", plan.title, plan.rows.size(), trajectories,
            plan.folder);
  log::info("  steps     {:.4g}, {:.3g} floating-point operations", steps, flops);
  log::info("  time      {:.3g} core-hours, about {} on {} ranks", seconds / 3600,
            duration_text(seconds / size_of(world)), size_of(world));
  log::info("  output    {}", bytes_text(bytes));
  if (left >= 0) log::info("  left      {} rows", left);
}

// The rows that a manifest or a file of a data set carries.
std::vector<datasets::Row> rows_of_file(const std::string& path, bool& is_input) {
  is_input = false;
  if (path.ends_with(".jsonl")) return datasets::read_manifest(path);
  if (path.ends_with(".hdf5") || path.ends_with(".h5")) {
    const io::File file = io::File::open(path);
    return {datasets::Row::from_json(file.read_text("/provenance/row"), path)};
  }
  is_input = true;
  return {};
}

void rebuild(const GenerateRequest& request, const app::Registry& registry, MPI_Comm world) {
  const std::string& source = request.run.options.input;
  bool is_input = false;
  std::vector<datasets::Row> rows = rows_of_file(source, is_input);
  if (is_input)
    rows = app::plan_dataset(request.run.options, request.run.overrides, registry, world).rows;
  const Index number = request.row ? *request.row : rows.front().number;
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const datasets::Row& row) { return row.number == number; });
  require(found != rows.end(), "--row {}: {} has no such row; allowed: {} to {}", number, source,
          rows.front().number, rows.back().number);
  const std::string folder =
      request.run.options.output.empty() ? "row-" + found->label() : request.run.options.output;
  const auto record = campaigns::Generation::rebuild(
      {world, found->dataset, folder, {*found}, app::row_runner(registry)}, *found);
  for (const datasets::FileRecord& file : record.files)
    log::info("{}  {}/{}", file.sha256, folder, file.path);
}

}  // namespace

void generate(const GenerateRequest& request, const app::Registry& registry, MPI_Comm world) {
  const std::string& source = request.run.options.input;
  const bool from_row = request.row || source.ends_with(".hdf5") || source.ends_with(".h5");
  if (from_row) return rebuild(request, registry, world);
  app::DataSetPlan plan =
      app::plan_dataset(request.run.options, request.run.overrides, registry, world);
  if (request.run.validate) {
    announce(plan, registry, -1, world);
    log::info("the input is valid");
    return;
  }
  campaigns::Generation generation(
      {world, plan.title, plan.folder, plan.rows, app::row_runner(registry), request.ranks_per_row},
      request.run.options);
  announce(plan, registry, generation.rows_left(), world);
  generation.run();
}

}  // namespace starling::drivers
