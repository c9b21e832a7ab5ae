// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/check/findings.hpp"
#include "datasets/check/origin.hpp"
#include "datasets/check/well_format.hpp"
#include "datasets/product.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace starling::datasets::check {

/// What the numbers of one file turned out to be.
struct Numbers {
  /// As FileRecord has it; empty if some number is not finite.
  std::vector<std::pair<std::string, std::vector<FieldMoments>>> statistics;
  /// SHA-256 of the first frame of each trajectory, all fields that are no targets.
  std::vector<std::string> first_frames;
};

/// Reads a file frame by frame: finite, not constant, no frame twice, no jumps; and what
/// SpectralCheck, BudgetCheck, ParentCheck and PointCheck say. Of sequences of data assimilation
/// numbers must be finite, and no more: observations repeat, analyses jump. Memory: three frames,
/// and one of the parent. `read` is told the bytes of every frame. Throws InputError for a file
/// that cannot be read.
Numbers check_frames(StoredFile& file, const Shape& shape, const Origin* origin,
                     const std::function<void(Index)>& read, Findings& findings);

}  // namespace starling::datasets::check
