// SPDX-License-Identifier: BSD-3-Clause
#include "core/process_grid.hpp"
#include "drivers/verbs.hpp"
#include "plots/draw.hpp"

#include <fmt/format.h>

namespace starling::drivers {

void plot(const PlotRequest& request, MPI_Comm world) {
  if (rank_of(world) != 0) return;
  plots::Options options;
  options.from = request.from;
  options.to = request.to;
  for (const std::string& picture : plots::draw(request.files, request.folder, options))
    fmt::print("{}\n", picture);
}

}  // namespace starling::drivers
