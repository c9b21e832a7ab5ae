// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/row_plan.hpp"

#include "core/error.hpp"
#include "io/provenance.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace starling::campaigns {
namespace {

using datasets::Field;
using datasets::Row;
using datasets::WellLayout;
using Kind = ProductPlan::Kind;

Index whole_steps(Real time, Real dt, const char* what, const std::string& level) {
  const Real steps = time / dt;
  require(std::abs(steps - std::round(steps)) < 1e-6 * std::max<Real>(1, steps),
          "dataset.{} = {}: is {} steps of {} of level {}; allowed: a whole number of steps", what,
          time, steps, dt, level);
  return static_cast<Index>(std::llround(steps));
}

std::string name_of_level(const LevelSystem& level) {
  return level.name + datasets::resolution_of(level.model->domain());
}

// Of what is coarsened: the resolution tells, unless two levels have it.
std::string target_name(const RowSystems& systems, const LevelSystem& level) {
  const std::string resolution = datasets::resolution_of(level.model->domain());
  const auto same = std::count_if(
      systems.levels.begin() + 1, systems.levels.end(), [&](const LevelSystem& other) {
        return datasets::resolution_of(other.model->domain()) == resolution;
      });
  return same > 1 ? name_of_level(level) : resolution;
}

WellLayout layout_of(const Row& row, const RowSystems& systems, const LevelSystem& level,
                     const std::string& name, const std::vector<Component>& arrays,
                     bool restarted) {
  const datasets::Settings& settings = systems.settings;
  WellLayout layout;
  layout.name = name;
  layout.grid = level.model->domain();
  const Index last = restarted ? settings.segment : settings.frames;
  for (Index f = 0; f <= last; ++f)
    layout.times.push_back(settings.interval * static_cast<Real>(f));
  const Index segments = restarted ? settings.frames / settings.segment : 1;
  layout.trajectories = row.count * segments;
  layout.fields = datasets::group_fields(arrays, layout.grid.dimensions());
  for (Field& field : layout.fields)
    field.sign_convention = datasets::Subgrid::sign_convention(field.name);

  layout.parameters = level.parameters;
  for (const auto& parameter : row.parameters) {
    const auto same = std::find_if(layout.parameters.begin(), layout.parameters.end(),
                                   [&](const auto& p) { return p.first == parameter.first; });
    if (same == layout.parameters.end()) layout.parameters.push_back(parameter);
  }
  std::vector<Real> trajectory, segment, start;
  for (Index t = 0; t < row.count; ++t)
    for (Index s = 0; s < segments; ++s) {
      trajectory.push_back(static_cast<Real>(row.first + t));
      segment.push_back(static_cast<Real>(s));
      start.push_back(settings.interval * static_cast<Real>(s * settings.segment));
    }
  layout.scalars.emplace_back("pair_id", trajectory);
  if (restarted) {
    layout.scalars.emplace_back("segment_id", segment);
    layout.scalars.emplace_back("start_time", start);
  }
  layout.texts = texts_of(row, settings, systems.title, systems.reference);
  layout.provenance = provenance_of(row, systems.seed, systems.resolved);
  layout.provenance.emplace_back("dt", fmt::format("{}", level.forecast->dt()));
  return layout;
}

void set_scales(std::vector<ProductPlan>& plans, const Table& scales) {
  std::set<std::string> names;
  for (ProductPlan& plan : plans)
    for (Field& field : plan.layout.fields) {
      names.insert(field.name);
      const auto scale = scales.find(field.name);
      if (scale != scales.end()) field.scale = scale->second;
    }
  for (const auto& [name, scale] : scales) {
    require(names.count(name) > 0, "dataset.scales.{} = {}: is no field; allowed: {}", name, scale,
            fmt::join(names, ", "));
    require(scale > 0, "dataset.scales.{} = {}: is no scale; allowed: a real > 0", name, scale);
  }
}

}  // namespace

std::string file_name(const std::string& dataset, const Row& row) {
  return fmt::format("{}_{}.hdf5", datasets::with_parameters(dataset, row.parameters), row.label());
}

std::vector<std::pair<std::string, std::string>> texts_of(const Row& row,
                                                          const datasets::Settings& settings,
                                                          const std::string& title,
                                                          const std::string& reference) {
  return {{"title", title},
          {"reference", reference},
          {"licence", settings.licence},
          {"split", row.split},
          {"schema_version", "1"}};
}

