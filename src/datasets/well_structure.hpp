// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "datasets/well_file.hpp"

#include <hdf5.h>

#include <vector>

namespace starling::datasets {

/// Makes the file of a layout, everything but the numbers of its fields, for which space is taken.
/// For one rank. Throws InputError, IoError.
void make_well_file(const std::string& path, const WellLayout& layout);

/// The extents of a field: (trajectory, time, x[, y[, z]][, element[, element]]), and of a chunk of
/// it: one frame, or a part of one that has no more than 8 MiB.
std::vector<hsize_t> extents_of(const WellLayout& layout, const Field& field);
std::vector<hsize_t> chunk_of(const WellLayout& layout, const Field& field);
/// Chunks of a frame, and numbers in each, those beyond the end of the frame included.
struct Chunks {
  Index count, size;
};
Chunks chunks_of(const WellLayout& layout, const Field& field);

}  // namespace starling::datasets
