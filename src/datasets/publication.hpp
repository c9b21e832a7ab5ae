// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/manifest.hpp"
#include "datasets/record.hpp"

#include <string>
#include <vector>

namespace starling::datasets {

/// What a finished data set is, for the log.
struct Published {
  Index files = 0, rows = 0, failures = 0;
  Real bytes = 0;
  std::vector<std::string> datasets;
};

/// From the records of all rows, in their order: of each data set stats.yaml (The Well's six
/// statistics of the training split, double precision, and the extremes) and a card, and of all
/// split.csv and MANIFEST.sha256 (as sha256sum checks it). For one rank. Throws InputError if a row
/// has no record, IoError.
Published publish(const std::string& folder, const std::vector<Row>& rows);

}  // namespace starling::datasets
