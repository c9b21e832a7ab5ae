// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/baseline.hpp"

#include "campaigns/closed_run.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "io/agree.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace starling::campaigns {
namespace {

using datasets::Closure;
using datasets::Inputs;
using datasets::PairFile;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

/// Errors of a frame, the root of the mean over inputs: VRMSE of The Well, sqrt(MSE / (variance +
/// 1e-7)), and with the mean square of the truth in place of its variance, nRMSE.
struct FrameError {
  Real vrmse = 0, nrmse = 0;
};

FrameError frame_error(const Inputs& run, const Inputs& truth) {
  FrameError out;
  const auto inputs = static_cast<Real>(truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto n = static_cast<Real>(truth[i].size());
    Real mean = 0, variance = 0, squares = 0, error = 0;
    for (const float y : truth[i]) mean += static_cast<Real>(y) / n;
    for (std::size_t p = 0; p < truth[i].size(); ++p) {
      const auto y = static_cast<Real>(truth[i][p]), x = static_cast<Real>(run[i][p]);
      variance += (y - mean) * (y - mean) / n;
      squares += y * y / n;
      error += (x - y) * (x - y) / n;
    }
    out.vrmse += error / (variance + 1e-7) / inputs;
    out.nrmse += error / (squares + 1e-7) / inputs;
  }
  return {std::sqrt(out.vrmse), std::sqrt(out.nrmse)};
}

/// Errors of one forecast at the lead frames, sums over runs; what blew up counts until it did.
struct Forecast {
  std::vector<Real> vrmse, nrmse, counts;
  Real blow_ups = 0;

  void add_up(MPI_Comm comm) {
    for (auto* sums : {&vrmse, &nrmse, &counts})
      STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sums->data(), static_cast<int>(sums->size()),
                                 MPI_DOUBLE, MPI_SUM, comm));
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &blow_ups, 1, MPI_DOUBLE, MPI_SUM, comm));
    for (std::size_t l = 0; l < counts.size(); ++l) {
      vrmse[l] /= counts[l];
      nrmse[l] /= counts[l];
    }
  }
};

struct Online {
  std::vector<Index> leads;
  std::map<std::string, Forecast> forecasts;
};

Online run_online(const BaselineSettings& settings, MPI_Comm comm, const std::string& product,
                  const std::vector<PairEntry>& files, const ClosureLearner& learner) {
  Online online;
  std::vector<std::string> names = {"low_fidelity", "persistence", "climatology"};
  names.insert(names.end(), Closure::names().begin(), Closure::names().end());
  const Index frames = files.front().record->frames;
  for (const Index lead : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})
    if (lead < frames) online.leads.push_back(lead);
  const std::vector<Real> zeros(online.leads.size(), 0);
  for (const std::string& name : names) online.forecasts[name] = {zeros, zeros, zeros};
  const auto parts = static_cast<Index>(1 + learner.closures().size());
  for_test_runs(
      comm, product, files, settings.runs, parts, settings.build,
      [&](Index run, Index part, const PairFile& file, const RowSystems& systems,
          const LevelSystem& level) {
        const auto note = [&](const std::string& name, const std::vector<Inputs>& frames_of_run) {
          Forecast& forecast = online.forecasts[name];
          for (std::size_t l = 0; l < online.leads.size(); ++l) {
            if (online.leads[l] >= static_cast<Index>(frames_of_run.size())) continue;
            const FrameError error =
                frame_error(frames_of_run[at(online.leads[l])], file.frame_inputs(online.leads[l]));
            forecast.vrmse[l] += error.vrmse;
            forecast.nrmse[l] += error.nrmse;
            forecast.counts[l] += 1;
          }
          if (static_cast<Index>(frames_of_run.size()) < file.frames()) forecast.blow_ups += 1;
        };
        if (part > 0) {
          const std::string& name = Closure::names()[at(part - 1)];
          settings.note(fmt::format("run {} with {}", run + 1, name));
          note(name, run_closed(level, systems.settings, file, &learner.closures()[at(part - 1)]));
          return;
        }
        note("persistence", std::vector<Inputs>(at(file.frames()), file.frame_inputs(0)));
        Inputs means;
        for (const Real mean : learner.input_means())
          means.emplace_back(at(file.grid().points()), static_cast<float>(mean));
        note("climatology", std::vector<Inputs>(at(file.frames()), means));
        settings.note(fmt::format("run {} of the low level", run + 1));
        note("low_fidelity", run_closed(level, systems.settings, file, nullptr));
      });
  for (auto& [name, forecast] : online.forecasts) forecast.add_up(comm);
  return online;
}

