// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/pair_sets.hpp"
#include "datasets/closure.hpp"
#include "datasets/normal_equations.hpp"

#include <mpi.h>
#include <nlohmann/json_fwd.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace starling::campaigns {

/// What closures are learned with.
struct LearnerSettings {
  std::string folder;
  std::string only;                 ///< coarsened data sets whose names have this; empty: all
  std::vector<std::string> inputs;  ///< elements of fields that closures see; empty: all
  Index random_features = 512;
  Index samples = 200000;  ///< grid points of all training frames together, at most
  std::uint64_t seed = 1;
  std::function<RowSystems(const datasets::Row& row, MPI_Comm comm)> build;
  std::function<void(const std::string& stage)> note;  ///< told on every rank what begins
};

/// Sums over samples of one target.
struct ClosureScore {
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
  /// R^2 = 1 - MSE / variance.
  Real skill() const { return 1 - mse() / (yy / count - y / count * (y / count)); }
  Real correlation() const {
    const Real cov = yp / count - y / count * (p / count);
    return cov / std::sqrt((yy / count - y / count * (y / count)) *
                           (pp / count - p / count * (p / count)));
  }
};
using ClosureScores = std::vector<ClosureScore>;  // of each target

/// Fits closures (datasets::Closure) from the coarse state to the subgrid forcing of one coarsened
/// data set by ridge regression on its training split. Of the ridges the one with the largest skill
/// on the validation split is taken whose closure is stable: the low level, run with it over the
/// first validation trajectory, stays finite, and no input's variance over the later half is more
/// than four times that of the high run. Files are dealt to ranks; all is the same on any number of
/// them but for rounding.
class ClosureLearner {
 public:
  /// `product` is "_hf256to64_op1". Collective. Throws InputError if there is no training split or
  /// no such input.
  ClosureLearner(const LearnerSettings& settings, MPI_Comm comm, std::string product,
                 const std::vector<PairEntry>& files);

  /// The ridges that were taken: "linear 1e-06, quadratic 0.01 (unstable)".
  std::string description() const;
  /// The same under "ridges".
  void describe(nlohmann::ordered_json& json) const;

  const std::vector<datasets::Closure>& closures() const { return closures_; }
  const std::vector<std::string>& targets() const { return targets_; }
  /// Of the inputs, in training.
  const std::vector<Real>& input_means() const { return input_means_; }
  /// Collective. Of each closure and of none, persistence, climatology on a split.
  std::map<std::string, ClosureScores> score(const std::string& split) const;

 private:
  struct Candidate {
    Real ridge, skill;
    std::vector<Real> weights;
  };
  struct Choice {
    Real ridge, skill;
    bool stable;
  };

  void fit();
  bool has_validation() const;
  std::vector<Candidate> candidates_of(std::size_t closure,
                                       const datasets::NormalEquations& equations);
  void choose(const std::vector<std::vector<Candidate>>& candidates);
  bool survives(std::size_t closure, const Candidate& candidate);
  Real bandwidth() const;
  template <class Use>
  void for_samples(const std::string& split, const Use& use) const;

  const LearnerSettings* settings_;
  MPI_Comm comm_;
  std::string product_;
  std::vector<PairEntry> files_;
  std::vector<std::string> targets_;
  std::vector<datasets::Closure> closures_;
  std::vector<Choice> choices_;
  std::vector<Real> means_, input_means_;  // of the targets and inputs, in training
  Index each_ = 0;                         // samples of a frame
};

}  // namespace starling::campaigns
