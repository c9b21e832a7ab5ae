// SPDX-License-Identifier: BSD-3-Clause
#include "plots/run.hpp"

#include "core/error.hpp"
#include "core/toml.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <numeric>

namespace starling::plots {
namespace {

std::string stem(const std::string& file) {
  std::filesystem::path path(file);
  if (path.extension() == ".part") path = path.stem();
  return path.stem().string();
}

std::map<std::string, std::string> read_config(const std::string& text, const std::string& file) {
  std::map<std::string, std::string> out;
  for (const toml::Leaf& leaf : toml::leaves(text, file)) {
    if (!leaf.value) continue;
    const std::string key = leaf.section.empty() ? leaf.key : leaf.section + '.' + leaf.key;
    if (const auto* table = std::get_if<Table>(&*leaf.value)) {
      for (const auto& [name, value] : *table) out[key + '.' + name] = fmt::format("{:g}", value);
      continue;
    }
    const auto* plain = std::get_if<std::string>(&*leaf.value);
    out[key] = plain != nullptr ? *plain : to_toml(*leaf.value);
  }
  return out;
}

// Every number of a JSON text by its path "a/b/c"; none if it is not JSON (yet).
std::map<std::string, Real> read_numbers(const std::string& text) {
  std::map<std::string, Real> out;
  const auto tree = nlohmann::json::parse(text, nullptr, false);
  if (tree.is_discarded() || !tree.is_structured()) return out;
  const auto flat = tree.flatten();
  for (const auto& [path, value] : flat.items()) {
    if (value.is_number()) out[path.substr(1)] = value.get<Real>();
  }
  return out;
}

// Points by number, where a run that goes on has not written their coordinates yet.
std::vector<Real> counted(Index points) {
  std::vector<Real> out(static_cast<std::size_t>(points));
  std::iota(out.begin(), out.end(), 0.0);
  return out;
}

// The equation of the 1-D family from its table of terms, "u_t + uu_x + u_xx + u_xxxx = 0"; empty
// if the model is another.
std::string equation(const std::map<std::string, std::string>& config) {
  const std::string prefix = "model.terms.";
  std::vector<std::pair<std::string, Real>> terms;
  for (const auto& [key, value] : config) {
    const Real number = std::strtod(value.c_str(), nullptr);
    if (key.starts_with(prefix) && number != 0)
      terms.emplace_back(key.substr(prefix.size()), number);
  }
  if (terms.empty()) return "";
  // Low derivatives first.
  const auto order = [](const auto& term) {
    return std::count(term.first.begin(), term.first.end(), 'x');
  };
  std::stable_sort(terms.begin(), terms.end(),
                   [&](const auto& a, const auto& b) { return order(a) < order(b); });
  std::string out = "uₜ";
  for (const auto& [name, coefficient] : terms) {
    out += coefficient < 0 ? " − " : " + ";
    if (std::abs(coefficient) != 1) out += fmt::format("{:g} ", std::abs(coefficient));
    const std::size_t fields = name.find('_');
    out += name.substr(0, fields);
    for (auto derivative = std::count(name.begin(), name.end(), 'x'); derivative > 0; --derivative)
      out += "ₓ";
  }
  return out + " = 0";
}

bool is_part(const std::string& file) { return std::filesystem::path(file).extension() == ".part"; }

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

Run::Run(const std::string& file) : results_(file), name_(stem(file)), unfinished_(is_part(file)) {
  if (has("/time")) time_ = read("/time");
  if (has("/cycles/time")) cycle_time_ = read("/cycles/time");
  diagnostic_time_ = has("/diagnostics/time") ? read("/diagnostics/time") : time_;
  if (has("/coordinates/x")) x_ = read("/coordinates/x");
  if (!std::is_sorted(x_.begin(), x_.end(), std::less_equal<>())) x_ = counted(std::ssize(x_));
  if (has("/coordinates/y")) y_ = read("/coordinates/y");
  if (has("/coordinates/z")) z_ = read("/coordinates/z");
  if (has("/config")) config_ = read_config(results_.config(), file);
  if (has("/summary")) summary_ = read_numbers(results_.file().read_text("/summary"));
}

std::vector<std::string> Run::facts() const {
  std::vector<std::string> out;
  const auto add = [&out](const std::string& before, const std::string& value,
                          const std::string& after) {
    if (!value.empty()) out.push_back(before + value + after);
  };
  const std::string terms = equation(config_), members = config("ensemble.members");
  add("", terms.empty() ? config("model.name") : terms, "");
  if (verb() == "assimilate") add("", upper(config("filter.name")), "");
  add("", members, members == "1" ? " member" : " members");
  if (verb() == "assimilate") add("inflation ", config("filter.inflation"), "");
  if (unfinished_) out.emplace_back("unfinished");
  return out;
}

bool Run::has(const std::string& dataset) const {
  if (!results_.has(dataset)) return false;
  const std::size_t slash = dataset.rfind('/');
  const std::vector<std::string> groups =
      results_.file().groups(slash == 0 ? "/" : dataset.substr(0, slash));
  if (std::binary_search(groups.begin(), groups.end(), dataset.substr(slash + 1))) return false;
  const std::vector<Index> shape = results_.shape(dataset);
  return std::all_of(shape.begin(), shape.end(), [](Index extent) { return extent > 0; });
}

std::string Run::label(const std::string& dataset, const std::string& otherwise) const {
  const io::File& file = results_.file();
  if (!file.has(dataset) || !file.has_attribute(dataset, "long_name")) return otherwise;
  std::string out = results_.long_name(dataset);
  if (out.empty()) return otherwise;
  const std::string units = file.has_attribute(dataset, "units") ? results_.units(dataset) : "1";
  if (units != "1" && !units.empty()) out += " [" + units + "]";
  for (const auto& [plain, raised] : {std::pair{"^2", "²"}, std::pair{"^3", "³"}}) {
    for (auto at = out.find(plain); at != std::string::npos; at = out.find(plain))
      out.replace(at, 2, raised);
  }
  return out;
}

Window Run::domain() const {
  if (x_.empty()) return {0, 1};
  const Real step = x_.size() > 1 ? x_[1] - x_[0] : 1;
  return {x_.front(), x_.back() + step};
}

Field Run::field(const std::string& dataset, Window window) const {
  const std::vector<Index> shape = results_.shape(dataset);
  require(shape.size() == 2, "{}: {} has {} extents; a field has frames x points", file(), dataset,
          shape.size());
  // A field may have fewer frames than there are times while the run goes on.
  const auto known = time_.begin() + std::min<Index>(shape[0], std::ssize(time_));
  require(known != time_.begin(), "{}: {} has no complete frame yet", file(), dataset);
  const Index begin = std::lower_bound(time_.begin(), known, window.from) - time_.begin();
  const Index end = std::upper_bound(time_.begin(), known, window.to) - time_.begin();
  require(begin < end, "{}: {} has no frame between t = {:g} and {:g}; it has {:g} to {:g}", file(),
          dataset, window.from, window.to, time_.front(), *(known - 1));
  Field out;
  out.time.assign(time_.begin() + begin, time_.begin() + end);
  out.x = x_;
  if (std::ssize(x_) != shape[1]) out.x = counted(shape[1]);
  out.values = results_.read(dataset, {begin, end});
  return out;
}

Plane Run::plane(const std::string& dataset, Index frame) const {
  const std::vector<Index> shape = results_.shape(dataset);
  const bool box = shape.size() == 4;
  require(box || shape.size() == 3, "{}: {} has {} extents; a field has frames x (z x) y x x",
          file(), dataset, shape.size());
  const Index columns = shape.back(), rows = shape[shape.size() - 2];
  Plane out{x_, y_, results_.read(dataset, {frame, frame + 1})};
  if (std::ssize(x_) != columns) out.x = counted(columns);
  if (std::ssize(y_) != rows) out.y = counted(rows);
  if (box) {
    const auto layer = out.values.begin() + middle_layer(shape[1]) * rows * columns;
    out.values = std::vector<Real>(layer, layer + rows * columns);
  }
  return out;
}

std::optional<Real> Run::summary(const std::string& path) const {
  const auto found = summary_.find(path);
  if (found == summary_.end()) return std::nullopt;
  return found->second;
}

std::optional<Real> Run::observation_error() const {
  const std::string text = config("observations.error_std");
  if (text.empty()) return std::nullopt;
  return std::strtod(text.c_str(), nullptr);
}

bool Run::ranks_are_apart() const {
  const std::string points = config("assimilation.rank_stride");
  const std::string cycles = config("assimilation.rank_interval");
  return points != "1" || cycles != "1";
}

std::string Run::config(const std::string& key) const {
  const auto found = config_.find(key);
  return found == config_.end() ? "" : found->second;
}

}  // namespace starling::plots
