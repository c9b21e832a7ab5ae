// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace starling::io {

/// SHA-256 (FIPS 180-4) in 64 hexadecimal digits, as sha256sum prints it.
std::string sha256(std::string_view bytes);
/// Of a whole file. Throws IoError if it cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace starling::io
