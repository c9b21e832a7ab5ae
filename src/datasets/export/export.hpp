// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

namespace starling::datasets {

/// Layouts of other people's data sets.
///
/// "pdegym" (herde2024): one netCDF-4 file for all trajectories of a two-dimensional flow,
/// `velocity` [sample, time, channel, x, y] in single precision, channels u, v and then tracers;
/// `solution` where the flow is forced (FNS-KF).
///
/// "pdebench" (takamoto2022): one HDF5 file for each parameter set; `tensor` (N, T, x) of what has
/// one dimension, else `Vx`, `Vy`[, `Vz`] and the other fields by their names, (N, T, x, y[, z]);
/// `x-coordinate`, ..., `t-coordinate`; parameters are attributes of the root.
///
/// Splits are by index, training first, validation, test last: attributes n_train, n_valid,
/// n_test. Numbers are in the model's units.
const std::vector<std::string>& export_layouts();

/// Writes the data set in `folder` in such a layout, frame by frame, under a temporary name, then
/// renames. `output` is a file; for pdebench a folder where there are several parameter sets;
/// empty: named after the data set. Returns what was written, on rank 0. Collective: rank 0 works.
/// Throws InputError for a data set that the layout has no place for and for files that are there
/// already unless `force`, IoError for a full disk.
std::vector<std::string> export_dataset(const std::string& folder, const std::string& layout,
                                        const std::string& output, bool force, MPI_Comm comm);

}  // namespace starling::datasets
