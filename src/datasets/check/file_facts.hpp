// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/findings.hpp"
#include "datasets/product.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace starling::datasets::check {

/// What is known of one file after it was read: its findings, and what is compared with others.
struct FileFacts {
  std::string path;    ///< below the folder that is checked
  FileRecord file;     ///< as the record of its row should have it; no statistics if not finite
  bool known = false;  ///< whether its format let it be read
  std::string resolution, coarse_operator, parent;
  std::vector<std::pair<std::string, Real>> parameters;
  std::vector<std::string> fields;
  std::vector<std::string> first_frames;  ///< hashes, one a trajectory
  /// Of /provenance/row; number -1 if there is none.
  Index row = -1;
  std::string row_hash, row_dataset, sibling;
  std::vector<Finding> findings;

  /// "lf64_restarted": the name of its data set without that of system, case and sibling.
  std::string product() const;
  /// Below the folder: what is in front of data/.
  std::string root() const;

  std::string to_json() const;
  static FileFacts from_json(const std::string& text);
};

/// Reads the whole file `folder`/`path` and checks what can be checked of it alone. `read` is told
/// the bytes of every frame. Whatever fails is a finding.
FileFacts check_file(const std::string& folder, const std::string& path,
                     const std::function<void(Index)>& read);

}  // namespace starling::datasets::check
