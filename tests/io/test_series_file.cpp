// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/version.hpp"
#include "io/results.hpp"
#include "io/series_file.hpp"
#include "ranks.hpp"
#include "support/allocation_counter.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <cmath>
#include <filesystem>

namespace starling::io {
namespace {

constexpr Index frames = 37, cycles = 100, dofs = 53;
const std::vector<Index> plane = {5, 7};

// The number at (series, frame, element): what any number of ranks must have written.
Real number(int series, Index frame, Index element) {
  return std::sin(1.0 + series + 0.37 * static_cast<Real>(frame)) +
         0.01 * static_cast<Real>(element);
}

// A run with a bit of everything; the plane's shares begin and end within rows.
struct SmallRun {
  SmallRun(MPI_Comm comm, const std::string& path, Index buffer_bytes = 4000)
      : file(comm, path, {"simulate", "starling simulate x.toml", 42}, buffer_bytes) {
    const int ranks = size_of(comm), rank = rank_of(comm);
    const Axis frame_axis = file.axis("frames", frames);
    const Axis cycle_axis = file.axis("cycles", cycles);
    shares = {{0, 1},
              deal(dofs, ranks, rank),
              deal(dofs, ranks, rank),
              deal(35, ranks, rank),
              {0, rank == ranks - 1 ? dofs : 0},
              {0, 1},
              {0, 1}};
    time = file.series(frame_axis, {.name = "/time", .units = "model time", .long_name = "time"});
    mean = file.series(frame_axis, {.name = "/fields/mean", .shape = {dofs}, .mine = shares[1]});
    spread = file.series(
        frame_axis,
        {.name = "/fields/spread", .shape = {dofs}, .mine = shares[2], .stored = Stored::real32});
    vorticity =
        file.series(frame_axis, {.name = "/fields/vorticity", .shape = plane, .mine = shares[3]});
    member = file.series(frame_axis, {.name = "/members/7", .shape = {dofs}, .mine = shares[4]});
    rmse = file.series(cycle_axis, {.name = "/scores/analysis/rmse"});
    count = file.series(cycle_axis, {.name = "/scores/count", .stored = Stored::int64});
    x = file.fixed({.name = "/coordinates/x", .shape = {3}, .units = "m", .long_name = "place"});
    histogram =
        file.fixed({.name = "/rank_histogram/analysis", .shape = {4}, .stored = Stored::int64});
    config = file.text("/config", 64);
    file.attribute("model", "kuramoto_sivashinsky");
  }

  void put_frame(Index frame) {
    const Series series[5] = {time, mean, spread, vorticity, member};
    for (int s = 0; s < 5; ++s) {
      for (Index i = 0; i < shares[s].size(); ++i)
        values[i] = number(s, frame, shares[s].begin + i);
      file.put(series[s], frame, values);
    }
  }
  void put_cycle(Index cycle) {
    file.put(rmse, cycle, number(5, cycle, 0));
    file.put(count, cycle, static_cast<Real>(3 * cycle));
  }
  void go(Index first, Index last) {
    for (Index frame = first; frame < last; ++frame) {
      put_frame(frame);
      if (file.full()) file.flush();
    }
  }

