// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"
#include "io/hdf5.hpp"

#include <string>
#include <vector>

namespace starling::io {

/// A result file (docs/files.md) to read from, finished or still being written: every series ends
/// with the last frame that is complete. For one rank alone. Everything throws InputError.
class Results {
 public:
  /// Throws if the file is no result file of this format.
  explicit Results(const std::string& path);

  const std::string& path() const { return file_.path(); }
  /// The verb that wrote it.
  std::string verb() const { return file_.text_attribute("/", "starling_verb"); }
  std::string config() const { return file_.read_text("/config"); }

  bool has(const std::string& name) const { return file_.has(name); }
  std::vector<std::string> datasets(const std::string& group) const {
    return file_.datasets(group);
  }
  /// Extents; for a series the first one is the number of complete frames.
  std::vector<Index> shape(const std::string& name) const;
  std::vector<Real> read(const std::string& name) const;
  /// Frames [begin, end) of a series.
  std::vector<Real> read(const std::string& name, Range frames) const;
  std::string units(const std::string& name) const { return file_.text_attribute(name, "units"); }
  std::string long_name(const std::string& name) const {
    return file_.text_attribute(name, "long_name");
  }

  const File& file() const { return file_; }

 private:
  File file_;
};

}  // namespace starling::io
