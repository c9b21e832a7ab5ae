// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/publication.hpp"

#include "core/error.hpp"
#include "datasets/card.hpp"
#include "io/sha256.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
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

// What each parameter set leads to, one line a quantity of a file: for regressions on parameters.
std::string quantity_table(const std::vector<Row>& rows, const std::vector<RowRecord>& records) {
  std::set<std::string> names;
  for (const Row& row : rows)
    for (const auto& [name, value] : row.parameters) names.insert(name);
  std::string text = "dataset,split,row";
  for (const std::string& name : names) text += "," + name;
  text += ",quantity,mean,std,min,max,frames\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string parameters;
    for (const std::string& name : names) {
      parameters += ",";
      for (const auto& [key, value] : rows[r].parameters)
        if (key == name) parameters += fmt::format("{}", value);
    }
    for (const FileRecord& file : records[r].files)
      for (const auto& [name, m] : file.quantities)
        text += fmt::format("{},{},{}{},{},{},{},{},{},{}\n", file.dataset, file.split,
                            rows[r].number, parameters, name, m.mean, std::sqrt(m.variance()),
                            m.least, m.largest, m.count);
  }
  return text;
}

// One entry a parameter set, with the keys of dysts (gilpin2021).
std::string chaos_card(const std::vector<Row>& rows, const std::vector<RowRecord>& records) {
  nlohmann::ordered_json card = nlohmann::ordered_json::object();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (records[r].chaos.empty()) continue;
    card[with_parameters(rows[r].dataset, rows[r].parameters)] =
        nlohmann::ordered_json::parse(records[r].chaos);
  }
  return card.empty() ? "" : card.dump(2) + "\n";
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
  write("quantities.csv", quantity_table(rows, records));
  if (const std::string card = chaos_card(rows, records); !card.empty()) write("chaos.json", card);
  for (const char* path : {"runs.jsonl", "dataset.toml"})
    hashes[path] = io::sha256_of_file(folder + "/" + path);
  std::string manifest;
  for (const auto& [path, hash] : hashes) manifest += hash + "  " + path + "\n";
  write_text(folder + "/MANIFEST.sha256", manifest);
  return published;
}

}  // namespace starling::datasets
