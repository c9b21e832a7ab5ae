// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/baseline.hpp"

#include "campaigns/closed_run.hpp"
#include "core/error.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "datasets/normal_equations.hpp"
#include "io/agree.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace starling::campaigns {
namespace {

using datasets::Closure;
using datasets::FileRecord;
using datasets::Inputs;
using datasets::PairFile;
using datasets::Row;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

const std::vector<Real> ridges = {1e-10, 1e-8, 1e-6, 1e-4, 1e-2};

/// A file of a coarsened data set.
struct Entry {
  std::string path;
  std::string split;  ///< train, valid, test, or the name of the sibling
  const FileRecord* record;
};

/// Sums over samples of one target.
struct Score {
  Real count = 0, error = 0, y = 0, yy = 0, p = 0, pp = 0, yp = 0;

  void add(Real truth, Real guess) {
    count += 1;
    error += (truth - guess) * (truth - guess);
    y += truth;
    yy += truth * truth;
    p += guess;
    pp += guess * guess;
    yp += truth * guess;
  }
  Real mse() const { return error / count; }
  Real skill() const { return 1 - mse() / (yy / count - y / count * (y / count)); }
  Real correlation() const {
    const Real cov = yp / count - y / count * (p / count);
    return cov / std::sqrt((yy / count - y / count * (y / count)) *
                           (pp / count - p / count * (p / count)));
  }
};
using Scores = std::vector<Score>;  // of each target

void add_up(Scores& scores, MPI_Comm comm) {
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, scores.data(), static_cast<int>(7 * scores.size()),
                             MPI_DOUBLE, MPI_SUM, comm));
}

Real mean_skill(const Scores& scores) {
  Real sum = 0;
  for (const Score& score : scores) sum += score.skill() / static_cast<Real>(scores.size());
  return sum;
}

/// The coarsened data sets of a folder, by what their names have in common: "_hf256to64_op1".
std::map<std::string, std::vector<Entry>> find_pairs(const std::string& folder,
                                                     const std::vector<Row>& rows,
                                                     std::vector<datasets::RowRecord>& records) {
  std::map<std::string, std::vector<Entry>> pairs;
  for (const Row& row : rows) {
    auto record = datasets::find_record(folder, row);
    if (record) records.push_back(std::move(*record));
  }
  for (const datasets::RowRecord& record : records)
    for (const FileRecord& file : record.files) {
      const Row& row = rows[at(record.row)];
      const std::string product = file.dataset.substr(row.dataset.size());
      const bool is_pair = product.size() > 4 && product.substr(product.size() - 4, 3) == "_op";
      if (!is_pair) continue;
      pairs[product].push_back(
          {folder + "/" + file.path, row.sibling.empty() ? file.split : row.sibling, &file});
    }
  return pairs;
}

/// One coarsened data set: fits, then scores.
class Learner {
 public:
  Learner(const BaselineSettings& settings, MPI_Comm comm, const std::vector<Entry>& files);

  const std::vector<Closure>& closures() const { return closures_; }
  const std::vector<std::string>& targets() const { return targets_; }
  /// Of each closure and of none, persistence, climatology on a split.
  std::map<std::string, Scores> score(const std::string& split) const;

 private:
  void fit();
  Real bandwidth() const;
  template <class Use>
  void for_samples(const std::string& split, const Use& use) const;

  const BaselineSettings* settings_;
  MPI_Comm comm_;
  std::vector<Entry> files_;
  std::vector<std::string> targets_;
  std::vector<Closure> closures_;
  std::vector<Real> means_;  // of the targets, in training
  Index each_ = 0;           // samples of a frame
};

// Mean and deviation of every element of the fields that are inputs.
void add_moments(std::vector<datasets::FieldMoments>& sums, const PairFile& file,
                 const FileRecord& record) {
  std::vector<datasets::FieldMoments> all;
  for (const std::string& name : file.inputs())
    for (const auto& [field, elements] : record.statistics)
      for (std::size_t e = 0; e < elements.size(); ++e)
        if (name == field + (elements.size() > 1 ? fmt::format("_{}", "xyz"[e]) : std::string()))
          all.push_back(elements[e]);
  if (sums.empty()) sums.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) sums[i].merge(all[i]);
}

