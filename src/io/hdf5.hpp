// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <hdf5.h>
#include <mpi.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace starling::io {

/// A handle of the HDF5 library of whatever kind, closed with its owner.
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t owned) : id_(owned) {}
  Handle(Handle&& other) noexcept : id_(other.id_) { other.id_ = H5I_INVALID_HID; }
  Handle& operator=(Handle&& other) noexcept;
  ~Handle() { close(); }

  operator hid_t() const { return id_; }
  bool valid() const { return id_ >= 0; }
  /// False if the library failed to write what was left to write.
  bool close();

 private:
  hid_t id_ = H5I_INVALID_HID;
};

/// What the HDF5 library says of its last failure on this rank: its innermost message, one line.
std::string hdf5_message();

/// Stops the library from printing its error stack; whatever opens a file calls it first.
void silence_hdf5();

/// An HDF5 file to read from, ours or anybody's. Every failure is an InputError "path: what": no
/// such file, no HDF5 file, truncated, no such dataset, another type or shape than asked for.
///
///     const File file = File::open("observations.h5", comm);
///     file.require_shape("/value", {batches, stations});
///     const std::vector<Real> value = file.read_reals("/value");
class File {
 public:
  static File open(const std::string& path);
  /// Collective on `comm`: all ranks throw if one does. Each then reads for itself.
  static File open(const std::string& path, MPI_Comm comm);

  const std::string& path() const { return path_; }

  bool has(const std::string& name) const;
  /// Names of the datasets directly in a group, sorted; empty if there is no such group.
  std::vector<std::string> datasets(const std::string& group = "/") const;
  /// Names of the groups directly in a group, sorted.
  std::vector<std::string> groups(const std::string& group = "/") const;

  /// Extents of a dataset; empty for a single number or text.
  std::vector<Index> shape(const std::string& name) const;
  void require_shape(const std::string& name, const std::vector<Index>& shape) const;

  /// The whole dataset, row-major, on every rank. Integers and floats are converted.
  std::vector<Real> read_reals(const std::string& name) const;
  /// Rows [begin, end) of its first extent; ranks may ask for different ones.
  std::vector<Real> read_reals(const std::string& name, Range rows) const;
  /// The same into memory for rows.size() rows; an empty range reads nothing.
  void read_reals(Real* out, const std::string& name, Range rows) const;
  std::vector<std::int64_t> read_integers(const std::string& name) const;
  /// A text: one string of fixed or variable length.
  std::string read_text(const std::string& name) const;

  /// Attributes of a group or dataset; "/" is the file.
  bool has_attribute(const std::string& object, const std::string& name) const;
  std::vector<std::string> attributes(const std::string& object) const;
  std::string text_attribute(const std::string& object, const std::string& name) const;
  std::int64_t integer_attribute(const std::string& object, const std::string& name) const;
  Real real_attribute(const std::string& object, const std::string& name) const;
  /// Stored type of a dataset's numbers: H5T_FLOAT or H5T_INTEGER with its size in bytes, say.
  std::pair<H5T_class_t, std::size_t> stored_type(const std::string& name) const;

 private:
  File(std::string path, Handle file) : path_(std::move(path)), file_(std::move(file)) {}
  [[noreturn]] void fail(const std::string& what) const;
  std::vector<std::string> members(const std::string& group, bool groups) const;
  Handle dataset(const std::string& name) const;
  Handle attribute(const std::string& object, const std::string& name) const;
  void read(void* out, const std::string& name, hid_t memory_type, const Handle& memory,
            const Handle& space) const;
  template <class T>
  std::vector<T> read_all(const std::string& name, hid_t type) const;

  std::string path_;
  Handle file_;
};

}  // namespace starling::io
