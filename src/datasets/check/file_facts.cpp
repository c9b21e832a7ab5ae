// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/file_facts.hpp"

#include "core/error.hpp"
#include "datasets/check/frame_check.hpp"
#include "datasets/check/origin.hpp"
#include "datasets/check/well_format.hpp"
#include "datasets/moments_json.hpp"
#include "datasets/settings.hpp"
#include "io/sha256.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <system_error>

namespace starling::datasets::check {
namespace {

using Json = nlohmann::ordered_json;

void note_row(FileFacts& facts, const std::optional<Origin>& origin) {
  if (!origin) return;
  facts.row = origin->row.number;
  facts.row_hash = origin->row.hash();
  facts.row_dataset = origin->row.dataset;
  facts.sibling = origin->row.sibling;
}

void read_file(FileFacts& facts, const std::string& path, const std::function<void(Index)>& read,
               Findings& findings) {
  StoredFile file(path);
  const std::optional<Shape> shape = check_format(file, findings);
  if (!shape) return;
  facts.file.dataset = shape->dataset;
  facts.file.split = shape->split;
  facts.file.trajectories = shape->trajectories;
  facts.file.frames = shape->frames();
  facts.resolution = resolution_of(shape->grid);
  facts.coarse_operator = shape->coarse_operator;
  facts.parent = shape->parent;
  facts.parameters = shape->parameters;
  for (const StoredField& field : shape->fields) facts.fields.push_back(field.path);
  const std::optional<Origin> origin = check_origin(file, *shape, findings);
  note_row(facts, origin);
  Numbers numbers = check_frames(file, *shape, origin ? &*origin : nullptr, read, findings);
  facts.file.statistics = std::move(numbers.statistics);
  facts.first_frames = std::move(numbers.first_frames);
  facts.known = true;
}

}  // namespace

std::string FileFacts::product() const {
  const std::string prefix = row_dataset + "_";
  return file.dataset.starts_with(prefix) ? file.dataset.substr(prefix.size()) : file.dataset;
}

std::string FileFacts::root() const {
  if (path.starts_with("data/")) return ".";
  const std::size_t found = path.find("/data/");
  return found == std::string::npos ? "" : path.substr(0, found);
}

std::string FileFacts::to_json() const {
  Json statistics = Json::array(), numbers = Json::array(), found = Json::array();
  for (const auto& [name, elements] : file.statistics) {
    Json list = Json::array();
    for (const FieldMoments& each : elements)
      list.push_back(Json::array({list_of(each.value), list_of(each.delta)}));
    statistics.push_back(Json::array({name, list}));
  }
  for (const auto& [name, value] : parameters) numbers.push_back(Json::array({name, value}));
  for (const Finding& finding : findings)
    found.push_back(Json::array({finding.path, finding.what}));
  const Json json = {{"path", path},
                     {"dataset", file.dataset},
                     {"split", file.split},
                     {"bytes", file.bytes},
                     {"sha256", file.sha256},
                     {"trajectories", file.trajectories},
                     {"frames", file.frames},
                     {"statistics", statistics},
                     {"known", known},
                     {"resolution", resolution},
                     {"operator", coarse_operator},
                     {"parent", parent},
                     {"parameters", numbers},
                     {"fields", fields},
                     {"first_frames", first_frames},
                     {"row", row},
                     {"row_hash", row_hash},
                     {"row_dataset", row_dataset},
                     {"sibling", sibling},
                     {"findings", found}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

FileFacts FileFacts::from_json(const std::string& text) {
  const Json json = Json::parse(text);
  FileFacts facts;
  const auto word = [&](const char* key) { return json.at(key).get<std::string>(); };
  facts.path = facts.file.path = word("path");
  facts.file.dataset = word("dataset");
  facts.file.split = word("split");
  facts.file.bytes = json.at("bytes").get<Index>();
  facts.file.sha256 = word("sha256");
  facts.file.trajectories = json.at("trajectories").get<Index>();
  facts.file.frames = json.at("frames").get<Index>();
  for (const Json& field : json.at("statistics")) {
    std::vector<FieldMoments> elements;
    for (const Json& each : field.at(1))
      elements.push_back({moments_in(each.at(0)), moments_in(each.at(1))});
    facts.file.statistics.emplace_back(field.at(0).get<std::string>(), std::move(elements));
  }
  facts.known = json.at("known").get<bool>();
  facts.resolution = word("resolution");
  facts.coarse_operator = word("operator");
  facts.parent = word("parent");
  for (const Json& each : json.at("parameters"))
    facts.parameters.emplace_back(each.at(0).get<std::string>(),
                                  each.at(1).is_number() ? each.at(1).get<Real>() : 0);
  facts.fields = json.at("fields").get<std::vector<std::string>>();
  facts.first_frames = json.at("first_frames").get<std::vector<std::string>>();
  facts.row = json.at("row").get<Index>();
  facts.row_hash = word("row_hash");
  facts.row_dataset = word("row_dataset");
  facts.sibling = word("sibling");
  for (const Json& each : json.at("findings"))
    facts.findings.push_back({each.at(0).get<std::string>(), each.at(1).get<std::string>()});
  return facts;
}

FileFacts check_file(const std::string& folder, const std::string& path,
                     const std::function<void(Index)>& read) {
  FileFacts facts;
  facts.path = facts.file.path = path;
  const std::string whole = folder.empty() ? path : folder + "/" + path;
  Findings findings(path);
  try {
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(whole, failure);
    facts.file.bytes = failure ? 0 : static_cast<Index>(bytes);
    facts.file.sha256 = io::sha256_of_file(whole);
    read_file(facts, whole, read, findings);
  } catch (const Error& error) {
    // The path is in front of every finding.
    std::string what = error.what();
    if (what.starts_with(whole + ": ")) what.erase(0, whole.size() + 2);
    findings.add("{}", what);
  }
  facts.findings = findings.all();
  return facts;
}

}  // namespace starling::datasets::check
