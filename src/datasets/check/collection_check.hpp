// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/file_facts.hpp"
#include "datasets/check/findings.hpp"
#include "datasets/manifest.hpp"
#include "datasets/record.hpp"

#include <map>
#include <string>
#include <vector>

namespace starling::datasets::check {

/// What the files of a whole data set, a folder with runs.jsonl, must agree on: manifest, records
/// of rows, splits, siblings, parents of pairs. For one rank.
class CollectionCheck {
 public:
  CollectionCheck(const std::string& folder, const std::vector<FileFacts>& files)
      : folder_(folder), files_(files) {}

  void run(Findings& findings);
  /// Rows of the manifest, after run().
  const std::vector<Row>& rows() const { return rows_; }

 private:
  void add(const std::string& path, const std::string& what);
  bool read_rows();
  void input();
  void records();
  void record(const Row& row, const RowRecord& record);
  void file_of_record(const Row& row, const FileRecord& file, const FileFacts& facts);
  void strays();
  void split_table();
  void quantity_table();
  void numbers_of_trajectories();
  void same_trajectories();
  void siblings();
  void outside_hull(const FileFacts& sibling, const Row& row);
  std::string kind_of(const Row& row) const;
  void parents();

  const std::string& folder_;
  const std::vector<FileFacts>& files_;
  std::map<std::string, const FileFacts*> by_path_;
  std::vector<Row> rows_;
  std::map<Index, const Row*> by_number_;
  std::map<Index, bool> failed_;
  std::map<std::string, Moments> quantities_;  // of "dataset,row,name"
  bool has_chaos_ = false;
  std::map<std::string, Index> recorded_;  // path: row
  Findings* findings_ = nullptr;
};

}  // namespace starling::datasets::check
