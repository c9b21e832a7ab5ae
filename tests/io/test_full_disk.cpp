// SPDX-License-Identifier: BSD-3-Clause
// A disk that is full: the largest file a process may write stands for it.
#include "core/error.hpp"
#include "io/checkpoint.hpp"
#include "io/results.hpp"
#include "io/series_file.hpp"
#include "ranks.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <optional>

namespace starling::io {
namespace {

// While it lives, writing beyond `bytes` of a file fails on this rank.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

// Frames of 160 kB are gathered by rank 0 on three ranks and more; frames of 1.6 MB never are, and
// the last rank's share is the last to be written.
constexpr Index frames = 40, small = 20000, large = 200000;

struct LargeRun {
  explicit LargeRun(const std::string& path, Index dofs = small)
      : file(world(), path, {"simulate", "", 1}),
        mine(deal(dofs, world_size(), world_rank())),
        field(file.series(file.axis("frames", frames),
                          {.name = "/field", .shape = {dofs}, .mine = mine})),
        values(static_cast<std::size_t>(mine.size()), 1.5) {}
  void put(Index first, Index last) {
    for (Index frame = first; frame < last; ++frame) file.put(field, frame, values.data());
  }
  SeriesFile file;
  Range mine;
  Series field;
  std::vector<Real> values;
};

TEST(FullDisk, IsKnownBeforeTheRun) {
  const SharedDirectory folder;
  const std::string path = folder / "run.h5";
  if (world_rank() == 0) write_bytes(path, "precious");
  MPI_Barrier(world());
  {
    const SizeLimit limit(rlim_t{1} << 20);
    LargeRun run(path);
    EXPECT_EQ(lacks(message_of<IoError>([&] { run.file.create(true); }), path), "");
  }
  EXPECT_TRUE(bytes_of_file(path) == "precious");
  EXPECT_FALSE(std::filesystem::exists(path + ".part.new"));
  MPI_Barrier(world());
}

TEST(FullDisk, InTheMiddleOfARunLeavesTheOldFile) {
  for (const Index dofs : {small, large}) {
    const SharedDirectory folder;
    const std::string path = folder / "run.h5";
    if (world_rank() == 0) write_bytes(path, "precious");
    MPI_Barrier(world());
    LargeRun run(path, dofs);
    run.file.create(true);
    run.put(0, 3);
    run.file.flush();
    {
      const SizeLimit limit(static_cast<rlim_t>(dofs) * 5 * 8);
      run.put(3, 10);
      const auto message = message_of<IoError>([&] { run.file.flush(); });
      EXPECT_EQ(lacks(message, path + ".part: /field cannot be written"), "");
    }
    EXPECT_TRUE(bytes_of_file(path) == "precious");
    EXPECT_EQ(Results(path + ".part").shape("/field").at(0), 3);
    MPI_Barrier(world());
    run.file.commit();  // there is space again, and nothing that was put is lost
    const auto values = Results(path).read("/field");
    EXPECT_EQ(values.size(), static_cast<std::size_t>(10 * dofs));
    EXPECT_TRUE(std::all_of(values.begin(), values.end(), [](Real v) { return v == 1.5; }));
  }
}

TEST(FullDisk, OfOneRankIsKnownToAll) {
  const SharedDirectory folder;
  LargeRun run(folder / "run.h5", large);
  run.file.create(false);
  run.put(0, 10);
  std::optional<SizeLimit> limit;
  if (world_rank() == world_size() - 1) limit.emplace(rlim_t{8} << 20);
  const auto message = message_of<IoError>([&] { run.file.flush(); });
  EXPECT_EQ(lacks(message, "/field cannot be written: "), "");
  limit.reset();
}

TEST(FullDisk, LeavesThePreviousCheckpoint) {
  const SharedDirectory folder;
  const std::string path = folder / "checkpoint";
  const Range mine = deal(100, world_size(), world_rank());
  const Array<Real**> states("states", static_cast<std::size_t>(mine.size()), 10000);  // 8 MB
  const auto write = [&](Real value) {
    for (Index i = 0; i < mine.size() * 10000; ++i) states.data()[i] = value;
    CheckpointWriter writer(world(), path);
    writer.rows("states", 100, mine.begin, states);
    writer.commit();
  };
  const auto expect_value = [&](Real value) {
    const auto found = Checkpoint::newest(world(), path);
    EXPECT_TRUE(found.has_value());
    if (!found) return;
    EXPECT_EQ(found->path(), path);
    found->rows("states", 100, mine.begin, states);
    for (Index i = 0; i < mine.size() * 10000; i += 777) EXPECT_EQ(states.data()[i], value);
  };
  write(1);
  {
    const SizeLimit limit(rlim_t{4} << 20);
    EXPECT_EQ(lacks(message_of<IoError>([&] { write(2); }), path + ".tmp"), "");
  }
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
  expect_value(1);
  write(3);
  expect_value(3);
}

}  // namespace
}  // namespace starling::io
