// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/origin.hpp"
#include "datasets/check/stored_file.hpp"
#include "datasets/check/well_format.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace starling::datasets {

/// The trajectories of one generated data set in the order that other people's splits by index
/// want: training, validation, test, and in each by rows. For one rank.
class ExportSource {
 public:
  struct File {
    std::string path, split;
    check::Shape shape;
    std::vector<std::pair<std::string, Real>> swept;  ///< of its row
  };

  /// `folder` has data/, or one folder below it that has. Throws InputError for another, and for
  /// files that are not as `starling check` wants them.
  explicit ExportSource(const std::string& folder);

  const std::string& name() const { return files_.front().shape.dataset; }
  const check::Shape& shape() const { return files_.front().shape; }
  const std::vector<File>& files() const { return files_; }
  /// Trajectories of one split ("train"), or of all ("").
  Index trajectories(const std::string& split = "") const;
  /// [model] forcing of the input that made it: "none".
  const std::string& forcing() const { return forcing_; }
  const std::string& licence() const { return licence_; }
  const std::string& title() const { return title_; }

  /// One element of a field of one frame, [x][y][z], in the model's units: the published number
  /// times the scale.
  void read(float* out, std::size_t file, std::size_t field, Index element, Index trajectory,
            Index frame);

 private:
  void add(const std::string& path, const std::string& split);

  std::vector<File> files_;
  std::string forcing_ = "none", licence_, title_;
  std::size_t open_ = static_cast<std::size_t>(-1);
  std::unique_ptr<check::StoredFile> file_;
  // The frame that was read last.
  std::string last_;
  std::vector<float> numbers_;
};

}  // namespace starling::datasets
