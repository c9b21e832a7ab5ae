// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "io/hdf5.hpp"
#include "io/layout.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace starling::datasets {

/// An HDF5 file of single-precision fields whose directions are named by dimension scales (HDF5
/// Dimension Scale Specification 1.0), as netCDF-4 reads it. For one rank.
///
///     LabelledFile file("flow.nc", bytes);
///     file.axis("x", places);
///     file.field("velocity", {"x"});
///     file.begin();                              // the structure is done; PATH.part
///     file.write("velocity", {0}, {8}, numbers);
///     file.close();                              // then PATH is there
class LabelledFile {
 public:
  /// `bytes` of numbers are to have space in it. Throws InputError, IoError.
  LabelledFile(std::string path, Real bytes);
  ~LabelledFile();
  LabelledFile(const LabelledFile&) = delete;
  LabelledFile& operator=(const LabelledFile&) = delete;

  /// A direction and its coordinates.
  void axis(const std::string& name, const std::vector<Real>& places, hid_t type = -1);
  /// Extents are those of the axes; an axis "" has `unnamed` places and no name.
  void field(const std::string& name, const std::vector<std::string>& axes, Index unnamed = 0);
  /// Attributes of the file.
  void text(const std::string& name, const std::string& value);
  void real(const std::string& name, Real value);
  void integer(const std::string& name, Index value);

  void begin();
  void write(const std::string& name, const std::vector<Index>& start,
             const std::vector<Index>& count, const float* numbers);
  void close();

 private:
  struct Use {
    std::string field;
    int direction;
  };
  void name_directions(const std::string& name, const std::vector<std::string>& axes);
  void list_uses();
  void note(bool done) { io::require_done(done, part_, "cannot be written"); }

  std::string path_, part_;
  std::unique_ptr<io::NewFile> made_;
  io::Handle file_;
  std::map<std::string, Index> axes_;
  std::map<std::string, std::vector<Use>> uses_;  // of axes
  std::map<std::string, io::Handle> open_;
};

}  // namespace starling::datasets
