// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/main.hpp"

#include "app/run.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/process_grid.hpp"
#include "core/stop.hpp"
#include "core/version.hpp"
#include "datasets/export/export.hpp"
#include "drivers/verbs.hpp"

#include <CLI/CLI.hpp>

namespace starling::drivers {
namespace {

/// Everything the command line can say.
struct CommandLine {
  RunRequest run;
  GenerateRequest generate;
  ExportRequest exporting;
  BaselineRequest baseline;
  std::string similarity;
  PlotRequest plot;
  std::vector<std::string> score_files;
  std::string describe_name, check_path, max_wall, level = "info";
};

std::string join(int argc, char** argv) {
  std::string text;
  for (int i = 0; i < argc; ++i) text += (i > 0 ? " " : "") + std::string(argv[i]);
  return text;
}

void add_run_options(CLI::App& verb, CommandLine& line) {
  verb.add_option("input", line.run.options.input, "input file (TOML)")->required();
  // One value a flag, or it would take the input behind it too.
  verb.add_option("--set", line.run.overrides, "section.key=value: overrides the input; repeatable")
      ->allow_extra_args(false);
  verb.add_option("-o,--output", line.run.options.output, "result file");
  verb.add_option("--ranks-per-member", line.run.options.ranks_per_member,
                  "ranks that share each member; results differ by rounding only")
      ->check(CLI::PositiveNumber);
  verb.add_option("--max-wall", line.max_wall, "stop at a checkpoint after 90, 15m, 2h, h:mm:ss");
  verb.add_option("--log", line.level, "debug, info, warning, quiet")
      ->check(CLI::IsMember({"debug", "info", "warning", "quiet"}));
  verb.add_flag("--force", line.run.options.force, "start anew, replace finished results");
  verb.add_flag("--validate", line.run.validate, "build everything, report the cost, stop");
}

void describe_program(CLI::App& program, CommandLine& line) {
  program.require_subcommand(1);
  program.set_version_flag("--version", fmt::format("starling {} ({})\n{}\n{}", version(),
                                                    git_hash(), compiler(), library_versions()));
  program.footer(
      "Example:\n"
      "  mpirun -n 2 starling assimilate inputs/ks/demo.toml --set filter.inflation=1.02\n"
      "  starling plot demo.h5\n"
      "Exit codes: 0 done, 2 bad input, 70 numerical failure, 75 I/O error (try again),\n"
      "85 stopped at a checkpoint (the same command goes on).");
  auto* simulate = program.add_subcommand("simulate", "free run of one member or an ensemble");
  simulate->footer("Example: starling simulate inputs/ks/kassam2005.toml");
  add_run_options(*simulate, line);
  auto* assimilate = program.add_subcommand("assimilate", "cycles of forecast and analysis");
  assimilate->footer("Example: mpirun -n 2 starling assimilate inputs/ks/demo.toml");
  add_run_options(*assimilate, line);
  auto* generate = program.add_subcommand("generate", "a data set: sweeps, fidelities, splits");
  generate->footer(
      "Examples:\n"
      "  mpirun -n 2 starling generate inputs/datasets/ks1d.toml\n"
      "  starling generate runs/ks1d/runs.jsonl --row 3     one row again, from the manifest\n"
      "  starling generate FILE.hdf5                        a file again, from itself");
  add_run_options(*generate, line);
  generate->add_option("--row", line.generate.row, "only this row, into the folder row-NUMBER");
  generate
      ->add_option("--ranks-per-row", line.generate.ranks_per_row,
                   "ranks that share the trajectories of a row; the bytes are the same")
      ->check(CLI::PositiveNumber);
  auto* check = program.add_subcommand("check", "whether a data set is what it should be");
  check->footer(
      "Examples:\n"
      "  mpirun -n 2 starling check runs/ks1d       format, numbers, splits, statistics, hashes\n"
      "  starling check FILE.hdf5                   what one file says of itself\n"
      "One line a finding, \"path: what\"; exit code 2 if there is any.");
  check->add_option("path", line.check_path, "folder of a data set, or a file of one")->required();
  auto* exporter = program.add_subcommand("export", "a data set in the layout of another");
  exporter->footer(
      "Examples:\n"
      "  starling export runs/ns2d_pdegym_pwc --to pdegym --output NS-PwC.nc\n"
      "  starling export runs/ks1d/ks1d_hf1024 --to pdebench --output ks1d\n"
      "PDEBench has a file for each parameter set, in a folder. Splits are by index: training,\n"
      "validation, test.");
  exporter->add_option("folder", line.exporting.folder, "of one data set, the one with data/")
      ->required();
  exporter->add_option("--to", line.exporting.layout, "pdegym, pdebench")
      ->required()
      ->check(CLI::IsMember(datasets::export_layouts()));
  exporter->add_option("-o,--output", line.exporting.output, "file or folder");
  exporter->add_flag("--force", line.exporting.force, "replace what is there");
  auto* score = program.add_subcommand("score", "averages and tests of result files");
  score->footer(
      "Example: starling score demo.h5\n"
      "  mpirun -n 2 starling score --baseline runs/ks1d\n"
      "  mpirun -n 2 starling score --similarity runs/qg2l_eddy");
  score->add_option("files", line.score_files, "result files");
  score->add_option("--baseline", line.baseline.folder,
                    "a generated data set: closures are learned from it and scored");
  score->add_option("--similarity", line.similarity,
                    "a generated data set: climates of runs with the closures are scored");
  score->add_option("--random-features", line.baseline.random_features, "of the regression")
      ->check(CLI::PositiveNumber);
  score
      ->add_option("--max-samples,--samples", line.baseline.samples,
                   "grid points to learn from, at most")
      ->check(CLI::PositiveNumber);
  score->add_option("--only", line.baseline.only,
                    "coarsened data sets whose names have this: hf256to64_op2");
  score
      ->add_option("--inputs", line.baseline.inputs,
                   "what closures see: q1,q2,velocity1_x; default: all")
      ->delimiter(',');
  score->add_option("--runs", line.baseline.runs, "test trajectories run with each closure");
  auto* plot = program.add_subcommand("plot", "pictures (PNG) of result files");
  plot->footer("Example: starling plot demo.h5 --from 100 --to 200 --folder pictures");
  plot->add_option("files", line.plot.files, "result files")->required();
  plot->add_option("--folder", line.plot.folder, "where pictures go; default: beside the file");
  plot->add_option("--from", line.plot.from, "first time shown");
  plot->add_option("--to", line.plot.to, "last time shown");
  plot->add_option("--component", line.plot.components,
                   "2-D, 3-D: show this field, vorticity say; repeatable")
      ->allow_extra_args(false);
  plot->add_option("--member", line.plot.member, "2-D, 3-D: show this member");
  plot->add_option("--frames", line.plot.frames, "2-D, 3-D: show these frames: 0,5,10")
      ->delimiter(',')
      ->allow_extra_args(false);
  plot->add_flag("--movie", line.plot.movie, "2-D, 3-D: a picture of every frame, too");
  auto* describe = program.add_subcommand(
      "describe", "every model, stepper, filter and key, with units, defaults, references");
  describe->footer("Example: starling describe semilinear1d");
  describe->add_option("name", line.describe_name, "a kind, or one thing");
}

void dispatch(const CLI::App& program, CommandLine& line, const app::Registry& registry,
              MPI_Comm world) {
  log::open(world, line.level);
  if (!line.max_wall.empty()) line.run.options.max_wall = parse_duration(line.max_wall);
  if (program.got_subcommand("simulate")) simulate(line.run, registry, world);
  if (program.got_subcommand("assimilate")) assimilate(line.run, registry, world);
  if (program.got_subcommand("generate")) {
    line.generate.run = line.run;
    generate(line.generate, registry, world);
  }
  if (program.got_subcommand("check")) check(line.check_path, world);
  if (program.got_subcommand("export")) export_dataset(line.exporting, world);
  if (program.got_subcommand("score")) {
    const int given = (line.score_files.empty() ? 0 : 1) + (line.baseline.folder.empty() ? 0 : 1) +
                      (line.similarity.empty() ? 0 : 1);
    require(given == 1, "score: {} of files, --baseline and --similarity; allowed: one of them",
            given);
    if (!line.score_files.empty()) score(line.score_files, world);
    if (!line.baseline.folder.empty()) baseline(line.baseline, registry, world);
    if (!line.similarity.empty()) {
      line.baseline.folder = line.similarity;
      similarity(line.baseline, registry, world);
    }
  }
  if (program.got_subcommand("plot")) plot(line.plot, world);
  if (program.got_subcommand("describe")) describe(line.describe_name, registry, world);
}

}  // namespace

int main(int argc, char** argv, const app::Registry& registry) {
  CLI::App program("Starling: ensembles of turbulent PDE simulations and data assimilation");
  CommandLine line;
  line.run.options.command_line = join(argc, argv);
  describe_program(program, line);
  return app::run(argc, argv, [&](MPI_Comm world) {
    try {
      program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      // Help and version are errors to CLI11 with code 0; one rank's words are enough.
      if (error.get_exit_code() == 0) {
        if (rank_of(world) == 0) program.exit(error);
        return;
      }
      throw InputError(
          rank_of(world) == 0 ? fmt::format("{}; allowed: see starling --help", error.what()) : "");
    }
    dispatch(program, line, registry, world);
  });
}

}  // namespace starling::drivers
