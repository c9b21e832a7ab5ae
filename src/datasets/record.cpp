// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/record.hpp"

#include "core/error.hpp"
#include "datasets/moments_json.hpp"
#include "io/disk.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <system_error>

namespace starling::datasets {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const FileRecord& file) {
  Json quantities = Json::object();
  for (const auto& [name, moments] : file.quantities) quantities[name] = list_of(moments);
  Json statistics = Json::object();
  for (const auto& [name, elements] : file.statistics) {
    Json list = Json::array();
    for (const FieldMoments& each : elements)
      list.push_back({{"value", list_of(each.value)}, {"delta", list_of(each.delta)}});
    statistics[name] = list;
  }
  return {
      {"dataset", file.dataset}, {"split", file.split},      {"path", file.path},
      {"bytes", file.bytes},     {"sha256", file.sha256},    {"trajectories", file.trajectories},
      {"frames", file.frames},   {"quantities", quantities}, {"statistics", statistics}};
}

FileRecord file_of(const Json& json) {
  FileRecord file;
  file.dataset = json.at("dataset").get<std::string>();
  file.split = json.at("split").get<std::string>();
  file.path = json.at("path").get<std::string>();
  file.bytes = json.at("bytes").get<Index>();
  file.sha256 = json.at("sha256").get<std::string>();
  file.trajectories = json.at("trajectories").get<Index>();
  file.frames = json.at("frames").get<Index>();
  for (const auto& [name, list] : json.at("quantities").items())
    file.quantities.emplace_back(name, moments_in(list));
  for (const auto& [name, list] : json.at("statistics").items()) {
    std::vector<FieldMoments> elements;
    for (const Json& each : list)
      elements.push_back({moments_in(each.at("value")), moments_in(each.at("delta"))});
    file.statistics.emplace_back(name, std::move(elements));
  }
  return file;
}

}  // namespace

std::string RowRecord::to_json() const {
  Json list = Json::array();
  for (const FileRecord& file : files) list.push_back(json_of(file));
  const Json json = {{"row", row},
                     {"hash", hash},
                     {"failure", failure},
                     {"flux_error", flux_error},
                     {"chaos", chaos.empty() ? Json() : Json::parse(chaos)},
                     {"files", list}};
  return json.dump(1) + "\n";
}

RowRecord RowRecord::from_json(const std::string& text, const std::string& where) {
  try {
    const Json json = Json::parse(text);
    RowRecord record;
    record.row = json.at("row").get<Index>();
    record.hash = json.at("hash").get<std::string>();
    record.failure = json.at("failure").get<std::string>();
    record.flux_error = json.at("flux_error").get<Real>();
    if (!json.at("chaos").is_null()) record.chaos = json.at("chaos").dump();
    for (const Json& file : json.at("files")) record.files.push_back(file_of(file));
    return record;
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("{}: is no record of a row: {}", where, error.what()));
  }
}

std::string record_path(const std::string& folder, const Row& row) {
  return folder + "/rows/" + row.label() + ".json";
}

std::optional<RowRecord> find_record(const std::string& folder, const Row& row) {
  const std::string path = record_path(folder, row);
  if (!io::exists(path)) return std::nullopt;
  RowRecord record;
  try {
    record = RowRecord::from_json(read_text(path), path);
  } catch (const InputError&) {
    return std::nullopt;
  }
  if (record.hash != row.hash()) return std::nullopt;
  for (const FileRecord& file : record.files) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(folder + "/" + file.path, failure);
    if (failure || static_cast<Index>(size) != file.bytes) return std::nullopt;
  }
  return record;
}

}  // namespace starling::datasets
