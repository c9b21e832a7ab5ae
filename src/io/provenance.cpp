// SPDX-License-Identifier: BSD-3-Clause
#include "io/provenance.hpp"

#include "core/version.hpp"

#include <array>
#include <ctime>

namespace starling::io {
namespace {

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), length};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> provenance_attributes(const Provenance& run,
                                                                       int ranks) {
  return {{"version", version()},
          {"git_hash", git_hash()},
          {"compiler", compiler()},
          {"build_flags", build_flags()},
          {"libraries", library_versions()},
          {"ranks", std::to_string(ranks)},
          {"started", utc_now()},
          {"command_line", run.command_line},
          {"seed", std::to_string(run.seed)}};
}

}  // namespace starling::io
