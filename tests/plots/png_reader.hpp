// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plots/image.hpp"

#include <string>
#include <utility>

namespace starling::test_support {

std::string bytes_of(const std::string& file);

/// Width and height of a PNG after checking its signature, the CRC of every chunk and that it ends
/// with IEND. Throws std::runtime_error saying what is wrong.
std::pair<Index, Index> checked_size(const std::string& png);

/// The pixels of an 8-bit RGB PNG, by the standard's own words (ISO/IEC 15948:2004) and zlib's
/// inflate: written apart from the writer. Throws std::runtime_error.
plots::Image decoded(const std::string& png);

}  // namespace starling::test_support
