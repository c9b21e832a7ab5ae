// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/manifest.hpp"

#include "core/error.hpp"
#include "io/disk.hpp"
#include "io/sha256.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

namespace starling::datasets {
namespace {

using Json = nlohmann::ordered_json;

Json content(const Row& row) {
  Json parameters = Json::object();
  for (const auto& [name, value] : row.parameters) parameters[name] = value;
  return {{"row", row.number},        {"kind", row.kind},   {"dataset", row.dataset},
          {"sibling", row.sibling},   {"split", row.split}, {"set", row.set},
          {"parameters", parameters}, {"first", row.first}, {"count", row.count},
          {"steps", row.steps},       {"flops", row.flops}, {"bytes", row.bytes},
          {"config", row.config}};
}

}  // namespace

std::string Row::hash() const { return io::sha256(content(*this).dump()); }

std::string Row::to_json() const {
  Json json = content(*this);
  json["hash"] = hash();
  return json.dump();
}

std::string Row::label() const { return fmt::format("{:06}", number); }

Row Row::from_json(const std::string& line, const std::string& where) {
  Row row;
  std::string hash;
  try {
    const Json json = Json::parse(line);
    row.number = json.at("row").get<Index>();
    row.kind = json.at("kind").get<std::string>();
    row.dataset = json.at("dataset").get<std::string>();
    row.sibling = json.at("sibling").get<std::string>();
    row.split = json.at("split").get<std::string>();
    row.set = json.at("set").get<std::vector<std::string>>();
    for (const auto& [name, value] : json.at("parameters").items())
      row.parameters.emplace_back(name, value.get<Real>());
    row.first = json.at("first").get<Index>();
    row.count = json.at("count").get<Index>();
    row.steps = json.at("steps").get<Real>();
    row.flops = json.at("flops").get<Real>();
    row.bytes = json.at("bytes").get<Real>();
    row.config = json.at("config").get<std::string>();
    hash = json.at("hash").get<std::string>();
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("{}: is no row of a manifest: {}", where, error.what()));
  }
  require(row.hash() == hash, "{}: the row's hash is not that of what it says: it was changed",
          where);
  return row;
}

std::string with_parameters(const std::string& name,
                            const std::vector<std::pair<std::string, Real>>& parameters) {
  std::string all = name;
  for (const auto& [key, value] : parameters) all += fmt::format("_{}_{:g}", key, value);
  return all;
}

std::vector<Row> read_manifest(const std::string& path) {
  std::istringstream text(read_text(path));
  std::vector<Row> rows;
  std::string line;
  for (int number = 1; std::getline(text, line); ++number)
    if (!line.empty()) rows.push_back(Row::from_json(line, fmt::format("{}:{}", path, number)));
  require(!rows.empty(), "{}: has no rows", path);
  return rows;
}

void write_manifest(const std::string& path, const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) text += row.to_json() + "\n";
  write_text(path, text);
}

void write_text(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  io::take_space(part, static_cast<Index>(text.size()));
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file.good()) {
    io::remove_if_there(part);
    throw IoError(fmt::format("{}: cannot be written", part));
  }
  io::bring_to_storage(part);
  io::rename_file(part, path);
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  require(file.good(), "{}: cannot be read; allowed: a file that exists", path);
  std::ostringstream text;
  text << file.rdbuf();
  require(!file.bad(), "{}: cannot be read", path);
  return text.str();
}

}  // namespace starling::datasets
