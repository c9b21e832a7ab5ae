// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "datasets/statistics.hpp"
#include "datasets/well_file.hpp"

#include <functional>
#include <string>
#include <vector>

namespace starling::datasets {

/// What a file of a product turned out to be: a part of the row's record.
struct FileRecord {
  std::string dataset, split;
  std::string path;  ///< below the folder of the data set
  Index bytes = 0;
  std::string sha256;
  Index trajectories = 0, frames = 0;
  /// Integral quantities over the frames of all trajectories.
  std::vector<std::pair<std::string, Moments>> quantities = {};
  /// Of each field, one for each element.
  std::vector<std::pair<std::string, std::vector<FieldMoments>>> statistics = {};
};

/// One file in the making, and the statistics of what is written to it: in double, of the published
/// numbers, trajectory by trajectory, so that they are the same for any number of ranks.
class Product {
 public:
  /// Array number `i` of a frame, [z][y][x].
  using Arrays = std::function<const Real*(std::size_t i)>;

  /// This rank writes the trajectories `mine`; the ranks of `comm` have adjacent ones in their
  /// order. The file is `path` below `folder`.
  Product(MPI_Comm comm, const std::string& folder, std::string path, std::string split,
          WellLayout layout, Range mine);

  void create() { file_.create(); }
  /// A frame of one of my trajectories; frames of a trajectory come in their order. Throws IoError.
  void put(Index trajectory, Index frame, const Arrays& arrays);
  /// Integral quantities of a frame of one of my trajectories, always the same number of them.
  void measure(Index trajectory, const std::vector<Real>& values);
  void put_extra(std::size_t extra, Index trajectory, const std::vector<Real>& numbers) {
    file_.write_extra(extra, trajectory, numbers.data());
  }
  const std::vector<std::string>& quantities() const { return quantities_; }
  bool has_quantities() const { return !quantities_.empty(); }
  /// Names of what measure() is given.
  void name_quantities(std::vector<std::string> names);
  /// Closes the file; the record is complete on rank 0. Collective. Throws IoError.
  FileRecord finish();
  /// For one rank.
  void discard() { file_.discard(); }

 private:
  template <class T>
  std::vector<T> gather(const std::vector<T>& mine, Index each) const;

  MPI_Comm comm_;
  std::string path_, split_;
  WellFile file_;
  Range mine_;
  Index elements_ = 0;                 // of all fields
  std::vector<FieldMoments> moments_;  // [my trajectory][element of all fields]
  std::vector<std::string> quantities_;
  std::vector<Moments> measured_;                 // [my trajectory][quantity]
  std::vector<std::vector<float>> now_, before_;  // [field], [my trajectory * field]
};

}  // namespace starling::datasets
