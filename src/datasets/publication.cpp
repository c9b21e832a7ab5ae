// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/publication.hpp"

#include "core/error.hpp"
#include "core/version.hpp"
#include "datasets/card.hpp"
#include "io/sha256.hpp"

#include <map>
#include <set>

namespace starling::datasets {
namespace {

std::string split_table(const std::vector<Row>& rows, const std::vector<RowRecord>& records) {
  std::string text = "row,dataset,sibling,split,first_trajectory,trajectories,parameters,status\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Row& row = rows[r];
    std::string parameters;
    for (const auto& [name, value] : row.parameters)
      parameters += fmt::format("{}{}={}", parameters.empty() ? "" : ";", name, value);
    text += fmt::format("{},{},{},{},{},{},{},{}\n", row.number, row.dataset, row.sibling,
                        row.split, row.first, row.count, parameters,
                        records[r].failure.empty() ? "done" : "failed");
  }
  return text;
}

}  // namespace

Published publish(const std::string& folder, const std::vector<Row>& rows) {
  Published published;
  published.rows = static_cast<Index>(rows.size());
  std::vector<RowRecord> records;
  std::map<std::string, std::vector<const FileRecord*>> datasets;
  std::map<std::string, std::string> hashes;  // by path
  for (const Row& row : rows) {
    const std::string path = record_path(folder, row);
    records.push_back(RowRecord::from_json(read_text(path), path));
    require(records.back().hash == row.hash(), "{}: is the record of another row {}", path,
            row.number);
    hashes["rows/" + row.label() + ".json"] = io::sha256_of_file(path);
    if (!records.back().failure.empty()) ++published.failures;
  }
  for (const RowRecord& record : records)
    for (const FileRecord& file : record.files) {
      datasets[file.dataset].push_back(&file);
      hashes[file.path] = file.sha256;
      ++published.files;
      published.bytes += static_cast<Real>(file.bytes);
    }
  const auto write = [&](const std::string& path, const std::string& text) {
    write_text(folder + "/" + path, text);
    hashes[path] = io::sha256(text);
  };
  for (const auto& [name, files] : datasets) {
    published.datasets.push_back(name);
    const Summary summary = summarise(files);
    write(name + "/stats.yaml", stats_yaml(summary));
    write(name + "/" + name + ".yaml",
          card_yaml(name, folder + "/" + files.front()->path, summary));
  }
  write("split.csv", split_table(rows, records));
  for (const char* path : {"runs.jsonl", "dataset.toml"})
    hashes[path] = io::sha256_of_file(folder + "/" + path);
  std::string manifest;
  for (const auto& [path, hash] : hashes) manifest += hash + "  " + path + "\n";
  write_text(folder + "/MANIFEST.sha256", manifest);
  return published;
}

}  // namespace starling::datasets
