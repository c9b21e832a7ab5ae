// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace starling::datasets {

/// One row of runs.jsonl: one run, which makes one file of each product. It is all that is needed
/// to make them again, and never changes.
struct Row {
  Index number = 0;  ///< in the manifest
  std::string kind =
      "run";            ///< "run": levels of the ladder; "sequence": data assimilation; "chaos"
  std::string dataset;  ///< name, with that of the sibling
  std::string sibling;  ///< "": the data set itself
  std::string split;    ///< train, valid, test
  std::vector<std::string> set;  ///< section.key=value: what differs from the input
  std::vector<std::pair<std::string, Real>> parameters;  ///< swept
  Index first = 0;     ///< number of the first trajectory: that of its initial condition
  Index count = 1;     ///< trajectories
  Real steps = 0;      ///< of all levels together, of all trajectories
  Real flops = 0;      ///< of them
  Real bytes = 0;      ///< of numbers written
  std::string config;  ///< the whole input

  /// SHA-256 of all the above: its identity.
  std::string hash() const;
  /// One line.
  std::string to_json() const;
  /// Throws InputError, "where: what", for what is no row, or one whose hash is another.
  static Row from_json(const std::string& line, const std::string& where);

  /// "000017": how files call it.
  std::string label() const;
};

/// "ks1d_hf128_length_22": a name with the parameters that it is of, as files and cards have it.
std::string with_parameters(const std::string& name,
                            const std::vector<std::pair<std::string, Real>>& parameters);

/// Every row of a manifest. Throws InputError.
std::vector<Row> read_manifest(const std::string& path);
/// Writes under a temporary name, then renames. Throws InputError, IoError.
void write_manifest(const std::string& path, const std::vector<Row>& rows);

/// Writes a text under a temporary name, then renames. Throws InputError, IoError.
void write_text(const std::string& path, const std::string& text);
/// The whole text of a file. Throws InputError.
std::string read_text(const std::string& path);

}  // namespace starling::datasets