// What `run_baseline` tells of one data set.
std::string baseline_of(const BaselineSettings& settings, MPI_Comm comm, const std::string& product,
                        const std::vector<PairEntry>& files, const ClosureLearner& learner,
                        nlohmann::ordered_json& json) {
  std::vector<std::string> splits;
  for (const PairEntry& file : files)
    if (std::find(splits.begin(), splits.end(), file.split) == splits.end())
      splits.push_back(file.split);
  std::string table = "  skill R^2 (correlation) of the subgrid forcing\n";
  for (const std::string& split : splits) {
    const auto scores = learner.score(split);
    for (const auto& [name, each] : scores) {
      table += fmt::format("    {:<10} {:<16}", split, name);
      for (std::size_t t = 0; t < each.size(); ++t) {
        const Real correlation = each[t].correlation();
        table += fmt::format(
            "  {} {:7.4f} ({})", learner.targets()[t], each[t].skill(),
            std::isfinite(correlation) ? fmt::format("{:6.3f}", correlation) : "     -");
        json["offline"][split][name][learner.targets()[t]] = {
            {"skill", each[t].skill()}, {"correlation", correlation}, {"mse", each[t].mse()}};
      }
      table += "\n";
    }
  }
  const Online online = run_online(settings, comm, product, files, learner);
  table += "  VRMSE of runs of the low level from the coarsened first frame, by lead frame\n";
  table += fmt::format("    {:<27}", "");
  for (const Index lead : online.leads) table += fmt::format("{:>9}", lead);
  table += "   blown up\n";
  for (const auto& [name, forecast] : online.forecasts) {
    table += fmt::format("    {:<27}", name);
    for (const Real error : forecast.vrmse)
      table += std::isfinite(error) ? fmt::format(" {:8.4g}", error) : "        -";
    table += fmt::format("   {:.0f}\n", forecast.blow_ups);
    json["online"][name] = {{"lead_frames", online.leads},
                            {"vrmse", forecast.vrmse},
                            {"nrmse", forecast.nrmse},
                            {"blow_ups", forecast.blow_ups}};
  }
  return table;
}

}  // namespace

std::string score_closures(const BaselineSettings& request, MPI_Comm comm, const std::string& name,
                           const ScoreClosures& score) {
  BaselineSettings settings = request;
  const PairSets pairs(settings.folder, settings.only);
  std::string table;
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  Progress progress(name, "data sets", pairs.count(), 0, rank_of(comm) == 0);
  Index done = 0;
  for (const auto& [product, files] : pairs.of) {
    if (!pairs.wanted(product)) continue;
    const std::string dataset = product.substr(1);
    settings.note = [&](const std::string& stage) {
      progress.update(done, dataset + ": " + stage);
    };
    const ClosureLearner learner(settings, comm, product, files);
    table += fmt::format("{}\n  ridges: {}\n", dataset, learner.description());
    learner.describe(json[dataset]);
    table += score(settings, pairs, product, learner, json[dataset]);
    progress.update(++done);
  }
  io::on_root(comm, [&] {
    datasets::write_text(fmt::format("{}/{}.json", settings.folder, name), json.dump(1) + "\n");
  });
  return table;
}

std::string run_baseline(const BaselineSettings& request, MPI_Comm comm) {
  return score_closures(
      request, comm, "baseline",
      [comm](const BaselineSettings& settings, const PairSets& pairs, const std::string& product,
             const ClosureLearner& learner, nlohmann::ordered_json& json) {
        return baseline_of(settings, comm, product, pairs.of.at(product), learner, json);
      });
}

}  // namespace starling::campaigns
