// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace starling::io {

/// Where a file comes from, as far as the program itself doesn't know it.
struct Provenance {
  std::string verb;          ///< "simulate", "assimilate", ...
  std::string command_line;  ///< as typed
  std::uint64_t seed = 0;
};

/// Name and text of every attribute of /provenance: version, git_hash, compiler, build_flags,
/// libraries, ranks, started (UTC), command_line, seed. Nothing names the machine.
std::vector<std::pair<std::string, std::string>> provenance_attributes(const Provenance& run,
                                                                       int ranks);

}  // namespace starling::io
