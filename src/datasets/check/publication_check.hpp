// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/file_facts.hpp"
#include "datasets/check/findings.hpp"

#include <string>
#include <vector>

namespace starling::datasets::check {

/// What is published beside the files of one data set, all of which are given: stats.yaml is what
/// the training files have, in double precision, to 1e-6; the card says what the files are. All
/// files have the same name, grid and fields. For one rank.
void check_publication(const std::string& folder, const std::vector<const FileFacts*>& files,
                       Findings& findings);

/// MANIFEST.sha256 has every file below the folder, no other, and their hashes; those of `files`
/// are known.
void check_hashes(const std::string& folder, const std::vector<FileFacts>& files,
                  Findings& findings);

}  // namespace starling::datasets::check