Learner::Learner(const BaselineSettings& settings, MPI_Comm comm, const std::vector<Entry>& files)
    : settings_(&settings), comm_(comm), files_(files) {
  std::vector<datasets::FieldMoments> moments;
  std::optional<PairFile> first;
  Index frames = 0;
  for (const Entry& file : files_) {
    if (file.split != "train") continue;
    if (!first) first.emplace(file.path);
    add_moments(moments, *first, *file.record);
    frames += file.record->frames * file.record->trajectories;
  }
  require(first.has_value(), "{}: has no training split", settings.folder);
  targets_ = first->targets();
  each_ = std::clamp<Index>(settings.samples / frames, 8, first->grid().points());
  std::vector<Real> means, deviations;
  for (const datasets::FieldMoments& m : moments) {
    means.push_back(m.value.mean);
    deviations.push_back(std::max(std::sqrt(m.value.variance()), 1e-12));
  }
  for (std::size_t k = 0; k < Closure::names().size(); ++k) {
    closures_.emplace_back(static_cast<Closure::Kind>(k), first->grid(),
                           static_cast<Index>(first->inputs().size()), settings.random_features,
                           settings.seed);
    closures_.back().standardise(means, deviations, 1);
  }
  const Real width = bandwidth();
  for (Closure& closure : closures_) closure.standardise(means, deviations, width);
  fit();
}

template <class Use>
void Learner::for_samples(const std::string& split, const Use& use) const {
  int number = 0;
  for (std::size_t f = 0; f < files_.size(); ++f) {
    if (files_[f].split != split) continue;
    if (number++ % size_of(comm_) != rank_of(comm_)) continue;
    PairFile file(files_[f].path);
    const Index points = file.grid().points();
    for (Index t = 0; t < file.trajectories(); ++t) {
      file.load(t);
      Inputs before;
      for (Index frame = 0; frame < file.frames(); ++frame) {
        const Inputs inputs = file.frame_inputs(frame), targets = file.frame_targets(frame);
        const Stream random(settings_->seed, Purpose::closure_samples, f,
                            static_cast<std::uint64_t>(t * file.frames() + frame));
        for (Index s = 0; s < each_; ++s) {
          const Index point =
              each_ == points ? s
                              : static_cast<Index>(random.uniform(static_cast<std::uint64_t>(s)) *
                                                   static_cast<Real>(points));
          use(inputs, targets, before, point);
        }
        before = targets;
      }
    }
  }
}

// The median distance of samples, by the first file of the training split.
Real Learner::bandwidth() const {
  const Closure& closure = closures_.front();
  std::vector<Real> rows;
  const auto n = at(closure.stencil());
  io::on_root(comm_, [&] {
    for (const Entry& entry : files_) {
      if (entry.split != "train" || !rows.empty()) continue;
      PairFile file(entry.path);
      file.load(0);
      const Stream random(settings_->seed, Purpose::closure_samples, 1 << 20, 0);
      for (std::uint64_t s = 0; s < 200; ++s) {
        const auto frame =
            static_cast<Index>(random.uniform(2 * s) * static_cast<Real>(file.frames()));
        const auto point =
            static_cast<Index>(random.uniform(2 * s + 1) * static_cast<Real>(file.grid().points()));
        rows.resize(rows.size() + n);
        closure.values(rows.data() + rows.size() - n, file.frame_inputs(frame), point);
      }
    }
  });
  std::vector<Real> distances;
  for (std::size_t a = 0; a < rows.size(); a += n)
    for (std::size_t b = 0; b < a; b += n) {
      Real sum = 0;
      for (std::size_t i = 0; i < n; ++i)
        sum += (rows[a + i] - rows[b + i]) * (rows[a + i] - rows[b + i]);
      distances.push_back(std::sqrt(sum));
    }
  Real median = 1;
  if (!distances.empty()) {
    std::nth_element(distances.begin(),
                     distances.begin() + static_cast<Index>(distances.size() / 2), distances.end());
    median = std::max(distances[distances.size() / 2], 1e-6);
  }
  STARLING_MPI(MPI_Bcast(&median, 1, MPI_DOUBLE, 0, comm_));
  return median;
}

void Learner::fit() {
  const auto targets = static_cast<Index>(targets_.size());
  std::vector<datasets::NormalEquations> equations;
  for (const Closure& closure : closures_) equations.emplace_back(closure.features(), targets);
  std::vector<Real> y(at(targets)), sums(at(targets + 1), 0);
  std::vector<std::vector<Real>> z, phi;
  for (const Closure& closure : closures_) {
    z.emplace_back(at(closure.stencil()));
    phi.emplace_back(at(closure.features()));
  }
  for_samples("train", [&](const Inputs& in, const Inputs& out, const Inputs&, Index point) {
    for (Index t = 0; t < targets; ++t) {
      y[at(t)] = static_cast<Real>(out[at(t)][at(point)]);
      sums[at(t)] += y[at(t)];
    }
    sums.back() += 1;
    for (std::size_t c = 0; c < closures_.size(); ++c) {
      closures_[c].values(z[c].data(), in, point);
      closures_[c].evaluate(phi[c].data(), z[c].data());
      equations[c].add(phi[c].data(), y.data(), 1);
    }
  });
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE,
                             MPI_SUM, comm_));
  for (Index t = 0; t < targets; ++t) means_.push_back(sums[at(t)] / sums.back());
  const bool has_valid = std::any_of(files_.begin(), files_.end(),
                                     [](const Entry& file) { return file.split == "valid"; });
  for (std::size_t c = 0; c < closures_.size(); ++c) {
    equations[c].finish(comm_);
    Real best = -1e300;
    std::vector<Real> chosen;
    for (const Real ridge : ridges) {
      std::vector<Real> weights;
      try {
        weights = equations[c].solve(ridge);
      } catch (const NumericalError&) {
        continue;  // too small a ridge for sums that are nearly singular
      }
      closures_[c].set_weights(weights, targets);
      const Real skill = has_valid ? mean_skill(score("valid")[Closure::names()[c]]) : -ridge;
      if (skill > best || chosen.empty()) {
        best = skill;
        chosen = std::move(weights);
      }
    }
    closures_[c].set_weights(chosen, targets);
  }
}

