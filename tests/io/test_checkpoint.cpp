// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "io/checkpoint.hpp"
#include "io/hash.hpp"
#include "ranks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace starling::io {
namespace {

constexpr Index states = 11, width = 17;

Real number(std::int64_t cycle, Index row, Index column) {
  return std::cos(0.1 * static_cast<Real>(cycle) + static_cast<Real>(row)) /
         (1.0 + static_cast<Real>(column));
}

struct Share {
  explicit Share(MPI_Comm comm)
      : range(deal(states, size_of(comm), rank_of(comm))),
        values("values", static_cast<std::size_t>(range.size()), width) {}
  Range range;
  Array<Real**> values;
};

void write(MPI_Comm comm, const std::string& path, std::int64_t cycle) {
  const Share share(comm);
  for (Index i = 0; i < share.range.size(); ++i) {
    for (Index j = 0; j < width; ++j) share.values(i, j) = number(cycle, share.range.begin + i, j);
  }
  const Array<Real**> history("history", static_cast<std::size_t>(share.range.size()), 0);
  CheckpointWriter writer(comm, path);
  writer.text("config", "[model]\n# cycle " + std::to_string(cycle));
  writer.text("empty", "");
  writer.integer("cycle", cycle);
  writer.integers("frames", {3, cycle, -7});
  writer.integers("no_integers", {});
  writer.reals("inflation", {1.02, 0.1 + 0.2, 1e-300});
  writer.rows("states", states, share.range.begin, share.values);
  writer.rows("history", states, share.range.begin, history);
  writer.commit();
}

void expect_whole(MPI_Comm comm, const Checkpoint& checkpoint, std::int64_t cycle) {
  EXPECT_EQ(checkpoint.integer("cycle"), cycle);
  EXPECT_EQ(checkpoint.text("config"), "[model]\n# cycle " + std::to_string(cycle));
  EXPECT_EQ(checkpoint.text("empty"), "");
  EXPECT_EQ(checkpoint.integers("frames"), (Integers{3, cycle, -7}));
  EXPECT_TRUE(checkpoint.integers("no_integers").empty());
  EXPECT_EQ(checkpoint.reals("inflation"), (Reals{1.02, 0.1 + 0.2, 1e-300}));
  Share share(comm);
  checkpoint.rows("states", states, share.range.begin, share.values);
  for (Index i = 0; i < share.range.size(); ++i) {
    for (Index j = 0; j < width; ++j) {
      EXPECT_EQ(share.values(i, j), number(cycle, share.range.begin + i, j));
    }
  }
  const Array<Real**> history("history", static_cast<std::size_t>(share.range.size()), 0);
  checkpoint.rows("history", states, share.range.begin, history);
}

TEST(Checkpoint, IsReadOnAnyNumberOfRanks) {
  const SharedDirectory folder;
  const std::string path = folder / "checkpoint";
  EXPECT_FALSE(Checkpoint::newest(world(), path).has_value());
  for (int ranks = 1; ranks <= world_size(); ++ranks) {
    const Communicator writers = first_ranks(ranks);
    if (writers != MPI_COMM_NULL) write(writers, path, ranks);
    MPI_Barrier(world());
    const auto found = Checkpoint::newest(world(), path);
    EXPECT_TRUE(found.has_value());
    if (found) expect_whole(world(), *found, ranks);
    const Communicator readers = first_ranks(world_size() + 1 - ranks);
    if (readers != MPI_COMM_NULL) {
      const auto same = Checkpoint::newest(readers, path);
      EXPECT_TRUE(same.has_value());
      if (same) expect_whole(readers, *same, ranks);
    }
    MPI_Barrier(world());
  }
  EXPECT_EQ(std::filesystem::exists(path + ".previous"), world_size() > 1);
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
  MPI_Barrier(world());
  Checkpoint::remove(world(), path);
  EXPECT_FALSE(Checkpoint::newest(world(), path).has_value());
}

TEST(Checkpoint, MayLeaveRanksWithoutRows) {
  const SharedDirectory folder;
  const std::string path = folder / "checkpoint";
  const bool last = world_rank() == world_size() - 1;
  const Array<Real**> mine("mine", last ? 2 : 0, 3);
  if (last) {
    for (int i = 0; i < 6; ++i) mine.data()[i] = i;
  }
  CheckpointWriter writer(world(), path);
  writer.rows("states", 2, 0, mine);
  writer.commit();
  const auto found = Checkpoint::newest(world(), path);
  EXPECT_TRUE(found.has_value());
  const Array<Real**> all("all", 2, 3);
  if (found) found->rows("states", 2, 0, all);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(all.data()[i], i);
}

TEST(Checkpoint, SaysWhatItLacks) {
  const SharedDirectory folder;
  const std::string path = folder / "checkpoint";
  write(world(), path, 5);
  const auto found = Checkpoint::newest(world(), path);
  EXPECT_TRUE(found.has_value());
  if (!found) return;
  EXPECT_TRUE(found->has("states"));
  EXPECT_FALSE(found->has("weights"));
  const auto message = [&](auto&& work) { return message_of<InputError>(work); };
  EXPECT_EQ(message([&] { found->reals("weights"); }), path + ": the checkpoint has no weights");
  EXPECT_EQ(message([&] { found->integer("frames"); }),
            path + ": frames of the checkpoint is not one integer");
  Array<Real**> wide("wide", 0, 18);
  EXPECT_EQ(message([&] { found->rows("states", 12, 0, wide); }),
            path + ": states of the checkpoint has 11 rows of 17; expected: 12 rows of 18");
}

// Cut at any length, or with any byte changed, the newest is either still exact or passed over for
// the one before.
TEST(Checkpoint, SurvivesAnyDamageToTheNewest) {
  const SharedDirectory folder;
  if (world_rank() != 0) return;
  const std::string path = folder / "checkpoint";
  write(MPI_COMM_SELF, path, 1);
  write(MPI_COMM_SELF, path, 2);
  const std::string whole = bytes_of_file(path);
  int passed_over = 0, exact = 0;
  const auto check = [&](const std::string& what) {
    const auto found = Checkpoint::newest(MPI_COMM_SELF, path);
    ASSERT_TRUE(found.has_value()) << what;
    ++(found->integer("cycle") == 1 ? passed_over : exact);
    EXPECT_EQ(found->path(), found->integer("cycle") == 1 ? path + ".previous" : path);
    expect_whole(MPI_COMM_SELF, *found, found->integer("cycle"));
  };
  testing::internal::CaptureStderr();
  for (std::size_t length = 0; length < whole.size(); length += 61) {
    write_bytes(path, whole.substr(0, length));
    check("cut at " + std::to_string(length));
  }
  EXPECT_EQ(exact, 0);  // the end of the file is needed
  for (std::size_t at = 0; at < whole.size(); at += 13) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    write_bytes(path, bytes);
    check("changed at " + std::to_string(at));
  }
  EXPECT_EQ(lacks(testing::internal::GetCapturedStderr(), "going on from " + path + ".previous"),
            "");
  EXPECT_GT(passed_over, static_cast<int>(whole.size() / 61 + 11 * 17 * 8 / 13));
}

