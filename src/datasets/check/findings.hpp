// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/types.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace starling::datasets::check {

/// What is wrong with a data set: "path: what", a line each.
struct Finding {
  std::string path, what;
};

class Findings {
 public:
  /// `path` is what the following findings are about.
  explicit Findings(std::string path = "") : path_(std::move(path)) {}

  template <class... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    all_.push_back({path_, fmt::format(text, std::forward<Args>(args)...)});
  }
  /// Adds it unless `holds`; returns that.
  template <class... Args>
  bool expect(bool holds, fmt::format_string<Args...> text, Args&&... args) {
    if (!holds) add(text, std::forward<Args>(args)...);
    return holds;
  }

  const std::string& path() const { return path_; }
  const std::vector<Finding>& all() const { return all_; }
  void take(Finding finding) { all_.push_back(std::move(finding)); }
  /// What is no fault, but worth a line.
  void note(Finding note) { notes_.push_back(std::move(note)); }
  const std::vector<Finding>& notes() const { return notes_; }

 private:
  std::string path_;
  std::vector<Finding> all_, notes_;
};

/// The same thing wrong in many frames is one finding: the first, and how many more.
class Tally {
 public:
  void note(const std::string& what, Index trajectory, Index frame, const std::string& detail = "");
  void add_to(Findings& findings) const;

 private:
  struct Case {
    std::string first;
    Index count = 0;
  };
  std::map<std::string, Case> cases_;
};

}  // namespace starling::datasets::check
