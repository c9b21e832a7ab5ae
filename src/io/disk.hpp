// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <string>

/// What HDF5 leaves to the operating system. For one rank alone.
namespace starling::io {

bool exists(const std::string& path);
void remove_if_there(const std::string& path);

/// Gives a file, new if there is none, at least `bytes`, and takes the space of all of it where the
/// file system can. Throws InputError for what the user can mend (no such folder, no permission, a
/// folder of that name), IoError for the rest (disk full), and removes the file then.
void take_space(const std::string& path, Index bytes = 0);

/// Returns when the storage has the file. Throws IoError.
void bring_to_storage(const std::string& path);

/// Renames, replacing `to`, and returns when the storage knows. Throws IoError.
void rename_file(const std::string& from, const std::string& to);

}  // namespace starling::io
