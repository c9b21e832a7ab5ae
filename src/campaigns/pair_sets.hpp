// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "campaigns/row_plan.hpp"
#include "core/process_grid.hpp"
#include "datasets/pair_file.hpp"
#include "datasets/record.hpp"

#include <mpi.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace starling::campaigns {

/// A file of a coarsened data set.
struct PairEntry {
  std::string path;
  std::string split;  ///< train, valid, test, or the name of the sibling
  const datasets::FileRecord* record;
};

/// The coarsened data sets of a folder.
struct PairSets {
  /// Throws InputError where there are none whose names have `only`.
  PairSets(const std::string& folder, const std::string& only);
  PairSets(const PairSets&) = delete;
  PairSets& operator=(const PairSets&) = delete;

  std::vector<datasets::RowRecord> records;
  /// By what their names have in common: "_hf256to64_op1".
  std::map<std::string, std::vector<PairEntry>> of;
  /// Whether a name has `only`; the others may be compared with.
  bool wanted(const std::string& product) const { return product.find(only_) != std::string::npos; }
  Index count() const {
    return std::count_if(of.begin(), of.end(),
                         [&](const auto& each) { return wanted(each.first); });
  }

 private:
  std::string only_;
};

/// The level that "_hf256to64_op1" is coarsened to: it has this resolution, or is called so. Null
/// if there is none, or one whose model has an implicit part, which closures cannot be added to.
const LevelSystem* level_of(const RowSystems& systems, const std::string& product);

/// Calls use(run, part, file, systems, level) for this rank's share of the `parts` of the work on
/// each of the first `runs` test trajectories of a coarsened data set, whose `file` has loaded
/// them; parts are dealt to the ranks of `comm` one by one. None where there is no such level.
template <class Build, class Use>
void for_test_runs(MPI_Comm comm, const std::string& product, const std::vector<PairEntry>& files,
                   Index runs, Index parts, const Build& build, const Use& use) {
  Index run = 0;
  for (const PairEntry& entry : files) {
    if (entry.split != "test") continue;
    for (Index t = 0; t < entry.record->trajectories && run < runs; ++t, ++run) {
      std::vector<Index> mine;
      for (Index part = 0; part < parts; ++part)
        if ((run * parts + part) % size_of(comm) == rank_of(comm)) mine.push_back(part);
      if (mine.empty()) continue;
      datasets::PairFile file(entry.path);
      file.load(t);
      const RowSystems systems =
          build(datasets::Row::from_json(file.row(), entry.path), MPI_COMM_SELF);
      const LevelSystem* level = level_of(systems, product);
      for (std::size_t i = 0; level != nullptr && i < mine.size(); ++i)
        use(run, mine[i], file, systems, *level);
    }
  }
}

}  // namespace starling::campaigns
