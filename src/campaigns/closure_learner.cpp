// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/closure_learner.hpp"

#include "campaigns/closed_run.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "datasets/field.hpp"
#include "datasets/pair_file.hpp"
#include "io/agree.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace starling::campaigns {
namespace {

using datasets::Closure;
using datasets::FileRecord;
using datasets::Inputs;
using datasets::PairFile;

std::size_t at(Index i) { return static_cast<std::size_t>(i); }

const std::vector<Real> ridges = {1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1e-1, 1, 10};

// Numbers of the inputs that are called so.
std::vector<Index> numbers_of(const std::vector<std::string>& names, const PairFile& file) {
  const auto& all = file.fields().inputs;
  std::vector<Index> numbers;
  for (const std::string& name : names.empty() ? all : names) {
    const auto found = std::find(all.begin(), all.end(), name);
    require(found != all.end(), "{}: has no input '{}'; allowed: {}", file.path(), name,
            fmt::join(all, ", "));
    numbers.push_back(found - all.begin());
  }
  return numbers;
}

void add_up(ClosureScores& scores, MPI_Comm comm) {
  STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, scores.data(), static_cast<int>(7 * scores.size()),
                             MPI_DOUBLE, MPI_SUM, comm));
}

Real mean_skill(const ClosureScores& scores) {
  Real sum = 0;
  for (const ClosureScore& score : scores) sum += score.skill() / static_cast<Real>(scores.size());
  return sum;
}

// Mean and deviation of every element of the fields that are inputs.
void add_moments(std::vector<datasets::FieldMoments>& sums, const PairFile& file,
                 const FileRecord& record) {
  std::vector<datasets::FieldMoments> all;
  for (const std::string& name : file.fields().inputs)
    for (const auto& [field, elements] : record.statistics)
      for (std::size_t e = 0; e < elements.size(); ++e)
        if (name == datasets::element_name(field, static_cast<Index>(e),
                                           static_cast<Index>(elements.size())))
          all.push_back(elements[e]);
  if (sums.empty()) sums.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) sums[i].merge(all[i]);
}

}  // namespace

ClosureLearner::ClosureLearner(const LearnerSettings& settings, MPI_Comm comm, std::string product,
                               const std::vector<PairEntry>& files)
    : settings_(&settings), comm_(comm), product_(std::move(product)), files_(files) {
  std::vector<datasets::FieldMoments> moments;
  std::optional<PairFile> first;
  Index frames = 0;
  for (const PairEntry& file : files_) {
    if (file.split != "train") continue;
    if (!first) first.emplace(file.path);
    add_moments(moments, *first, *file.record);
    frames += file.record->frames * file.record->trajectories;
  }
  require(first.has_value(), "{}: has no training split", settings.folder);
  targets_ = first->fields().targets;
  each_ = std::clamp<Index>(settings.samples / frames, 8, first->grid().points());
  for (const datasets::FieldMoments& m : moments) input_means_.push_back(m.value.mean);
  const std::vector<Index> inputs = numbers_of(settings.inputs, *first);
  std::vector<Real> means, deviations;
  for (const Index i : inputs) {
    means.push_back(input_means_[at(i)]);
    deviations.push_back(std::max(std::sqrt(moments[at(i)].value.variance()), 1e-12));
  }
  for (std::size_t k = 0; k < Closure::names().size(); ++k) {
    closures_.emplace_back(static_cast<Closure::Kind>(k), first->grid(), inputs,
                           settings.random_features, settings.seed);
    closures_.back().standardise(means, deviations, 1);
  }
  const Real width = bandwidth();
  for (Closure& closure : closures_) closure.standardise(means, deviations, width);
  fit();
}

void ClosureLearner::describe(nlohmann::ordered_json& json) const {
  for (std::size_t c = 0; c < choices_.size(); ++c)
    json["ridges"][Closure::names()[c]] = {{"ridge", choices_[c].ridge},
                                           {"skill_in_validation", choices_[c].skill},
                                           {"stable_in_validation", choices_[c].stable}};
}

