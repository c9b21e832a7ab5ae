// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/image.hpp"

#include <string>

namespace starling::plots {

/// The bytes of `image` as a PNG: 8-bit RGB, not interlaced, deflated by zlib (ISO/IEC 15948:2004).
std::string encode_png(const Image& image);

/// Writes `image` to `file`, whole or not at all. Throws IoError naming the file.
void write_png(const std::string& file, const Image& image);

/// True if `bytes` begin as a PNG does and end with its closing chunk.
bool is_whole_png(const std::string& bytes);

}  // namespace starling::plots