std::map<std::string, Scores> Learner::score(const std::string& split) const {
  const auto targets = static_cast<Index>(targets_.size());
  std::map<std::string, Scores> scores;
  for (const char* name : {"none", "persistence", "climatology"}) scores[name].resize(at(targets));
  for (std::size_t c = 0; c < closures_.size(); ++c)
    if (closures_[c].targets() > 0) scores[Closure::names()[c]].resize(at(targets));
  std::vector<Real> z, phi;
  for_samples(split, [&](const Inputs& in, const Inputs& out, const Inputs& before, Index point) {
    const auto truth = [&](Index t) { return static_cast<Real>(out[at(t)][at(point)]); };
    for (Index t = 0; t < targets; ++t) {
      scores["none"][at(t)].add(truth(t), 0);
      scores["climatology"][at(t)].add(truth(t), means_.empty() ? 0 : means_[at(t)]);
      if (!before.empty())
        scores["persistence"][at(t)].add(truth(t), static_cast<Real>(before[at(t)][at(point)]));
    }
    for (std::size_t c = 0; c < closures_.size(); ++c) {
      const Closure& closure = closures_[c];
      if (closure.targets() == 0) continue;
      z.resize(at(closure.stencil()));
      phi.resize(at(closure.features()));
      closure.values(z.data(), in, point);
      closure.evaluate(phi.data(), z.data());
      for (Index t = 0; t < targets; ++t) {
        Real guess = 0;
        const Real* w = closure.weights() + t * closure.features();
        for (Index i = 0; i < closure.features(); ++i) guess += w[i] * phi[at(i)];
        scores[Closure::names()[c]][at(t)].add(truth(t), guess);
      }
    }
  });
  for (auto& [name, each] : scores) add_up(each, comm_);
  return scores;
}

Real vrmse(const Inputs& run, const Inputs& truth) {
  Real sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto n = static_cast<Real>(truth[i].size());
    Real mean = 0, squares = 0, error = 0;
    for (const float y : truth[i]) mean += static_cast<Real>(y) / n;
    for (std::size_t p = 0; p < truth[i].size(); ++p) {
      const auto y = static_cast<Real>(truth[i][p]), x = static_cast<Real>(run[i][p]);
      squares += (y - mean) * (y - mean) / n;
      error += (x - y) * (x - y) / n;
    }
    sum += error / (squares + 1e-7);
  }
  return std::sqrt(sum / static_cast<Real>(truth.size()));
}

/// VRMSE at lead frames, mean over runs; runs that blew up are counted from there on.
struct Online {
  std::vector<Index> leads;
  std::map<std::string, std::vector<Real>> errors;  // sums
  std::map<std::string, std::vector<Real>> counts;
  std::map<std::string, Real> blow_ups;
};

