// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/collection_check.hpp"

#include "core/error.hpp"
#include "core/toml.hpp"
#include "io/disk.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

namespace starling::datasets::check {
namespace {

namespace fs = std::filesystem;

constexpr Real tolerance = 1e-6;

bool same_moments(const Moments& a, const Moments& b) {
  const Real size = std::max(b.rms(), 1e-300);
  return a.count == b.count && std::abs(a.mean - b.mean) <= tolerance * size &&
         std::abs(a.squares - b.squares) <= tolerance * std::max(b.squares, 1e-300) &&
         (b.count == 0 || (a.least == b.least && a.largest == b.largest));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

void CollectionCheck::add(const std::string& path, const std::string& what) {
  findings_->take({path, what});
}

void CollectionCheck::run(Findings& findings) {
  findings_ = &findings;
  for (const FileFacts& facts : files_) by_path_[facts.path] = &facts;
  if (!read_rows()) return;
  input();
  records();
  strays();
  split_table();
  quantity_table();
  numbers_of_trajectories();
  same_trajectories();
  siblings();
  parents();
}

bool CollectionCheck::read_rows() {
  std::string text;
  try {
    text = read_text(folder_ + "/runs.jsonl");
  } catch (const InputError&) {
    add("runs.jsonl", "cannot be read");
    return false;
  }
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    try {
      rows_.push_back(Row::from_json(lines[i], "runs.jsonl"));
    } catch (const InputError& error) {
      add("runs.jsonl", fmt::format("line {}: {}", i + 1, error.what()));
    }
  }
  for (const Row& row : rows_)
    if (!by_number_.emplace(row.number, &row).second)
      add("runs.jsonl", fmt::format("row {} is there twice", row.number));
  if (rows_.empty()) add("runs.jsonl", "has no rows");
  return !rows_.empty();
}

void CollectionCheck::input() {
  try {
    const std::string text = read_text(folder_ + "/dataset.toml");
    for (const Row& row : rows_)
      if (row.config != text) {
        add("dataset.toml", fmt::format("is not the input of row {}", row.number));
        return;
      }
  } catch (const InputError&) {
    add("dataset.toml", "is missing");
  }
}

void CollectionCheck::records() {
  std::set<std::string> expected;
  for (const Row& row : rows_) {
    const std::string path = "rows/" + row.label() + ".json";
    expected.insert(row.label() + ".json");
    if (!io::exists(folder_ + "/" + path)) {
      add(path, "is missing: the row is not done");
      continue;
    }
    try {
      record(row, RowRecord::from_json(read_text(folder_ + "/" + path), path));
    } catch (const InputError& error) {
      std::string what = error.what();
      if (what.starts_with(path + ": ")) what.erase(0, path.size() + 2);
      add(path, what);
    }
  }
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder_ + "/rows", failure))
    if (expected.count(entry.path().filename().string()) == 0)
      add("rows/" + entry.path().filename().string(), "is of no row of runs.jsonl");
}

void CollectionCheck::record(const Row& row, const RowRecord& record) {
  const std::string path = "rows/" + row.label() + ".json";
  if (record.row != row.number || record.hash != row.hash())
    add(path, fmt::format("is the record of another row than {}", row.number));
  failed_[row.number] = !record.failure.empty();
  if (!record.failure.empty()) findings_->note({path, "the row failed: " + record.failure});
  if (!record.failure.empty() && !record.files.empty()) add(path, "a row that failed has files");
  if (record.failure.empty() && row.kind == "chaos") {
    if (record.chaos.empty()) add(path, "a row of chaos has no exponents");
    has_chaos_ = true;
  } else if (record.failure.empty() && record.files.empty()) {
    add(path, "a row that is done has no files");
  }
  for (const FileRecord& file : record.files) {
    for (const auto& [name, moments] : file.quantities)
      quantities_[fmt::format("{},{},{}", file.dataset, row.number, name)] = moments;
    if (!recorded_.emplace(file.path, row.number).second)
      add(path, file.path + " is a file of two rows");
    const auto found = by_path_.find(file.path);
    if (found == by_path_.end())
      add(file.path, fmt::format("is missing; it is a file of row {}", row.number));
    else
      file_of_record(row, file, *found->second);
  }
}

