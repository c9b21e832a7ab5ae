// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config.hpp"
#include "ensemble/ensemble.hpp"
#include "io/series_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace starling::campaigns {

/// What every campaign is told from the command line.
struct Options {
  std::string input;             ///< the input file
  std::string output;            ///< overrides output.file if not empty
  bool force = false;            ///< replace finished output, ignore checkpoints
  std::optional<Real> max_wall;  ///< [s]; the run stops at a checkpoint before
  int ranks_per_member = 1;      ///< ranks that share a member
  std::string command_line;
  bool quiet = false;  ///< no progress line: the run is a part of something larger
};

/// [run]: seed.
const Schema& run_schema();

/// [output]: where results go and how much of them.
struct OutputSettings {
  static const Schema& schema();
  OutputSettings(const Section& section, const Options& options);

  std::string file;
  std::string checkpoint_file() const { return file + ".checkpoint"; }
  Index fields_every;  ///< frames of fields: every so many cycles or outputs; 0 = none
  std::vector<std::int64_t> members;  ///< written one by one
  std::vector<std::string> derived;   ///< fields of these members besides the state
  io::Stored precision;
  Real checkpoint_seconds;  ///< wall time between checkpoints
};

/// "member 7 is not finite any more at time 12.5 (step 50); ...": what a user is told of a blow-up.
std::string describe_failure(const ensemble::Failure& failure, const ensemble::Ensemble& ensemble);

/// The model's step number of a time. Throws through section.fail(key) if no step ends there.
Index steps_of(const Section& section, const char* key, Real dt);

}  // namespace starling::campaigns
