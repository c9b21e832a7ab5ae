// SPDX-License-Identifier: BSD-3-Clause
#include "datasets/export/export.hpp"

#include "core/log.hpp"
#include "drivers/verbs.hpp"

namespace starling::drivers {

void export_dataset(const ExportRequest& request, MPI_Comm world) {
  for (const std::string& path : datasets::export_dataset(request.folder, request.layout,
                                                          request.output, request.force, world))
    log::info("{}", path);
}

}  // namespace starling::drivers
