// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "io/hdf5.hpp"

#include <map>
#include <string>
#include <vector>

namespace starling::datasets::check {

/// How an attribute or the numbers of a dataset are stored.
struct StoredType {
  bool there = false;
  bool text = false;     ///< strings of variable length, UTF-8
  bool boolean = false;  ///< h5py's: an enumeration of one byte, FALSE = 0, TRUE = 1
  bool integer = false;
  bool real = false;       ///< of any precision
  bool single = false;     ///< IEEE, 32 bits, little-endian
  bool has_space = false;  ///< not a null space, which readers refuse
  std::vector<Index> extents;

  bool scalar() const { return has_space && extents.empty(); }
  bool list() const { return has_space && extents.size() == 1; }
};

/// One HDF5 file that is to be checked, of which nothing is taken for granted. For one rank.
class StoredFile {
 public:
  /// Throws InputError if it is no readable HDF5 file.
  explicit StoredFile(const std::string& path);

  /// What reads it where its types are known to be right.
  const io::File& file() const { return file_; }

  StoredType attribute(const std::string& object, const std::string& name) const;
  StoredType dataset(const std::string& name) const;
  /// Values of attributes and datasets of these types. Throw InputError.
  std::vector<std::string> texts(const std::string& object, const std::string& name) const;
  std::vector<bool> booleans(const std::string& object, const std::string& name) const;
  std::vector<bool> booleans(const std::string& dataset) const;
  Real real(const std::string& object, const std::string& name) const;

  /// Extents of a chunk; none if the dataset is not chunked.
  std::vector<Index> chunk(const std::string& dataset) const;
  /// Filters that not every reader has: all but deflate and shuffle.
  bool plain_filters(const std::string& dataset) const;
  /// Whether every chunk has its space in the file.
  bool complete(const std::string& dataset) const;

  /// All numbers of one frame of (trajectory, time, ...). Throws InputError.
  void read_frame(float* out, const std::string& dataset, Index trajectory, Index frame);

 private:
  StoredType stored(const io::Handle& type, const io::Handle& space) const;
  io::Handle open(const std::string& object) const;
  [[noreturn]] void fail(const std::string& what) const;

  io::File file_;
  io::Handle handle_;
  std::map<std::string, io::Handle> open_;
};

}  // namespace starling::datasets::check
