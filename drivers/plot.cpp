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
  options.components = request.components;
  if (request.member) options.member = *request.member;
  options.frames.assign(request.frames.begin(), request.frames.end());
  for (const std::string& picture : plots::draw(request.files, request.folder, options))
    fmt::print("{}\n", picture);
  if (!request.movie) return;
  for (const std::string& file : request.files) {
    const auto pictures = plots::draw_movie(file, request.folder, options);
    fmt::print("{} pictures; a film of them: {}\n", pictures.size(), plots::film_command(pictures));
  }
}

}  // namespace starling::drivers
