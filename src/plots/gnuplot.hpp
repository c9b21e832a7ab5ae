// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace starling::plots {

/// True if `program` can be run: a path, or a name that is found on PATH.
bool has_gnuplot(const std::string& program = "gnuplot");

/// Pipes `script` (commands, with binary data where they say '-') to gnuplot, which must write one
/// PNG to its standard output; the PNG appears as `file` when whole. Settings of the user's own
/// ~/.gnuplot are left out. Throws InputError naming the Debian package if `program` is not there,
/// IoError with gnuplot's own words if it fails.
void run_gnuplot(const std::string& file, std::string_view script,
                 const std::string& program = "gnuplot");

}  // namespace starling::plots
