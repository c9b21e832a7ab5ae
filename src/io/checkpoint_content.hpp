// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/columns.hpp"
#include "core/types.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace starling::io {

/// What is in a checkpoint, but for the rows themselves.
struct CheckpointContent {
  struct Block {
    Index rows, width;
    std::uint64_t hash;  ///< of all rows
  };

  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<std::int64_t>> integers;
  std::map<std::string, std::vector<Real>> reals;
  std::map<std::string, Block> blocks;

  /// Of everything, the hashes of the rows included.
  std::uint64_t hash() const;

  /// Makes the file, with space for the rows. One rank; throws as NewFile does.
  void write(const std::string& path) const;
  /// One rank. Throws InputError if the file is no checkpoint or does not have the hash it claims.
  static CheckpointContent read(const std::string& path);
};

/// Hash of these columns of rows first, first + 1, ... of a block: the sum over all ranks, modulo
/// 2^64, is the hash of the block, however rows and columns are dealt.
std::uint64_t hash_rows(const Real* rows, Index first, Index count, const Columns& columns);

/// The same of the rows in a file, which are read a few at a time. Throws InputError.
std::uint64_t hash_stored_rows(const std::string& path, const std::string& name, Range rows,
                               Index width);

}  // namespace starling::io
