// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/product.hpp"

#include <string>
#include <utility>
#include <vector>

namespace starling::datasets {

/// The statistics of the training files of one data set, merged in their order; of all files where
/// none is for training.
struct Summary {
  bool of_training = true;
  Index files = 0, trajectories = 0, frames = 0;
  Real bytes = 0;
  std::vector<std::pair<std::string, Index>> splits;  ///< trajectories of each
  std::vector<std::pair<std::string, std::vector<FieldMoments>>> fields;
};
Summary summarise(const std::vector<const FileRecord*>& files);

/// stats.yaml: mean, std, rms, mean_delta, std_delta, rms_delta, and min, max, of each field; of
/// vectors and tensors lists.
std::string stats_yaml(const Summary& summary);

/// The card of a data set, in YAML: what is known of one of its files and the summary.
std::string card_yaml(const std::string& name, const std::string& file, const Summary& summary);

}  // namespace starling::datasets