TEST(Checkpoint, FallsBackOnAllRanksTogether) {
  const SharedDirectory folder;
  const std::string path = folder / "checkpoint";
  write(world(), path, 1);
  write(world(), path, 2);
  if (world_rank() == 0) {
    std::string bytes = bytes_of_file(path);
    const Real last = number(2, states - 1, width - 1);
    std::string pattern(sizeof last, '\0');
    std::memcpy(pattern.data(), &last, sizeof last);
    const auto at = bytes.find(pattern);
    EXPECT_NE(at, std::string::npos);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);  // seen by the last rank alone
    write_bytes(path, bytes);
    testing::internal::CaptureStderr();
  }
  MPI_Barrier(world());
  const auto found = Checkpoint::newest(world(), path);
  if (world_rank() == 0) {
    EXPECT_EQ(lacks(testing::internal::GetCapturedStderr(), "the checkpoint is damaged: states"),
              "");
  }
  EXPECT_TRUE(found.has_value());
  if (found) expect_whole(world(), *found, 1);
}

TEST(Checkpoint, DoesNotStartAfreshSilently) {
  const SharedDirectory folder;
  const std::string path = folder / "checkpoint";
  if (world_rank() == 0) {
    write_bytes(path, "torn");
    write_bytes(path + ".previous", "");
  }
  MPI_Barrier(world());
  const auto message = message_of<InputError>([&] { Checkpoint::newest(world(), path); });
  EXPECT_EQ(lacks(message, path + ": not an HDF5 file"), "");
  EXPECT_EQ(lacks(message, path + ".previous: the file is empty"), "");
}

// What a kill at each stage of the very first and of a later commit leaves.
TEST(Checkpoint, IsFoundWhereverTheWriterWasKilled) {
  namespace fs = std::filesystem;
  const SharedDirectory folder;
  if (world_rank() != 0) return;
  const std::string path = folder / "checkpoint";
  const auto found_cycle = [&] {
    const auto found = Checkpoint::newest(MPI_COMM_SELF, path);
    return found ? found->integer("cycle") : -1;
  };
  write_bytes(path + ".tmp", "torn in the first commit");
  EXPECT_EQ(found_cycle(), -1);
  write(MPI_COMM_SELF, path, 1);
  write_bytes(path + ".tmp", "torn in a later commit");
  EXPECT_EQ(found_cycle(), 1);
  write(MPI_COMM_SELF, path, 2);
  testing::internal::CaptureStderr();
  fs::rename(path, path + ".tmp");  // between the two renames
  EXPECT_EQ(found_cycle(), 2);
  fs::remove(path + ".tmp");
  EXPECT_EQ(found_cycle(), 1);
  testing::internal::GetCapturedStderr();
}

TEST(HashBytes, SeesFlipsThatCancelInAPlainProduct) {
  Real values[4] = {1, 2, 3, 4};
  const auto before = hash_bytes(values, sizeof values);
  values[0] = -1;  // two sign bits, the highest of their words
  values[2] = -3;
  EXPECT_NE(hash_bytes(values, sizeof values), before);
  EXPECT_NE(hash_bytes("ab", 2), hash_bytes("ab\0", 3));
  EXPECT_NE(hash_bytes("", 0, 1), hash_bytes("", 0, 2));
}

}  // namespace
}  // namespace starling::io