void CollectionCheck::file_of_record(const Row& row, const FileRecord& file,
                                     const FileFacts& facts) {
  const std::string path = "rows/" + row.label() + ".json";
  if (file.bytes != facts.file.bytes)
    add(file.path, fmt::format("has {} bytes, and {} in {}", facts.file.bytes, file.bytes, path));
  if (file.sha256 != facts.file.sha256) add(file.path, "its SHA-256 is not that in " + path);
  if (facts.row >= 0 && (facts.row != row.number || facts.row_hash != row.hash()))
    add(file.path, fmt::format("provenance/row is not row {} of runs.jsonl", row.number));
  if (!facts.known) return;
  const FileRecord& real = facts.file;
  if (file.dataset != real.dataset || file.split != real.split ||
      file.trajectories != real.trajectories || file.frames != real.frames)
    add(file.path, "data set, split, trajectories or frames are not those in " + path);
  if (real.statistics.empty()) return;
  for (const auto& [name, elements] : real.statistics) {
    const auto same = std::find_if(file.statistics.begin(), file.statistics.end(),
                                   [&](const auto& each) { return each.first == name; });
    bool agrees = same != file.statistics.end() && same->second.size() == elements.size();
    for (std::size_t e = 0; agrees && e < elements.size(); ++e)
      agrees = same_moments(same->second[e].value, elements[e].value) &&
               same_moments(same->second[e].delta, elements[e].delta);
    if (!agrees) add(path, fmt::format("statistics of {} are not those of {}", name, file.path));
  }
}

void CollectionCheck::strays() {
  for (const FileFacts& facts : files_)
    if (recorded_.count(facts.path) == 0) add(facts.path, "is a file of no row");
}

void CollectionCheck::split_table() {
  std::vector<std::string> lines;
  try {
    lines = lines_of(read_text(folder_ + "/split.csv"));
  } catch (const InputError&) {
    return add("split.csv", "is missing");
  }
  if (lines.empty() ||
      lines[0] != "row,dataset,sibling,split,first_trajectory,trajectories,parameters,status")
    return add("split.csv", "has another header than row, dataset, sibling, split, ...");
  if (lines.size() != rows_.size() + 1)
    return add("split.csv",
               fmt::format("has {} rows, and runs.jsonl {}", lines.size() - 1, rows_.size()));
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const Row& row = rows_[r];
    std::string parameters;
    for (const auto& [name, value] : row.parameters)
      parameters += fmt::format("{}{}={}", parameters.empty() ? "" : ";", name, value);
    const std::string expected =
        fmt::format("{},{},{},{},{},{},{},{}", row.number, row.dataset, row.sibling, row.split,
                    row.first, row.count, parameters, failed_[row.number] ? "failed" : "done");
    if (lines[r + 1] != expected)
      add("split.csv",
          fmt::format("'{}' is not what runs.jsonl says: '{}'", lines[r + 1], expected));
  }
}

void CollectionCheck::quantity_table() {
  if (has_chaos_ && !io::exists(folder_ + "/chaos.json")) add("chaos.json", "is missing");
  std::vector<std::string> lines;
  try {
    lines = lines_of(read_text(folder_ + "/quantities.csv"));
  } catch (const InputError&) {
    return add("quantities.csv", "is missing");
  }
  std::size_t found = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    // dataset, split, row, parameters, quantity, mean, std, min, max, frames
    std::vector<std::string> cells;
    std::istringstream line(lines[i]);
    for (std::string cell; std::getline(line, cell, ',');) cells.push_back(cell);
    const std::size_t n = cells.size();
    const auto known =
        n < 9 ? quantities_.end()
              : quantities_.find(fmt::format("{},{},{}", cells[0], cells[2], cells[n - 6]));
    if (known == quantities_.end()) {
      add("quantities.csv", fmt::format("'{}' is in no record of a row", lines[i]));
      continue;
    }
    ++found;
    const Moments& m = known->second;
    const Real mean = std::strtod(cells[n - 5].c_str(), nullptr);
    if (!(std::abs(mean - m.mean) <= tolerance * m.rms()))
      add("quantities.csv",
          fmt::format("{} is {}, in the record of the row {}", known->first, mean, m.mean));
  }
  if (found != quantities_.size())
    add("quantities.csv",
        fmt::format("has {} quantities, records of rows {}", found, quantities_.size()));
}