std::vector<std::pair<std::string, std::string>> provenance_of(const Row& row, std::uint64_t seed,
                                                               const std::string& resolved) {
  std::vector<std::pair<std::string, std::string>> texts;
  // Files are the same bytes whenever, wherever and on however many ranks they are made.
  for (const auto& [name, text] : io::provenance_attributes({"generate", "", seed}, 1))
    if (name != "started" && name != "command_line" && name != "ranks")
      texts.emplace_back(name, text);
  texts.emplace_back("kokkos_backend", Exec::name());
  texts.emplace_back("config", resolved);
  texts.emplace_back("row", row.to_json());
  return texts;
}

LevelSteps steps_of(const RowSystems& systems, const LevelSystem& level) {
  const Real dt = level.forecast->dt();
  const LevelSteps steps = {
      whole_steps(systems.settings.interval, dt, "frame_interval", level.name),
      whole_steps(systems.settings.spin_up, systems.levels.front().forecast->dt(), "spin_up",
                  systems.levels.front().name)};
  require(steps.interval > 0, "dataset.frame_interval = {}: is less than a step of level {}",
          systems.settings.interval, level.name);
  return steps;
}

std::vector<ProductPlan> plan_products(const Row& row, RowSystems& systems) {
  std::vector<ProductPlan> plans;
  const datasets::Settings& settings = systems.settings;
  const LevelSystem& high = systems.levels.front();
  datasets::Snapshot fine(*high.model, settings.derived);
  datasets::FineSpectra spectra(fine);
  const auto add = [&](Kind kind, std::size_t level, datasets::CoarseOperator op,
                       const std::string& name, const std::vector<Component>& arrays) {
    ProductPlan plan{kind, level, op, {}, {}};
    const std::string dataset = row.dataset + "_" + name;
    plan.layout =
        layout_of(row, systems, systems.levels[level], dataset, arrays, kind == Kind::restarted);
    plan.path = fmt::format("{}/data/{}/{}", dataset, row.split, file_name(dataset, row));
    plans.push_back(std::move(plan));
  };
  const auto sharp = datasets::CoarseOperator::sharp;
  add(Kind::run, 0, sharp, name_of_level(high), fine.arrays());
  if (systems.samples) plans.front().layout.extras = systems.samples->extras(fine.grid());
  for (std::size_t l = 1; l < systems.levels.size(); ++l) {
    const LevelSystem& low = systems.levels[l];
    const datasets::Level& level = settings.levels[l - 1];
    steps_of(systems, low);
    datasets::Snapshot coarse(*low.model, settings.derived);
    add(Kind::run, l, sharp, name_of_level(low), coarse.arrays());
    if (level.restarted)
      add(Kind::restarted, l, sharp, name_of_level(low) + "_restarted", coarse.arrays());
    for (const datasets::CoarseOperator op : level.operators) {
      const datasets::Subgrid subgrid(spectra, *high.model, coarse, *low.model, op);
      add(Kind::coarsened, l, op,
          fmt::format("{}to{}_{}", name_of_level(high), target_name(systems, low),
                      datasets::name_of(op)),
          subgrid.arrays());
      plans.back().layout.texts.emplace_back("parent", row.dataset + "_" + name_of_level(high));
      plans.back().layout.texts.emplace_back("operator", datasets::name_of(op));
    }
  }
  set_scales(plans, settings.scales);
  for (std::size_t p = 0; p < plans.size(); ++p)
    for (std::size_t q = 0; q < p; ++q)
      require(plans[p].path != plans[q].path,
              "two products of a row are called {}; allowed: levels of different names or "
              "resolutions",
              plans[p].layout.name);
  return plans;
}

void add_cost(Row& row, RowSystems& systems) {
  const datasets::Settings& settings = systems.settings;
  row.steps = row.flops = row.bytes = 0;
  for (std::size_t l = 0; l < systems.levels.size(); ++l) {
    const LevelSteps steps = steps_of(systems, systems.levels[l]);
    const bool twice = l > 0 && settings.levels[l - 1].restarted;
    const Index all =
        steps.interval * settings.frames * (twice ? 2 : 1) + (l == 0 ? steps.spin_up : 0);
    const Real total = static_cast<Real>(all) * static_cast<Real>(row.count);
    row.steps += total;
    row.flops += total * systems.levels[l].forecast->flops() /
                 static_cast<Real>(systems.levels[l].model->members_per_state());
  }
  for (const ProductPlan& plan : plan_products(row, systems)) row.bytes += plan.layout.bytes();
}

}  // namespace starling::campaigns