Online run_online(const BaselineSettings& settings, MPI_Comm comm, const std::string& product,
                  const std::vector<Entry>& files, const Learner& learner) {
  Online online;
  std::vector<std::string> names = {"low_fidelity", "persistence"};
  names.insert(names.end(), Closure::names().begin(), Closure::names().end());
  const Index frames = files.front().record->frames;
  for (const Index lead : {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})
    if (lead < frames) online.leads.push_back(lead);
  for (const std::string& name : names) {
    online.errors[name].assign(online.leads.size(), 0);
    online.counts[name].assign(online.leads.size(), 0);
    online.blow_ups[name] = 0;
  }
  // "_hf256to64_op1": the level that has this resolution, or is called so.
  const std::size_t to = product.find("to");
  const std::string target = product.substr(to + 2, product.size() - to - 6);
  Index run = 0;
  for (const Entry& entry : files) {
    if (entry.split != "test") continue;
    for (Index t = 0; t < entry.record->trajectories && run < settings.runs; ++t, ++run) {
      if (run % size_of(comm) != rank_of(comm)) continue;
      PairFile file(entry.path);
      file.load(t);
      RowSystems systems = settings.build(Row::from_json(file.row(), entry.path), MPI_COMM_SELF);
      const auto level = std::find_if(
          systems.levels.begin() + 1, systems.levels.end(), [&](const LevelSystem& each) {
            const std::string resolution = datasets::resolution_of(each.model->domain());
            return resolution == target || each.name + resolution == target;
          });
      if (level == systems.levels.end() || level->model->implicit() != nullptr) continue;
      const auto note = [&](const std::string& name, const std::vector<Inputs>& frames_of_run) {
        for (std::size_t l = 0; l < online.leads.size(); ++l) {
          if (online.leads[l] >= static_cast<Index>(frames_of_run.size())) continue;
          online.errors[name][l] +=
              vrmse(frames_of_run[at(online.leads[l])], file.frame_inputs(online.leads[l]));
          online.counts[name][l] += 1;
        }
        if (static_cast<Index>(frames_of_run.size()) < file.frames()) online.blow_ups[name] += 1;
      };
      note("persistence", std::vector<Inputs>(at(file.frames()), file.frame_inputs(0)));
      note("low_fidelity", run_closed(*level, systems.settings, file, nullptr));
      for (std::size_t c = 0; c < learner.closures().size(); ++c)
        note(Closure::names()[c],
             run_closed(*level, systems.settings, file, &learner.closures()[c]));
    }
  }
  for (const std::string& name : names) {
    for (auto* sums : {&online.errors[name], &online.counts[name]})
      STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, sums->data(), static_cast<int>(sums->size()),
                                 MPI_DOUBLE, MPI_SUM, comm));
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, &online.blow_ups[name], 1, MPI_DOUBLE, MPI_SUM, comm));
    for (std::size_t l = 0; l < online.leads.size(); ++l)
      online.errors[name][l] /= online.counts[name][l];
  }
  return online;
}

}  // namespace

std::string run_baseline(const BaselineSettings& settings, MPI_Comm comm) {
  const std::vector<Row> rows = datasets::read_manifest(settings.folder + "/runs.jsonl");
  std::vector<datasets::RowRecord> records;
  const auto pairs = find_pairs(settings.folder, rows, records);
  require(!pairs.empty(), "{}: has no coarsened data set; allowed: levels with operators",
          settings.folder);
  std::string table;
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  Progress progress("baselines", "data sets", static_cast<Index>(pairs.size()), 0,
                    rank_of(comm) == 0);
  Index done = 0;
  for (const auto& [product, files] : pairs) {
    const Learner learner(settings, comm, files);
    std::vector<std::string> splits;
    for (const Entry& file : files)
      if (std::find(splits.begin(), splits.end(), file.split) == splits.end())
        splits.push_back(file.split);
    table +=
        fmt::format("{}\n  skill R^2 (correlation) of the subgrid forcing\n", product.substr(1));
    for (const std::string& split : splits) {
      const auto scores = learner.score(split);
      for (const auto& [name, each] : scores) {
        table += fmt::format("    {:<10} {:<16}", split, name);
        for (std::size_t t = 0; t < each.size(); ++t) {
          const Real correlation = each[t].correlation();
          table += fmt::format(
              "  {} {:7.4f} ({})", learner.targets()[t], each[t].skill(),
              std::isfinite(correlation) ? fmt::format("{:6.3f}", correlation) : "     -");
          json[product.substr(1)]["offline"][split][name][learner.targets()[t]] = {
              {"skill", each[t].skill()},
              {"correlation", each[t].correlation()},
              {"mse", each[t].mse()}};
        }
        table += "\n";
      }
    }
    const Online online = run_online(settings, comm, product, files, learner);
    table += "  VRMSE of runs of the low level from the coarsened first frame, by lead frame\n";
    table += fmt::format("    {:<27}", "");
    for (const Index lead : online.leads) table += fmt::format("{:>9}", lead);
    table += "   blown up\n";
    for (const auto& [name, errors] : online.errors) {
      table += fmt::format("    {:<27}", name);
      for (const Real error : errors) table += fmt::format("{:9.4f}", error);
      table += fmt::format("   {:.0f}\n", online.blow_ups.at(name));
      json[product.substr(1)]["online"][name] = {
          {"lead_frames", online.leads}, {"vrmse", errors}, {"blow_ups", online.blow_ups.at(name)}};
    }
    progress.update(++done);
  }
  io::on_root(
      comm, [&] { datasets::write_text(settings.folder + "/baseline.json", json.dump(1) + "\n"); });
  return table;
}

}  // namespace starling::campaigns
