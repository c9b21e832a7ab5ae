// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>

namespace starling::io {

/// Describes the fields of the result file `results` in XDMF 3 (xdmf.org), so that ParaView and
/// VisIt open them: a temporal collection of uniform grids, whose data items are hyperslabs of the
/// HDF5 file and hold no numbers themselves. It is called `folder`/NAME.xdmf (where the results
/// are, if `folder` is empty; NAME.h5 and NAME.h5.part have one name) and names the HDF5 file
/// relative to itself: both may be moved together.
///
/// Fields are those of /fields and /members on a grid of two or three dimensions: truth_vorticity,
/// member_0_u. A plane is a box of one layer. A file of a run that goes on is described up to its
/// last complete frame.
///
/// Returns the file written; nothing if there is no complete frame in two or three dimensions. For
/// one rank. Throws InputError if `results` is no result file, IoError if nothing can be written.
std::optional<std::string> write_xdmf(const std::string& results, const std::string& folder = "");

}  // namespace starling::io
