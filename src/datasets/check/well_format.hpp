// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/domain.hpp"
#include "datasets/check/findings.hpp"
#include "datasets/check/stored_file.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace starling::datasets::check {

/// A field of a file: (trajectory, time, x[, y[, z]][, element[, element]]) in single precision.
struct StoredField {
  std::string name, path;  ///< "q1", "t0_fields/q1"
  int order = 0;
  Index elements = 1;
  Real scale = 1;
  std::string sign_convention;
  bool target() const { return !sign_convention.empty(); }
};

/// What a file is, as far as it could be read.
struct Shape {
  std::string dataset, split, parent, coarse_operator;
  Domain grid;
  std::vector<Real> times;
  Index trajectories = 0;
  std::vector<StoredField> fields;
  std::vector<std::pair<std::string, Real>> parameters;  ///< simulation_parameters

  Index frames() const { return static_cast<Index>(times.size()); }
  const StoredField* find(const std::string& name) const;
};

/// The Well's format (ohana2024) as its own checker and reader want it, and what this program adds:
/// units, long_name, scale, licence, schema_version; one chunk a frame. Nothing if no frame can be
/// read after what was found.
std::optional<Shape> check_format(const StoredFile& file, Findings& findings);

}  // namespace starling::datasets::check