void CollectionCheck::numbers_of_trajectories() {
  std::vector<const Row*> order;
  // Exponents are of a trajectory that there is.
  for (const Row& row : rows_)
    if (row.kind != "chaos") order.push_back(&row);
  std::sort(order.begin(), order.end(),
            [](const Row* a, const Row* b) { return a->first < b->first; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const Row &a = *order[i - 1], &b = *order[i];
    if (b.first < a.first + a.count)
      add("runs.jsonl", fmt::format("rows {} ({}{}) and {} ({}{}) share trajectory {}", a.number,
                                    a.sibling.empty() ? "" : a.sibling + " ", a.split, b.number,
                                    b.sibling.empty() ? "" : b.sibling + " ", b.split, b.first));
  }
}

void CollectionCheck::same_trajectories() {
  struct Place {
    const FileFacts* file;
    std::size_t trajectory;
  };
  // Other products of a row start from the same state, and may do so on the same grid.
  std::map<std::pair<std::string, std::string>, Place> seen;
  for (const FileFacts& facts : files_)
    for (std::size_t t = 0; t < facts.first_frames.size(); ++t) {
      const auto [place, is_new] =
          seen.try_emplace({facts.product(), facts.first_frames[t]}, Place{&facts, t});
      const FileFacts& other = *place->second.file;
      // The same shape on domains of different lengths has the same numbers.
      const bool same = other.path != facts.path &&
                        (other.file.split != facts.file.split || other.sibling != facts.sibling ||
                         other.parameters == facts.parameters);
      if (!is_new && same)
        add(facts.path, fmt::format("trajectory {} starts as trajectory {} of {}", t,
                                    place->second.trajectory, other.path));
    }
}

std::string CollectionCheck::kind_of(const Row& row) const {
  for (const toml::Leaf& leaf : toml::leaves(row.config, "dataset.toml"))
    if (leaf.section == "sibling." + row.sibling && leaf.key == "kind" && leaf.value)
      if (const auto* kind = std::get_if<std::string>(&*leaf.value)) return *kind;
  return "";
}

void CollectionCheck::outside_hull(const FileFacts& sibling, const Row& row) {
  std::map<std::string, std::pair<Real, Real>> hull;
  for (const FileFacts& facts : files_)
    if (facts.known && facts.sibling.empty() && facts.file.split == "train" &&
        facts.product() == sibling.product())
      for (const auto& [name, value] : facts.parameters) {
        const auto place = hull.try_emplace(name, value, value).first;
        place->second.first = std::min(place->second.first, value);
        place->second.second = std::max(place->second.second, value);
      }
  if (hull.empty()) return;
  for (const auto& [name, value] : sibling.parameters) {
    const auto found = hull.find(name);
    if (name != "dt" &&
        (found == hull.end() || value < found->second.first || value > found->second.second))
      return;
  }
  add(sibling.path, fmt::format("its parameters are within those of the training split; sibling {} "
                                "is to be outside",
                                row.sibling));
}

void CollectionCheck::siblings() {
  std::set<std::string> products;
  for (const FileFacts& facts : files_)
    if (facts.sibling.empty()) products.insert(facts.product());
  std::map<std::string, bool> has_new;  // siblings of another resolution
  std::map<std::string, std::string> kinds;
  for (const FileFacts& facts : files_) {
    const auto found = by_number_.find(facts.row);
    if (facts.sibling.empty() || !facts.known || found == by_number_.end()) continue;
    const Row& row = *found->second;
    if (kinds.count(row.sibling) == 0) kinds[row.sibling] = kind_of(row);
    const std::string& kind = kinds[row.sibling];
    if (row.split != "test")
      add(facts.path, fmt::format("is of sibling {} and not for test", row.sibling));
    if (kind.empty())
      add("dataset.toml", fmt::format("has no [sibling.{}] with a kind", row.sibling));
    if (kind == "parameter") outside_hull(facts, row);
    if (kind == "resolution")
      has_new[row.dataset] = has_new[row.dataset] || products.count(facts.product()) == 0;
  }
  for (const auto& [dataset, is_new] : has_new)
    if (!is_new) add(dataset, "has no resolution that the training split has not");
}

void CollectionCheck::parents() {
  std::map<std::pair<std::string, Index>, const FileFacts*> files;
  for (const FileFacts& facts : files_) files[{facts.file.dataset, facts.row}] = &facts;
  for (const FileFacts& facts : files_) {
    if (facts.coarse_operator.empty()) continue;
    const auto parent = files.find({facts.parent, facts.row});
    if (parent == files.end())
      add(facts.path, fmt::format("its parent in {} is missing", facts.parent));
    else if (parent->second->file.trajectories != facts.file.trajectories ||
             parent->second->file.frames != facts.file.frames)
      add(facts.path, "has other trajectories or frames than its parent, " + parent->second->path);
  }
}

}  // namespace starling::datasets::check
