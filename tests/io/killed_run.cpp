// SPDX-License-Identifier: BSD-3-Clause
// killed_run FOLDER MICROSECONDS: a run that checkpoints after every few frames, goes on from the
// newest checkpoint, checks what it finds there to the last bit, and is killed by SIGKILL after the
// given time (0: ends by itself after some frames). Exit code 3: something was lost.
#include "core/process_grid.hpp"
#include "io/checkpoint.hpp"
#include "io/results.hpp"
#include "io/series_file.hpp"

#include <mpi.h>
#include <sys/time.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

using namespace starling;
using namespace starling::io;

// Every eighth frame there is a checkpoint and a wide frame, which all ranks write themselves.
constexpr Index frames = 3000, states = 24, width = 3000, dofs = 400, wide = 30000;

Real number(Index frame, Index row, Index column) {
  return 1e-3 * static_cast<Real>((frame * 7919 + row * 104729 + column * 31) % 1000003);
}

void kill_at_once(int) { kill(getpid(), SIGKILL); }

void lost(const std::string& what) {
  std::fprintf(stderr, "killed_run: %s\n", what.c_str());
  MPI_Abort(MPI_COMM_WORLD, 3);
}

// Frames that the run before said were safe.
Index promised(const std::string& path) {
  Index frame = 0;
  std::ifstream(path) >> frame;
  return frame;
}

void check_results(const std::string& part, Index safe) {
  const Results results(part);
  const Index written = results.shape("/field").at(0);
  if (written < safe) lost("frames are missing: " + std::to_string(written));
  const auto field = results.read("/field");
  const auto time = results.read("/time");
  for (Index frame = 0; frame < written; ++frame) {
    if (time[static_cast<std::size_t>(frame)] != static_cast<Real>(frame)) lost("time");
    for (Index i = 0; i < dofs; ++i) {
      if (field[static_cast<std::size_t>(frame * dofs + i)] != number(frame, 0, i)) lost("field");
    }
  }
  const Index wide_frames = results.shape("/wide").at(0);
  if (wide_frames < safe / 8) lost("wide frames are missing: " + std::to_string(wide_frames));
  for (Index frame = std::max<Index>(0, wide_frames - 20); frame < wide_frames; ++frame) {
    const auto values = results.read("/wide", {frame, frame + 1});
    for (Index i = 0; i < wide; ++i) {
      if (values[static_cast<std::size_t>(i)] != number(frame, 1, i)) lost("wide field");
    }
  }
}

void run(MPI_Comm comm, const std::string& folder, bool briefly) {
  const std::string path = folder + "/run.h5", checkpoint_path = folder + "/checkpoint";
  const Range share = deal(dofs, size_of(comm), rank_of(comm));
  const Range rows = deal(states, size_of(comm), rank_of(comm));
  SeriesFile file(comm, path, {"simulate", "", 1});
  const Axis axis = file.axis("frames", frames);
  const Series time = file.series(axis, {.name = "/time"});
  const Series field = file.series(axis, {.name = "/field", .shape = {dofs}, .mine = share});
  const Range wide_share = deal(wide, size_of(comm), rank_of(comm));
  const Series wide_field = file.series(file.axis("wide", frames / 8),
                                        {.name = "/wide", .shape = {wide}, .mine = wide_share});
  const Array<Real**> state("state", static_cast<std::size_t>(rows.size()), width);

  const Index safe = promised(folder + "/promise");
  Index frame = 0;
  if (const auto checkpoint = Checkpoint::newest(comm, checkpoint_path)) {
    frame = checkpoint->integer("frame");
    if (frame < safe) lost("checkpoint of frame " + std::to_string(frame));
    checkpoint->rows("state", states, rows.begin, state);
    for (Index i = 0; i < rows.size(); ++i) {
      for (Index j = 0; j < width; ++j) {
        if (state(i, j) != number(frame, rows.begin + i, j)) lost("state");
      }
    }
    if (rank_of(comm) == 0) check_results(file.part_path(), frame);
    MPI_Barrier(comm);
    file.resume({frame, frame / 8});
  } else {
    if (safe > 0) lost("no checkpoint");
    file.create(true);
  }

  std::vector<Real> values(static_cast<std::size_t>(share.size()));
  std::vector<Real> wide_values(static_cast<std::size_t>(wide_share.size()));
  for (; frame < frames; ++frame) {
    for (Index i = 0; i < share.size(); ++i) {
      values[static_cast<std::size_t>(i)] = number(frame, 0, share.begin + i);
    }
    file.put(time, frame, static_cast<Real>(frame));
    file.put(field, frame, values.data());
    if (frame % 3 == 2) file.flush();
    if (frame % 8 != 7) continue;
    for (Index i = 0; i < rows.size(); ++i) {
      for (Index j = 0; j < width; ++j) state(i, j) = number(frame + 1, rows.begin + i, j);
    }
    for (Index i = 0; i < wide_share.size(); ++i) {
      wide_values[static_cast<std::size_t>(i)] = number(frame / 8, 1, wide_share.begin + i);
    }
    file.put(wide_field, frame / 8, wide_values.data());
    CheckpointWriter checkpoint(comm, checkpoint_path);
    checkpoint.integer("frame", frame + 1);
    checkpoint.rows("state", states, rows.begin, state);
    file.sync();
    checkpoint.commit();
    if (rank_of(comm) == 0) std::ofstream(folder + "/promise.new") << frame + 1;
    if (rank_of(comm) == 0) {
      std::rename((folder + "/promise.new").c_str(), (folder + "/promise").c_str());
    }
    if (briefly && frame > safe + 40) return;
  }
  file.commit();
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  Kokkos::initialize(argc, argv);
  const long microseconds = std::atol(argv[2]);
  if (microseconds > 0 && rank_of(MPI_COMM_WORLD) == size_of(MPI_COMM_WORLD) - 1) {
    std::signal(SIGALRM, kill_at_once);
    itimerval timer{};
    timer.it_value = {microseconds / 1000000, microseconds % 1000000};
    setitimer(ITIMER_REAL, &timer, nullptr);
  }
  try {
    run(MPI_COMM_WORLD, argv[1], microseconds == 0);
  } catch (const std::exception& error) {
    lost(error.what());
  }
  Kokkos::finalize();
  MPI_Finalize();
}
