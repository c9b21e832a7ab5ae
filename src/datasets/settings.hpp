// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "core/types.hpp"
#include "datasets/coarsening.hpp"
#include "datasets/manifest.hpp"

#include <map>
#include <string>
#include <vector>

namespace starling::datasets {

/// A level of the fidelity ladder below the first, [level.NAME]: its model and stepper are those of
/// the input but for what [level.NAME.model] and [level.NAME.stepper] say.
struct Level {
  static const Schema& schema();

  std::string name;
  std::vector<CoarseOperator> operators;  ///< pairs with the first level
  bool restarted = false;                 ///< runs from the coarsened state of the first level, too
};

/// [dataset] and [level.NAME]: what a data set is, but for its rows.
struct Settings {
  static const Schema& schema();
  /// Reads both. Throws InputError.
  explicit Settings(Config& config);
  Settings() = default;

  std::string name;  ///< system and case: "qg2l_eddy"
  std::string folder;
  bool is_sequence = false;  ///< of data assimilation, as [assimilation] says
  bool members = false;      ///< of sequences: whether members are published, too
  std::string high;          ///< what the first level is called
  Index trajectories = 0, per_file = 1;
  Index frames = 0;  ///< after the first
  Real interval = 0, spin_up = 0;
  Index segment = 0;  ///< frames between restarts; 0: none
  std::vector<std::string> derived;
  Table scales;
  std::string licence, citation;
  std::vector<Level> levels;
};

/// [run]: seed.
const Schema& run_schema();

/// [split]: shares of train and valid; what remains is test.
struct Split {
  static const Schema& schema();
  explicit Split(const Section& section);

  Real train, valid;
  bool by_parameter;  ///< all trajectories of a parameter set belong to one split
  std::uint64_t seed;
};

/// A data set beside it that tests what its training split has not shown, [sibling.NAME]: the input
/// with overrides, all of it test.
struct Sibling {
  static const Schema& schema();
  std::string name;  ///< "oodparam": the data set is called qg2l_eddy_oodparam_...
  std::string kind;  ///< parameter, initial, resolution
  std::vector<std::string> set;
};
std::vector<Sibling> read_siblings(Config& config);

/// What rows cost, as far as it is known before anything runs.
struct RowCost {
  Real steps = 0, flops = 0, bytes = 0;
};

/// The rows of one configuration: parameter sets times trajectories, dealt to files and splits.
/// `config` is the whole input, `set` what is set over it (command line, sibling). Costs are left
/// zero.
std::vector<Row> make_rows(const std::string& config, const std::string& file,
                           const std::vector<std::string>& set, const Sibling& sibling,
                           Index first_row, Index first_trajectory);

/// "256", or "512x256": how names of data sets tell the resolution.
std::string resolution_of(const Domain& grid);

}  // namespace starling::datasets
