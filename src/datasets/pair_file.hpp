// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/closure.hpp"
#include "io/hdf5.hpp"

#include <string>
#include <vector>

namespace starling::datasets {

/// A coarsened file to learn from: the coarse state and what a coarse model misses. For one rank.
/// Throws InputError.
class PairFile {
 public:
  explicit PairFile(const std::string& path);

  const std::string& path() const { return file_.path(); }
  const Domain& grid() const { return grid_; }
  Index trajectories() const { return trajectories_; }
  Index frames() const { return static_cast<Index>(times_.size()); }
  const std::vector<Real>& times() const { return times_; }
  /// The line of the manifest that made it.
  std::string row() const { return file_.read_text("/provenance/row"); }

  /// Inputs are the coarse state, targets the forcings by advection, or where there are none the
  /// total ones.
  const ClosureFields& fields() const { return fields_; }

  /// Reads a trajectory; frames of it are then at hand.
  void load(Index trajectory);
  Inputs frame_inputs(Index frame) const { return arrays(inputs_, frame); }
  Inputs frame_targets(Index frame) const { return arrays(targets_, frame); }

 private:
  struct Element {
    std::string dataset;
    Index element, elements;
    std::vector<float> numbers{};  // of the loaded trajectory, all elements
  };
  void add(const std::string& dataset, int order, bool target);
  Inputs arrays(const std::vector<Element>& elements, Index frame) const;

  io::File file_;
  Domain grid_;
  Index trajectories_ = 0;
  std::vector<Real> times_;
  std::vector<Element> inputs_, targets_;
  ClosureFields fields_;
};

}  // namespace starling::datasets
