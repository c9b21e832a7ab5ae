// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/manifest.hpp"
#include "datasets/product.hpp"

#include <optional>
#include <string>
#include <vector>

namespace starling::datasets {

/// rows/000017.json: the row is done. Written when all its files are there, or when it failed for a
/// reason that would come again (a blow-up), and then it has no files.
struct RowRecord {
  Index row = 0;
  std::string hash;     ///< of the row
  std::string failure;  ///< empty: none
  Real flux_error = 0;  ///< largest |S + div phi| over largest |S|, of op1 and op2
  std::string chaos;    ///< of rows of that kind: the entry of chaos.json, JSON
  std::vector<FileRecord> files;

  std::string to_json() const;
  /// Throws InputError.
  static RowRecord from_json(const std::string& text, const std::string& where);
};

std::string record_path(const std::string& folder, const Row& row);
/// The record of a row that is done and whose files are there with the size they had; else nothing.
std::optional<RowRecord> find_record(const std::string& folder, const Row& row);

}  // namespace starling::datasets
