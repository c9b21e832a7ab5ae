// SPDX-License-Identifier: BSD-3-Clause
#include "campaigns/pair_sets.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace starling::campaigns {

using datasets::FileRecord;
using datasets::Row;

PairSets::PairSets(const std::string& folder, const std::string& only) : only_(only) {
  const std::vector<Row> rows = datasets::read_manifest(folder + "/runs.jsonl");
  for (const Row& row : rows) {
    auto record = datasets::find_record(folder, row);
    if (record) records.push_back(std::move(*record));
  }
  for (const datasets::RowRecord& record : records)
    for (const FileRecord& file : record.files) {
      const Row& row = rows[static_cast<std::size_t>(record.row)];
      const std::string product = file.dataset.substr(row.dataset.size());
      const bool is_pair = product.size() > 4 && product.substr(product.size() - 4, 3) == "_op";
      if (!is_pair) continue;
      of[product].push_back(
          {folder + "/" + file.path, row.sibling.empty() ? file.split : row.sibling, &file});
    }
  require(std::any_of(of.begin(), of.end(), [&](const auto& each) { return wanted(each.first); }),
          "{}: has no coarsened data set{}; allowed: levels with operators", folder,
          only.empty() ? "" : fmt::format(" called '{}'", only));
}

const LevelSystem* level_of(const RowSystems& systems, const std::string& product) {
  const std::size_t to = product.find("to");
  const std::string target = product.substr(to + 2, product.size() - to - 6);
  const auto level =
      std::find_if(systems.levels.begin() + 1, systems.levels.end(), [&](const LevelSystem& each) {
        const std::string resolution = datasets::resolution_of(each.model->domain());
        return resolution == target || each.name + resolution == target;
      });
  if (level == systems.levels.end() || level->model->implicit() != nullptr) return nullptr;
  return &*level;
}

}  // namespace starling::campaigns
