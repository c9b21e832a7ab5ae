// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/row_plan.hpp"
#include "datasets/record.hpp"

#include <map>
#include <string>
#include <vector>

namespace starling::campaigns {

/// A file of a coarsened data set.
struct PairEntry {
  std::string path;
  std::string split;  ///< train, valid, test, or the name of the sibling
  const datasets::FileRecord* record;
};

/// The coarsened data sets of a folder, by what their names have in common: "_hf256to64_op1".
/// `records` is filled and must outlive the result.
std::map<std::string, std::vector<PairEntry>> find_pairs(const std::string& folder,
                                                         const std::vector<datasets::Row>& rows,
                                                         std::vector<datasets::RowRecord>& records);

/// The level that "_hf256to64_op1" is coarsened to: it has this resolution, or is called so. Null
/// if there is none, or one whose model has an implicit part, which closures cannot be added to.
const LevelSystem* level_of(const RowSystems& systems, const std::string& product);

}  // namespace starling::campaigns
