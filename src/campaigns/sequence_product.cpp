// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/sequence_product.hpp"

#include "campaigns/row_plan.hpp"
#include "core/error.hpp"
#include "io/results.hpp"
#include "observations/file.hpp"

#include <algorithm>
#include <cmath>

namespace starling::campaigns {
namespace {

using datasets::Field;
using datasets::Product;
using datasets::WellLayout;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

const std::vector<std::pair<std::string, std::string>>& quantities() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"truth", "truth"},
      {"background_mean", "background"},
      {"background_spread", "background_spread"},
      {"analysis_mean", "analysis"},
      {"analysis_spread", "analysis_spread"},
  };
  return all;
}

// A field of one component; models of one axis have no groups.
std::string dataset_of(const io::Results& results, const std::string& group,
                       const std::string& component) {
  const std::string path = group + "/" + component;
  return results.has(path) ? path : group;
}

WellLayout layout_of(const SequenceContext& context, const std::string& name,
                     const io::Results& results, const std::vector<Component>& arrays) {
  WellLayout layout;
  layout.name = name;
  layout.grid = context.grid;
  layout.times = results.read("/time");
  layout.fields = datasets::group_fields(arrays, context.grid.dimensions());
  layout.parameters = context.parameters;
  for (const auto& parameter : context.row.parameters) layout.parameters.push_back(parameter);
  for (const char* kind : {"background", "analysis"})
    for (const char* score : {"rmse", "spread", "crps_fair"}) {
      const auto path = std::string("/scores/") + kind + "/" + score;
      if (!results.has(path)) continue;
      std::vector<Real> values = results.read(path);
      // There may be a frame before the first cycle.
      values.insert(values.begin(), layout.times.size() - values.size(), std::nan(""));
      layout.series.emplace_back(std::string(kind) + "_" + score, std::move(values));
    }
  layout.texts = texts_of(context.row, context.settings, context.title, context.reference);
  layout.provenance = provenance_of(context.row, context.seed, context.resolved);
  return layout;
}

// Values and mask of what was observed of each component at each time, at grid points.
struct Gridded {
  std::vector<Real> values, mask;  // [frame][component][point]
};

Index nearest(const Domain& grid, const Point& place) {
  Index index = 0, stride = 1;
  for (int d = 0; d < grid.dimensions(); ++d) {
    const Axis& axis = grid.axis(d);
    const Index i = std::lround((place[d] - axis.origin) / axis.spacing);
    index += stride * (axis.periodic ? i % axis.points : std::min(i, axis.points - 1));
    stride *= axis.points;
  }
  return index;
}

Gridded grid_observations(const SequenceContext& context, const std::string& path,
                          const std::vector<Real>& times) {
  Gridded gridded;
  const Index values = context.grid.values(), points = context.grid.points();
  gridded.values.assign(times.size() * at(values), 0);
  gridded.mask = gridded.values;
  observations::Reader reader(MPI_COMM_SELF, path, context.grid);
  observations::Batch batch;
  for (Index n = 0; n < reader.batches(); ++n) {
    reader.read(batch, n);
    const auto frame = std::find_if(times.begin(), times.end(), [&](Real t) {
      return std::abs(t - reader.time(n)) < 1e-9 * std::max<Real>(1, std::abs(t));
    });
    if (frame == times.end()) continue;
    const Index first = (frame - times.begin()) * values;
    for (std::size_t j = 0; j < batch.value.size(); ++j) {
      if (!std::isfinite(batch.value[j])) continue;
      const Index component = batch.component[j];
      const auto place = at(first + component * points + nearest(context.grid, batch.location[j]));
      // The mean, where several are nearest to one point.
      gridded.values[place] += (batch.value[j] - gridded.values[place]) / ++gridded.mask[place];
    }
  }
  for (Real& mask : gridded.mask) mask = mask > 0 ? 1 : 0;
  return gridded;
}

