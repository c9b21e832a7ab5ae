// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/summary.hpp"

#include "core/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace starling::campaigns {

void Summary::number(const std::string& path, Real value) {
  entries_.push_back({path, false, value, ""});
}

void Summary::shown_number(const std::string& path, Real value) {
  number(path, value);
  lines_.push_back(fmt::format("  {:<42} {:>11.5g}", path, value));
}

void Summary::text(const std::string& path, const std::string& value) {
  entries_.push_back({path, true, 0, value});
}

void Summary::average(const std::string& path, const diagnostics::Estimate& estimate) {
  number(path, estimate.mean);
  number(path + "_standard_error", estimate.standard_error);
  number(path + "_correlation_time", estimate.correlation_time);
  lines_.push_back(fmt::format("  {:<42} {:>11.5g} +- {:<8.2g}{}", path, estimate.mean,
                               estimate.standard_error,
                               estimate.reliable ? "" : " (few samples: a rough error)"));
}

void Summary::flatness(const std::string& path, const diagnostics::FlatnessTest& test) {
  number(path + "/chi_square", test.statistic);
  number(path + "/degrees", static_cast<Real>(test.degrees));
  number(path + "/p_value", test.p_value);
}

std::string Summary::json() const {
  nlohmann::json tree;
  for (const Entry& entry : entries_) {
    auto& leaf = tree[nlohmann::json::json_pointer("/" + entry.path)];
    if (entry.is_text) {
      leaf = entry.words;
    } else if (std::isfinite(entry.value)) {
      leaf = entry.value;
    }
  }
  return tree.dump(2);
}

std::string Summary::table() const {
  std::string text;
  for (const std::string& line : lines_) text += line + "\n";
  return text;
}

bool Summary::has(const std::string& path) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return entry.path == path; });
}

Real Summary::value(const std::string& path) const {
  for (const Entry& entry : entries_)
    if (entry.path == path && !entry.is_text) return entry.value;
  throw LogicError(fmt::format("the summary has no number '{}'", path));
}

}  // namespace starling::campaigns