  SeriesFile file;
  std::vector<Range> shares;
  Series time, mean, spread, vorticity, member, rmse, count;
  Fixed x, histogram;
  Text config;
  Real values[dofs];
};

void expect_numbers(const Results& results, const std::string& name, int series, Index first,
                    Index last) {
  const auto shape = results.shape(name);
  EXPECT_GE(shape.at(0), last) << name;
  const auto values = results.read(name, {first, last});
  const auto size = static_cast<Index>(values.size()) / std::max<Index>(1, last - first);
  const bool single = results.file().stored_type(name).second == 4;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Real expected =
        number(series, first + static_cast<Index>(i) / size, static_cast<Index>(i) % size);
    EXPECT_EQ(values[i], single ? static_cast<Real>(static_cast<float>(expected)) : expected)
        << name << " " << i;
  }
}

void expect_frames(const Results& results, Index last) {
  const char* names[] = {"/time", "/fields/mean", "/fields/spread", "/fields/vorticity",
                         "/members/7"};
  for (int s = 0; s < 5; ++s) expect_numbers(results, names[s], s, 0, last);
}

TEST(SeriesFile, HoldsWhatWasPutOnAnyNumberOfRanks) {
  const SharedDirectory folder;
  const std::string path = folder / "run.h5";
  SmallRun run(world(), path);
  run.file.create(false);
  const Real places[3] = {0.5, 1.5, 2.5}, counts[4] = {4, 3, 2, 1e15};
  run.file.write(run.x, places);
  run.file.write(run.config, "a first text, later replaced");
  run.go(0, frames);
  for (Index cycle = 0; cycle < cycles; ++cycle) {
    run.put_cycle(cycle);
    if (run.file.full()) run.file.flush();
  }
  run.file.write(run.histogram, counts);
  run.file.write(run.config, "[model]\nname = \"ks\"\n");
  EXPECT_EQ(run.file.next(), (Shape{frames, cycles}));
  run.file.commit();

  EXPECT_FALSE(std::filesystem::exists(path + ".part"));
  const Results results(path);
  expect_frames(results, frames);
  expect_numbers(results, "/scores/analysis/rmse", 5, 0, cycles);
  const auto numbers = results.read("/scores/count");
  for (Index cycle = 0; cycle < cycles; ++cycle) {
    EXPECT_EQ(numbers.at(static_cast<std::size_t>(cycle)), 3.0 * static_cast<Real>(cycle));
  }
  EXPECT_EQ(results.shape("/fields/vorticity"), (Shape{frames, 5, 7}));
  EXPECT_EQ(results.read("/coordinates/x"), (Reals{0.5, 1.5, 2.5}));
  EXPECT_EQ(results.read("/rank_histogram/analysis"), (Reals{4, 3, 2, 1e15}));
  EXPECT_EQ(results.units("/coordinates/x"), "m");
  EXPECT_EQ(results.long_name("/time"), "time");
  EXPECT_EQ(results.config(), "[model]\nname = \"ks\"\n");
  EXPECT_EQ(results.verb(), "simulate");

  const File& file = results.file();
  EXPECT_EQ(file.text_attribute("/", "model"), "kuramoto_sivashinsky");
  EXPECT_EQ(file.text_attribute("/provenance", "version"), version());
  EXPECT_EQ(file.text_attribute("/provenance", "git_hash"), git_hash());
  EXPECT_EQ(file.text_attribute("/provenance", "ranks"), std::to_string(world_size()));
  EXPECT_EQ(file.text_attribute("/provenance", "seed"), "42");
  EXPECT_EQ(file.text_attribute("/provenance", "command_line"), "starling simulate x.toml");
  std::string started = file.text_attribute("/provenance", "started");
  for (char& c : started) c = std::isdigit(static_cast<unsigned char>(c)) != 0 ? '9' : c;
  EXPECT_EQ(started, "9999-99-99T99:99:99Z");
  EXPECT_GT(file.read_reals("/provenance/wall_seconds").at(0), 0);
  EXPECT_EQ(file.read_integers("/provenance/restarts").at(0), 0);
}

// Every byte that is no number of a dataset stays as create left it, whatever is written later; so
// nothing that a killed run leaves half-written can be structure.
TEST(SeriesFile, WritesNumbersOnlyAfterCreation) {
  const SharedDirectory folder;
  const std::string part = (folder / "run.h5.part");
  SmallRun run(world(), folder / "run.h5");
  run.file.create(false);
  const auto structure = [&] {
    std::string bytes = bytes_of_file(part);
    const Handle file(H5Fopen(part.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
    for (const char* name :
         {"/time", "/fields/mean", "/fields/spread", "/fields/vorticity", "/members/7", "/config",
          "/scores/analysis/rmse", "/scores/count", "/coordinates/x", "/rank_histogram/analysis",
          "/provenance/wall_seconds", "/provenance/restarts", "/frames_written",
          "/cycles_written"}) {
      const Handle dataset(H5Dopen2(file, name, H5P_DEFAULT));
      bytes.replace(H5Dget_offset(dataset), H5Dget_storage_size(dataset),
                    H5Dget_storage_size(dataset), 'x');
    }
    return bytes;
  };
  const std::string before = world_rank() == 0 ? structure() : "";
  MPI_Barrier(world());
  const Real places[3] = {1, 2, 3};
  run.go(0, 20);
  run.file.write(run.x, places);
  run.file.write(run.config, "text");
  run.file.flush();
  run.go(20, frames);
  run.file.sync();
  if (world_rank() == 0) {
    EXPECT_GT(before.size(), 5000U);
    EXPECT_TRUE(structure() == before);
  }
  MPI_Barrier(world());
}

TEST(SeriesFile, CanBeReadWhileItIsWritten) {
  const SharedDirectory folder;
  const std::string path = folder / "run.h5";
  SmallRun run(world(), path);
  run.file.create(false);
  EXPECT_EQ(Results(path + ".part").shape("/time").at(0), 0);
  MPI_Barrier(world());
  run.go(0, 9);
  run.put_cycle(0);
  run.file.flush();
  const Results results(path + ".part");
  EXPECT_EQ(results.shape("/fields/mean"), (Shape{9, dofs}));
  EXPECT_EQ(results.shape("/scores/count").at(0), 1);
  expect_frames(results, 9);
  EXPECT_EQ(lacks(message_of<InputError>([&] {
                    results.read("/time", {0, 10});
                  }),
                  "/time has 9 frames; 0 to 10 were asked for"),
            "");
  EXPECT_EQ(lacks(message_of<InputError>([&] { Results other(path); }),
                  "the run that writes it has not ended"),
            "");
  MPI_Barrier(world());
}

TEST(SeriesFile, NeverReplacesAFileWithoutForce) {
  const SharedDirectory folder;
  const std::string path = folder / "run.h5";
  if (world_rank() == 0) write_bytes(path, "precious");
  MPI_Barrier(world());
  {
    SmallRun run(world(), path);
    EXPECT_EQ(message_of<InputError>([&] { run.file.create(false); }),
              path + ": the file exists; --force replaces it");
  }
  {
    SmallRun run(world(), path);
    run.file.create(true);
    run.go(0, 3);
    run.file.flush();
  }
  EXPECT_TRUE(bytes_of_file(path) == "precious");
  MPI_Barrier(world());
  SmallRun run(world(), path);
  run.file.create(true);
  run.go(0, frames);
  run.file.commit();
  expect_frames(Results(path), frames);
}

TEST(SeriesFile, SaysWhereItCannotBeMade) {
  const SharedDirectory folder;
  SmallRun run(world(), folder / "none" / "run.h5");
  const auto message = message_of<InputError>([&] { run.file.create(false); });
  EXPECT_EQ(lacks(message, "none/run.h5"), "");
  EXPECT_EQ(lacks(message, "No such file or directory"), "");
}

// Interrupted on all ranks, gone on with on one rank less, from a frame before the last one
// written.
TEST(SeriesFile, GoesOnAfterAnInterruption) {
  const SharedDirectory folder;
  const std::string path = folder / "run.h5";
  {
    SmallRun run(world(), path);
    run.file.create(false);
    run.file.write(run.config, "written before");
    run.go(0, 25);
    run.file.flush();
    run.put_frame(25);  // lost with the run
  }
  MPI_Barrier(world());
  const Communicator fewer = first_ranks(std::max(1, world_size() - 1));
  if (fewer != MPI_COMM_NULL) {
    SmallRun run(fewer, path);
    run.file.resume({20, 0});
    EXPECT_EQ(run.file.next(), (Shape{20, 0}));
    run.go(20, frames);
    run.file.commit();
  }
  MPI_Barrier(world());
  const Results results(path);
  expect_frames(results, frames);
  EXPECT_EQ(results.config(), "written before");
  EXPECT_EQ(results.file().read_integers("/provenance/restarts").at(0), 1);
}

TEST(SeriesFile, GoesOnOnlyWithItsOwnFile) {
  const SharedDirectory folder;
  const std::string path = folder / "run.h5";
  const auto message = [&](auto&& declare, std::vector<Index> next) {
    SeriesFile other(world(), path, {"simulate", "", 1});
    declare(other);
    return message_of<InputError>([&] { other.resume(next); });
  };
  const auto nothing = [](SeriesFile&) {};
  EXPECT_EQ(lacks(message(nothing, {}), ".part: no such file; a restart goes on with it"), "");
  if (world_rank() == 0) write_bytes(path + ".part", "something else");
  MPI_Barrier(world());
  EXPECT_EQ(lacks(message(nothing, {}), "not an HDF5 file"), "");
  MPI_Barrier(world());
  {
    SmallRun run(world(), path);
    run.file.create(false);
    run.go(0, 10);
    run.file.flush();
    SmallRun same(world(), path);
    EXPECT_EQ(lacks(message_of<InputError>([&] {
                      same.file.resume({11, 0});
                    }),
                    "it has 10 frames along frames; 11 were to be there"),
              "");
  }
  const Range mine = deal(dofs, world_size(), world_rank());
  EXPECT_EQ(
      lacks(message([](SeriesFile& f) { f.series(f.axis("frames", 36), {.name = "/time"}); }, {0}),
            "/time has 37; expected: 36"),
      "");
  EXPECT_EQ(lacks(message(
                      [&](SeriesFile& f) {
                        f.series(f.axis("frames", 37),
                                 {.name = "/fields/spread", .shape = {dofs}, .mine = mine});
                      },
                      {0}),
                  "/fields/spread has another type"),
            "");
  EXPECT_EQ(lacks(message([](SeriesFile& f) { f.text("/config", 65); }, {}),
                  "/config has another length"),
            "");
  EXPECT_EQ(lacks(message([](SeriesFile& f) { f.axis("days", 3); }, {0}),
                  "there is no dataset /days_written"),
            "");
}

TEST(SeriesFile, AllocatesNothingInAPut) {
  const SharedDirectory folder;
  SmallRun run(world(), folder / "run.h5", Index{1} << 20);
  run.file.create(false);
  run.put_frame(0);
  const test_support::AllocationCounter counter;
  bool full = false;
  for (Index frame = 1; frame < frames; ++frame) {
    run.put_frame(frame);
    full = full || run.file.full();
  }
  EXPECT_EQ(counter.count(), 0U);
  EXPECT_TRUE(full);  // the buffer is no longer than the axis
  EXPECT_THROW(run.put_frame(frames), LogicError);
}

TEST(SeriesFile, BreaksNoLawSilently) {
  const SharedDirectory folder;
  SmallRun run(world(), folder / "run.h5");
  run.file.create(false);
  EXPECT_THROW(run.file.put(run.time, 1, 0.0), LogicError);  // frame 0 comes first
  EXPECT_THROW(run.file.write(run.config, std::string(65, 'x')), LogicError);
  SeriesFile gap(world(), folder / "gap.h5", {"simulate", "", 1});
  gap.series(gap.axis("frames", 2), {.name = "/field", .shape = {8}, .mine = Range{0, 0}});
  EXPECT_THROW(gap.create(false), LogicError);  // nobody brings the frame
}

}  // namespace
}  // namespace starling::io
