// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/check/check.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/progress.hpp"
#include "drivers/verbs.hpp"

namespace starling::drivers {

void check(const std::string& path, MPI_Comm world) {
  const datasets::check::Report report = datasets::check::check(path, world);
  for (const auto& [where, what] : report.findings) log::info("{}: {}", where, what);
  for (const auto& [where, what] : report.notes) log::info("note: {}: {}", where, what);
  for (const datasets::check::Summary& each : report.datasets)
    log::info("{}: {} files, {} trajectories, {}, {} findings", each.dataset, each.files,
              each.trajectories, bytes_text(each.bytes), each.findings);
  require(report.count == 0, "{}: {} findings", path, report.count);
}

}  // namespace starling::drivers
