// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/schema.hpp"
#include "datasets/check/findings.hpp"
#include "datasets/check/stored_file.hpp"
#include "datasets/check/well_format.hpp"
#include "datasets/manifest.hpp"

#include <map>
#include <optional>
#include <string>

namespace starling::datasets::check {

/// Where a file says that it comes from, /provenance: the row of the manifest and the input with
/// all defaults.
class Origin {
 public:
  enum class Kind { run, restarted, coarsened, sequence };

  Row row;
  Kind kind = Kind::run;
  std::string level;  ///< what its keys begin with: "" or "level.lf."
  std::map<std::string, Value> settings;

  /// A setting of the input; nothing if it is not there or of another type.
  template <class T>
  std::optional<T> setting(const std::string& key) const {
    const auto found = settings.find(key);
    if (found == settings.end()) return std::nullopt;
    const T* value = std::get_if<T>(&found->second);
    if (value == nullptr) return std::nullopt;
    return *value;
  }
  /// Of [model] of the level that the file is of.
  template <class T>
  std::optional<T> of_model(const std::string& key) const {
    return setting<T>(level + "model." + key);
  }
  /// The number that a setting is; 0 if it is none.
  Real number(const std::string& key) const;
};

/// Reads /provenance and compares the file with what its row would make: names, split, grid, times,
/// parameters, scalars. Nothing if there is none or it cannot be read.
std::optional<Origin> check_origin(const StoredFile& file, const Shape& shape, Findings& findings);

}  // namespace starling::datasets::check
