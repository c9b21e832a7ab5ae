// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "diagnostics/rank_histogram.hpp"
#include "diagnostics/time_mean.hpp"

#include <string>
#include <utility>
#include <vector>

namespace starling::campaigns {

/// The averages of a run, as a table for people and as JSON for programs. Names are paths:
/// "scores/analysis/rmse".
class Summary {
 public:
  void number(const std::string& path, Real value);
  /// A number that the table shows too.
  void shown_number(const std::string& path, Real value);
  void text(const std::string& path, const std::string& value);
  /// Mean, standard error and correlation time of a series.
  void average(const std::string& path, const diagnostics::Estimate& estimate);
  /// Statistic and p-value of a test of flatness.
  void flatness(const std::string& path, const diagnostics::FlatnessTest& test);

  std::string json() const;
  /// The averages, a line each: name, mean +- standard error.
  std::string table() const;

  bool has(const std::string& path) const;
  /// The number stored under a path. Throws LogicError if there is none.
  Real value(const std::string& path) const;

 private:
  struct Entry {
    std::string path;
    bool is_text;
    Real value;
    std::string words;
  };
  std::vector<Entry> entries_;
  std::vector<std::string> lines_;  // of the table
};

}  // namespace starling::campaigns
