// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/similarity.hpp"

#include "campaigns/closed_run.hpp"
#include "core/error.hpp"
#include "datasets/climate.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace starling::campaigns {
namespace {

using datasets::Climate;
using datasets::Closure;
using datasets::Inputs;
using datasets::PairFile;

constexpr Index last_frames = 10;

/// The climates of the runs of one data set; of the high run, too, and of every second one of it.
struct Climates {
  std::map<std::string, Climate> of;
  std::map<std::string, Real> blow_ups;
  Real runs = 0;
};

Climates run_climates(const BaselineSettings& settings, MPI_Comm comm, const std::string& product,
                      const std::vector<PairEntry>& files, const ClosureLearner& learner) {
  Climates climates;
  std::vector<std::string> names = {"high", "high_even", "high_odd", "low_fidelity"};
  names.insert(names.end(), Closure::names().begin(), Closure::names().end());
  const std::vector<std::string> inputs = PairFile(files.front().path).fields().inputs;
  for (const std::string& name : names) {
    climates.of.emplace(name, Climate(inputs));
    climates.blow_ups[name] = 0;
  }
  const auto parts = static_cast<Index>(1 + learner.closures().size());
  for_test_runs(
      comm, product, files, settings.runs, parts, settings.build,
      [&](Index run, Index part, const PairFile& file, const RowSystems& systems,
          const LevelSystem& level) {
        require(file.fields().targets == learner.targets(),
                "{}: other targets than the closure's; allowed: the same", file.path());
        const Index frames = file.frames();
        ClosedSystem system(*level.model, systems.settings.derived, file.fields(), nullptr);
        std::vector<std::string> names;
        for (const diagnostics::Quantity& spectrum : level.model->spectra())
          names.push_back(spectrum.name);
        const auto add = [&](const std::string& name, Index count, const auto& frame_of) {
          if (count < frames) {
            climates.blow_ups.at(name) += 1;
            return;
          }
          Climate& climate = climates.of.at(name);
          for (Index frame = frames / 2; frame < frames; ++frame) {
            const Inputs& frame_inputs = frame_of(frame);
            if (names.empty())
              climate.add_spectra(file.grid(), frame_inputs);
            else
              climate.add_spectra(file.grid(), names, level.model->bins(),
                                  system.spectra(frame_inputs));
            if (frame >= frames - last_frames) climate.add_values(file.grid(), frame_inputs);
          }
        };
        if (part == 0) {
          climates.runs += 1;
          for (const char* name : {"high", run % 2 == 0 ? "high_even" : "high_odd"})
            add(name, frames, [&](Index frame) { return file.frame_inputs(frame); });
        }
        const auto c = static_cast<std::size_t>(part - 1);
        const std::string name = part == 0 ? "low_fidelity" : Closure::names()[c];
        settings.note(fmt::format("run {} of {}", run + 1, name));
        const auto all =
            run_closed(level, systems.settings, file, part == 0 ? nullptr : &learner.closures()[c]);
        add(name, static_cast<Index>(all.size()),
            [&](Index frame) -> const Inputs& { return all[static_cast<std::size_t>(frame)]; });
      });
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &climates.runs, 1, MPI_DOUBLE, MPI_SUM, comm));
  for (const std::string& name : names) {
    climates.of.at(name).gather(comm);
    STARLING_MPI(
        MPI_Allreduce(MPI_IN_PLACE, &climates.blow_ups.at(name), 1, MPI_DOUBLE, MPI_SUM, comm));
  }
  return climates;
}

std::string shown(Real value) {
  return std::isfinite(value) ? fmt::format("{:16.4g}", value) : fmt::format("{:>16}", "-");
}

// On rank 0: a table, and the same as JSON.
std::string compare(const Climates& climates, nlohmann::ordered_json& json) {
  std::string table = fmt::format("    {:<28}{:>16}{:>16}", "", "d(low, high)", "d(high halves)");
  for (const std::string& name : Closure::names()) table += fmt::format("{:>16}", name);
  table += "\n";
  const auto has = [&](const std::string& name) {
    return climates.blow_ups.at(name) == 0 && !climates.of.at(name).empty();
  };
  std::map<std::string, std::map<std::string, Real>> distances;
  std::vector<std::string> quantities;
  const Climate& high = climates.of.at("high");
  for (const auto& [name, climate] : climates.of) {
    if (name.starts_with("high") || !has(name)) continue;
    quantities.clear();
    for (const auto& [quantity, d] : climate.distances(high)) {
      distances[name][quantity] = d;
      quantities.push_back(quantity);
      json["distance"][name][quantity] = d;
    }
  }
  if (has("high_even") && has("high_odd"))
    for (const auto& [quantity, d] :
         climates.of.at("high_even").distances(climates.of.at("high_odd")))
      json["distance"]["high_halves"][quantity] = distances["high_halves"][quantity] = d;
  for (const std::string& quantity : quantities) {
    const Real low = has("low_fidelity") ? distances["low_fidelity"][quantity] : NAN;
    const auto halves = distances["high_halves"].find(quantity);
    table += fmt::format("    {:<28}{}{}", quantity, shown(low),
                         shown(halves == distances["high_halves"].end() ? NAN : halves->second));
    for (const std::string& name : Closure::names()) {
      const Real similarity = has(name) ? 1 - distances[name][quantity] / low : NAN;
      table += shown(similarity);
      json["similarity"][name][quantity] = similarity;
    }
    table += "\n";
  }
  table += fmt::format("    {:<28}{:>16.0f}{:>16}", "blown up",
                       climates.blow_ups.at("low_fidelity"), "");
  for (const std::string& name : Closure::names())
    table += fmt::format("{:>16.0f}", climates.blow_ups.at(name));
  json["runs"] = climates.runs;
  for (const auto& [name, count] : climates.blow_ups)
    if (!name.starts_with("high")) json["blow_ups"][name] = count;
  return table + "\n";
}

}  // namespace

std::string run_similarity(const BaselineSettings& request, MPI_Comm comm) {
  return score_closures(
      request, comm, "similarity",
      [comm](const BaselineSettings& settings, const PairSets& pairs, const std::string& product,
             const ClosureLearner& learner, nlohmann::ordered_json& json) -> std::string {
        const auto sharp = pairs.of.find(product.substr(0, product.size() - 1) + "1");
        const auto& reference = sharp == pairs.of.end() ? pairs.of.at(product) : sharp->second;
        const Climates climates = run_climates(settings, comm, product, reference, learner);
        if (rank_of(comm) != 0) return "";
        return fmt::format("  similarity 1 - d(run, high) / d(low, high) of {:.0f} runs\n",
                           climates.runs) +
               compare(climates, json);
      });
}

}  // namespace starling::campaigns
