// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "app/registry.hpp"
#include "campaigns/settings.hpp"

#include <mpi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace starling::drivers {

/// What the command line says to the verbs that run an input.
struct RunRequest {
  campaigns::Options options;
  std::vector<std::string> overrides;  ///< --set section.key=value
  bool validate = false;               ///< build everything, report the cost, stop
};

struct GenerateRequest {
  RunRequest run;                   ///< the input may be a manifest or a file of a data set, too
  std::optional<std::int64_t> row;  ///< this one only, into a folder of its own
  int ranks_per_row = 1;            ///< that share the trajectories of a row
};

struct ExportRequest {
  std::string folder, layout, output;
  bool force = false;
};

struct BaselineRequest {
  std::string folder;  ///< of a generated data set
  std::string only;    ///< coarsened data sets whose names have this
  std::vector<std::string> inputs;
  std::int64_t random_features = 512, samples = 200000, runs = 4;
};

struct PlotRequest {
  std::vector<std::string> files;
  std::string folder;
  std::optional<double> from, to;
  std::vector<std::string> components;
  std::optional<std::int64_t> member;
  std::vector<std::int64_t> frames;
  bool movie = false;
};

// One file each. All collective on `world`.
void simulate(const RunRequest& request, const app::Registry& registry, MPI_Comm world);
void assimilate(const RunRequest& request, const app::Registry& registry, MPI_Comm world);
void generate(const GenerateRequest& request, const app::Registry& registry, MPI_Comm world);
void check(const std::string& path, MPI_Comm world);
void export_dataset(const ExportRequest& request, MPI_Comm world);
void baseline(const BaselineRequest& request, const app::Registry& registry, MPI_Comm world);
void similarity(const BaselineRequest& request, const app::Registry& registry, MPI_Comm world);
void score(const std::vector<std::string>& files, MPI_Comm world);
void plot(const PlotRequest& request, MPI_Comm world);
void describe(const std::string& name, const app::Registry& registry, MPI_Comm world);

}  // namespace starling::drivers
