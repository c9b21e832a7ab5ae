// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/publication_check.hpp"

#include "core/error.hpp"
#include "datasets/card.hpp"
#include "datasets/manifest.hpp"
#include "io/disk.hpp"
#include "io/sha256.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

namespace starling::datasets::check {
namespace {

namespace fs = std::filesystem;

constexpr Real tolerance = 1e-6;
// Of a mean, in units of the root mean square: sums of doubles are no better.
constexpr Real cancelled = 1e-9;

// The Well's compute_statistics wants more.
constexpr Real least_deviation = 1e-4;

// "mean q1": numbers, of the two levels that stats.yaml has.
using Table = std::map<std::string, std::vector<Real>>;

std::vector<Real> numbers_in(const std::string& text) {
  std::vector<Real> numbers;
  const char* at = text.c_str();
  while (*at != '\0') {
    char* end = nullptr;
    const Real value = std::strtod(at, &end);
    if (end == at) {
      ++at;
      continue;
    }
    numbers.push_back(value);
    at = end;
  }
  return numbers;
}

Table parse(const std::string& text) {
  Table table;
  std::istringstream stream(text);
  std::string section;
  for (std::string line; std::getline(stream, line);) {
    const std::size_t colon = line.find(':');
    if (line.empty() || line[0] == '#' || colon == std::string::npos) continue;
    if (line[0] != ' ') {
      section = line.substr(0, colon);
      continue;
    }
    const std::size_t first = line.find_first_not_of(' ');
    table[section + " " + line.substr(first, colon - first)] = numbers_in(line.substr(colon + 1));
  }
  return table;
}

// What "mean q1" is small against: "rms q1".
Real size_of(const Table& table, const std::string& key, std::size_t element) {
  if (!key.starts_with("mean")) return 0;
  const auto found = table.find("rms" + key.substr(4));
  return found == table.end() || element >= found->second.size() ? 0 : found->second[element];
}

void compare_statistics(const std::string& path, const std::string& stored,
                        const std::string& recomputed, Findings& findings) {
  const Table have = parse(stored), expected = parse(recomputed);
  for (const auto& [key, numbers] : expected) {
    const auto found = have.find(key);
    if (found == have.end() || found->second.size() != numbers.size()) {
      findings.take({path, key + " is missing"});
      continue;
    }
    for (std::size_t e = 0; e < numbers.size(); ++e) {
      const Real allowed =
          tolerance * std::abs(numbers[e]) + cancelled * size_of(expected, key, e) + 1e-300;
      if (!(std::abs(found->second[e] - numbers[e]) <= allowed)) {
        findings.take({path, fmt::format("{} is {:.9g}, of the training files {:.9g}", key,
                                         found->second[e], numbers[e])});
        break;
      }
    }
  }
  for (const auto& [key, numbers] : have)
    if (expected.count(key) == 0) findings.take({path, key + " is of nothing that the files have"});
}

void compare_card(const std::string& path, const std::string& stored, const std::string& expected,
                  Findings& findings) {
  std::istringstream a(stored), b(expected);
  std::string has, should;
  while (std::getline(b, should)) {
    if (!std::getline(a, has)) has = "";
    if (has == should) continue;
    findings.take({path, fmt::format("says '{}', and the files '{}'", has, should)});
    return;
  }
  if (std::getline(a, has)) findings.take({path, fmt::format("says '{}' beside", has)});
}

// Whether the statistics of all files are there and of the same fields.
bool comparable(const std::vector<const FileFacts*>& files, Findings& findings) {
  bool all = true;
  for (const FileFacts* facts : files) {
    if (!facts->known) return false;
    const FileFacts& first = *files.front();
    if (facts->fields != first.fields || facts->resolution != first.resolution ||
        facts->file.dataset != first.file.dataset) {
      findings.take({facts->path, "has another name, resolution or fields than " + first.path});
      return false;
    }
    all = all && !facts->file.statistics.empty();
  }
  return all;
}

}  // namespace

void check_publication(const std::string& folder, const std::vector<const FileFacts*>& files,
                       Findings& findings) {
  if (!comparable(files, findings)) return;
  std::vector<const FileFacts*> order = files;
  std::sort(order.begin(), order.end(),
            [](const FileFacts* a, const FileFacts* b) { return a->row < b->row; });
  std::vector<const FileRecord*> records;
  for (const FileFacts* facts : order) records.push_back(&facts->file);
  const Summary summary = summarise(records);
  const std::string root = files.front()->root(), name = files.front()->file.dataset;
  const std::string prefix = root == "." ? "" : root + "/";
  std::string small;
  for (const auto& [field, elements] : summary.fields)
    for (const FieldMoments& each : elements)
      if (std::sqrt(each.value.variance()) <= least_deviation) {
        small += (small.empty() ? "" : ", ") + field;
        break;
      }
  if (!small.empty())
    findings.note({prefix + "stats.yaml",
                   fmt::format("standard deviations up to {}, which The Well's compute_statistics "
                               "refuses: {}; dataset.scales would help",
                               least_deviation, small)});
  const auto compare = [&](const std::string& path, const auto& with) {
    if (!io::exists(folder + "/" + path)) return findings.take({path, "is missing"});
    try {
      with(path, read_text(folder + "/" + path));
    } catch (const InputError&) {
      findings.take({path, "cannot be compared with the files"});
    }
  };
  compare(prefix + "stats.yaml", [&](const std::string& path, const std::string& text) {
    compare_statistics(path, text, stats_yaml(summary), findings);
  });
  compare(prefix + name + ".yaml", [&](const std::string& path, const std::string& text) {
    compare_card(path, text, card_yaml(name, folder + "/" + order.front()->path, summary),
                 findings);
  });
}

void check_hashes(const std::string& folder, const std::vector<FileFacts>& files,
                  Findings& findings) {
  const std::string manifest = "MANIFEST.sha256";
  // Scores are made of a published data set, any number of times.
  const std::set<std::string> not_listed = {manifest, "baseline.json", "similarity.json"};
  std::map<std::string, std::string> listed, known;
  for (const FileFacts& facts : files) known[facts.path] = facts.file.sha256;
  try {
    std::istringstream text(read_text(folder + "/" + manifest));
    for (std::string line; std::getline(text, line);) {
      if (line.size() < 67 || line.substr(64, 2) != "  ") {
        findings.take({manifest, fmt::format("'{}' is no hash and name", line)});
        continue;
      }
      listed[line.substr(66)] = line.substr(0, 64);
    }
  } catch (const InputError&) {
    return findings.take({manifest, "is missing"});
  }
  std::set<std::string> there;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string path = fs::path(entry.path()).lexically_relative(folder).string();
    if (not_listed.count(path) > 0) continue;
    there.insert(path);
    if (path.ends_with(".part")) findings.take({path, "is not finished"});
    const auto found = listed.find(path);
    if (found == listed.end()) {
      findings.take({path, "is not in " + manifest});
      continue;
    }
    const auto hash = known.find(path);
    if (found->second !=
        (hash != known.end() ? hash->second : io::sha256_of_file(entry.path().string())))
      findings.take({path, "its SHA-256 is not that in " + manifest});
  }
  for (const auto& [path, hash] : listed)
    if (there.count(path) == 0) findings.take({path, "is missing; it is in " + manifest});
}

}  // namespace starling::datasets::check