template <class Use>
void ClosureLearner::for_samples(const std::string& split, const Use& use) const {
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
Real ClosureLearner::bandwidth() const {
  const Closure& closure = closures_.front();
  std::vector<Real> rows;
  const auto n = at(closure.stencil());
  io::on_root(comm_, [&] {
    for (const PairEntry& entry : files_) {
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

void ClosureLearner::fit() {
  const auto targets = static_cast<Index>(targets_.size());
  std::vector<datasets::NormalEquations> equations;
  for (const Closure& closure : closures_) equations.emplace_back(closure.features(), targets);
  std::vector<Real> y(at(targets)), sums(at(targets + 1), 0);
  std::vector<std::vector<Real>> z, phi;
  for (const Closure& closure : closures_) {
    z.emplace_back(at(closure.stencil()));
    phi.emplace_back(at(closure.features()));
  }
  settings_->note("fitting closures");
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
  std::vector<std::vector<Candidate>> candidates;
  for (std::size_t c = 0; c < closures_.size(); ++c) {
    equations[c].finish(comm_);
    candidates.push_back(candidates_of(c, equations[c]));
  }
  choose(candidates);
}

bool ClosureLearner::has_validation() const {
  return std::any_of(files_.begin(), files_.end(),
                     [](const PairEntry& file) { return file.split == "valid"; });
}

// The most skilful first; without a validation split the smallest ridge.
std::vector<ClosureLearner::Candidate> ClosureLearner::candidates_of(
    std::size_t closure, const datasets::NormalEquations& equations) {
  std::vector<Candidate> candidates;
  for (const Real ridge : ridges) {
    try {
      candidates.push_back({ridge, -ridge, equations.solve(ridge)});
    } catch (const NumericalError&) {
      continue;  // too small a ridge for sums that are nearly singular
    }
    if (!has_validation()) continue;
    closures_[closure].set_weights(candidates.back().weights, equations.targets());
    candidates.back().skill = mean_skill(score("valid")[Closure::names()[closure]]);
  }
  closures_[closure].set_weights({}, 0);  // not to be scored with the others
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.skill > b.skill; });
  require(!candidates.empty(), "{}: closures of {} have no solution; allowed: finite data",
          settings_->folder, product_);
  return candidates;
}

// Trials of all closures go on side by side, the most skilful candidates first, one a rank.
void ClosureLearner::choose(const std::vector<std::vector<Candidate>>& candidates) {
  enum : int { untried, unstable, stable };
  std::vector<std::vector<int>> verdicts;
  std::size_t most = 0;
  for (const auto& of_closure : candidates) {
    verdicts.emplace_back(of_closure.size(), untried);
    most = std::max(most, of_closure.size());
  }
  const auto is_decided = [&](std::size_t c) {
    return std::find(verdicts[c].begin(), verdicts[c].end(), stable) != verdicts[c].end();
  };
  for (;;) {
    std::vector<std::pair<std::size_t, std::size_t>> round;  // closures and their candidates
    for (std::size_t i = 0; i < most; ++i)
      for (std::size_t c = 0; c < candidates.size(); ++c)
        if (i < candidates[c].size() && verdicts[c][i] == untried && !is_decided(c) &&
            static_cast<int>(round.size()) < size_of(comm_))
          round.emplace_back(c, i);
    if (round.empty()) break;
    std::vector<int> results(round.size(), untried);
    const auto mine = static_cast<std::size_t>(rank_of(comm_));
    if (mine < round.size()) {
      const auto& [c, i] = round[mine];
      results[mine] = survives(c, candidates[c][i]) ? stable : unstable;
    }
    STARLING_MPI(MPI_Allreduce(MPI_IN_PLACE, results.data(), static_cast<int>(results.size()),
                               MPI_INT, MPI_MAX, comm_));
    for (std::size_t r = 0; r < round.size(); ++r)
      verdicts[round[r].first][round[r].second] = results[r];
  }
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    const auto first = std::find(verdicts[c].begin(), verdicts[c].end(), stable);
    const std::size_t i = is_decided(c) ? at(first - verdicts[c].begin()) : 0;
    const Candidate& taken = candidates[c][i];
    closures_[c].set_weights(taken.weights, static_cast<Index>(targets_.size()));
    choices_.push_back({taken.ridge, has_validation() ? taken.skill : NAN, is_decided(c)});
  }
}

bool ClosureLearner::survives(std::size_t closure, const Candidate& candidate) {
  settings_->note(
      fmt::format("trying {} with ridge {:g}", Closure::names()[closure], candidate.ridge));
  const auto split = [&](const char* name) {
    return std::find_if(files_.begin(), files_.end(),
                        [&](const PairEntry& file) { return file.split == name; });
  };
  const auto trial = has_validation() ? split("valid") : split("train");
  PairFile file(trial->path);
  file.load(0);
  const RowSystems systems =
      settings_->build(datasets::Row::from_json(file.row(), trial->path), MPI_COMM_SELF);
  closures_[closure].set_weights(candidate.weights, static_cast<Index>(targets_.size()));
  const LevelSystem* level = level_of(systems, product_);
  return level == nullptr || is_stable(*level, systems.settings, file, closures_[closure]);
}

std::string ClosureLearner::description() const {
  std::string text;
  for (std::size_t c = 0; c < choices_.size(); ++c)
    text += fmt::format("{}{} {:g}{}", c == 0 ? "" : ", ", Closure::names()[c], choices_[c].ridge,
                        choices_[c].stable ? "" : " (unstable)");
  return text;
}

std::map<std::string, ClosureScores> ClosureLearner::score(const std::string& split) const {
  const auto targets = static_cast<Index>(targets_.size());
  std::map<std::string, ClosureScores> scores;
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

}  // namespace starling::campaigns