std::vector<Component> sequence_arrays(const Domain& grid) {
  std::vector<Component> arrays;
  for (const Component& component : grid.components()) {
    for (const auto& [kind, name] : quantities())
      arrays.push_back({name + "_" + component.name, name + " of " + component.long_name,
                        component.units, component.level});
    arrays.push_back({"observation_" + component.name,
                      "observation of " + component.long_name + ", 0 where there is none",
                      component.units, component.level});
    arrays.push_back({"observation_mask_" + component.name,
                      "1 where " + component.long_name + " is observed", "1", component.level});
  }
  return arrays;
}

std::string path_of(const SequenceContext& context, const std::string& dataset) {
  return fmt::format("{}/data/{}/{}", dataset, context.row.split, file_name(dataset, context.row));
}

datasets::FileRecord write_sequence(const SequenceContext& context, const io::Results& results,
                                    const std::string& observations) {
  const std::string name = context.row.dataset + "_da" + datasets::resolution_of(context.grid);
  WellLayout layout = layout_of(context, name, results, sequence_arrays(context.grid));
  layout.scalars.emplace_back("pair_id", std::vector<Real>{static_cast<Real>(context.row.first)});
  const Gridded gridded = grid_observations(context, observations, layout.times);
  const Index frames = layout.frames(), points = context.grid.points();
  Product product(MPI_COMM_SELF, context.folder, path_of(context, name), context.row.split, layout,
                  {0, 1});
  product.create();
  const auto& components = context.grid.components();
  const std::size_t each = quantities().size() + 2;
  std::vector<std::vector<Real>> arrays(each * components.size());
  for (Index frame = 0; frame < frames; ++frame) {
    for (std::size_t c = 0; c < components.size(); ++c) {
      for (std::size_t q = 0; q < quantities().size(); ++q)
        arrays[each * c + q] = results.read(
            dataset_of(results, "/fields/" + quantities()[q].first, components[c].name),
            {frame, frame + 1});
      const auto first =
          (frame * static_cast<Index>(components.size()) + static_cast<Index>(c)) * points;
      arrays[each * c + each - 2].assign(gridded.values.begin() + first,
                                         gridded.values.begin() + first + points);
      arrays[each * c + each - 1].assign(gridded.mask.begin() + first,
                                         gridded.mask.begin() + first + points);
    }
    product.put(0, frame, [&](std::size_t array) { return arrays[array].data(); });
  }
  return product.finish();
}

datasets::FileRecord write_members(const SequenceContext& context, const io::Results& results) {
  const std::string name = context.row.dataset + "_members" + datasets::resolution_of(context.grid);
  WellLayout layout = layout_of(context, name, results, context.grid.components());
  layout.trajectories = context.members;
  std::vector<Real> numbers, pairs(at(context.members), static_cast<Real>(context.row.first));
  for (Index m = 0; m < context.members; ++m) numbers.push_back(static_cast<Real>(m));
  layout.scalars = {{"pair_id", pairs}, {"member", numbers}};
  Product product(MPI_COMM_SELF, context.folder, path_of(context, name), context.row.split, layout,
                  {0, context.members});
  product.create();
  const auto& components = context.grid.components();
  std::vector<std::vector<Real>> arrays(components.size());
  for (Index m = 0; m < context.members; ++m)
    for (Index frame = 0; frame < layout.frames(); ++frame) {
      for (std::size_t c = 0; c < components.size(); ++c)
        arrays[c] =
            results.read(dataset_of(results, fmt::format("/members/{}", m), components[c].name),
                         {frame, frame + 1});
      product.put(m, frame, [&](std::size_t array) { return arrays[array].data(); });
    }
  return product.finish();
}

}  // namespace

std::vector<datasets::FileRecord> publish_sequence(const SequenceContext& context,
                                                   const std::string& results,
                                                   const std::string& observations) {
  const io::Results run(results);
  std::vector<datasets::FileRecord> files = {write_sequence(context, run, observations)};
  if (context.settings.members) files.push_back(write_members(context, run));
  return files;
}

Real bytes_of_sequence(const datasets::Settings& settings, const Domain& grid, Index members,
                       Index cycles) {
  const auto fields = static_cast<Index>(quantities().size()) + 2;
  const Index all = fields + (settings.members ? members : 0);
  return static_cast<Real>(sizeof(float)) * static_cast<Real>(all * grid.values() * cycles);
}

}  // namespace starling::campaigns
