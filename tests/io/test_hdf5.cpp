// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "io/hdf5.hpp"
#include "io/layout.hpp"
#include "ranks.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace starling::io {
namespace {

// A file as a stranger might write it: chunked, compressed, big-endian, 32 bits.
void write_foreign(const std::string& path) {
  silence_hdf5();
  const Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  const hsize_t extents[2] = {3, 4}, chunk[2] = {2, 3};
  const Handle space(H5Screate_simple(2, extents, nullptr));
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_chunk(creation, 2, chunk);
  H5Pset_deflate(creation, 1);
  const float values[12] = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23.5F};
  const Handle value(
      H5Dcreate2(file, "value", H5T_IEEE_F32BE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
  H5Dwrite(value, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);

  const hsize_t three = 3;
  const Handle row(H5Screate_simple(1, &three, nullptr));
  const Handle group(H5Gcreate2(file, "site", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  const Handle kind(
      H5Dcreate2(group, "kind", H5T_STD_I16BE, row, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  const int kinds[3] = {7, -8, 9};
  H5Dwrite(kind, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, kinds);

  const Handle scalar(H5Screate(H5S_SCALAR));
  const Handle variable(H5Tcopy(H5T_C_S1));
  H5Tset_size(variable, H5T_VARIABLE);
  const Handle text(
      H5Dcreate2(group, "name", variable, scalar, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  const char* name = "Pasadena";
  H5Dwrite(text, variable, H5S_ALL, H5S_ALL, H5P_DEFAULT, &name);
  set_text(value, "units", "m/s");
  set_integer(value, "level", -5);
}

class ForeignFile : public testing::Test {
 protected:
  ForeignFile() {
    if (world_rank() == 0) write_foreign(path);
    MPI_Barrier(world());
  }
  SharedDirectory folder;
  std::string path = folder / "foreign.h5";
};

TEST_F(ForeignFile, IsReadAsItWasWritten) {
  const File file = File::open(path, world());
  EXPECT_EQ(file.shape("/value"), (Shape{3, 4}));
  EXPECT_EQ(file.read_reals("value"), (Reals{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23.5}));
  EXPECT_EQ(file.read_reals("/value", {1, 2}), (Reals{10, 11, 12, 13}));
  EXPECT_TRUE(file.read_reals("/value", {3, 3}).empty());
  EXPECT_EQ(file.read_integers("/site/kind"), (Integers{7, -8, 9}));
  EXPECT_EQ(file.read_reals("/site/kind"), (Reals{7, -8, 9}));
  EXPECT_EQ(file.read_text("/site/name"), "Pasadena");
  EXPECT_EQ(file.text_attribute("/value", "units"), "m/s");
  EXPECT_EQ(file.integer_attribute("/value", "level"), -5);
  EXPECT_EQ(file.attributes("/value"), (Names{"level", "units"}));
  EXPECT_EQ(file.datasets(), (Names{"value"}));
  EXPECT_EQ(file.groups(), (Names{"site"}));
  EXPECT_EQ(file.datasets("/site"), (Names{"kind", "name"}));
  EXPECT_TRUE(file.datasets("/nowhere").empty());
  EXPECT_TRUE(file.has("/site/kind"));
  EXPECT_FALSE(file.has("/site/kind/deeper"));
  EXPECT_FALSE(file.has("/nowhere/kind"));
}

TEST_F(ForeignFile, SaysWhatIsMissingOrOfAnotherKind) {
  const File file = File::open(path);
  const auto message = [&](auto&& work) { return message_of<InputError>(work); };
  EXPECT_EQ(message([&] { file.read_reals("/site/height"); }),
            path + ": there is no dataset /site/height; /site has: kind, name");
  EXPECT_EQ(message([&] { file.read_reals("/a/b/c"); }), path + ": there is no dataset /a/b/c");
  EXPECT_EQ(message([&] { file.read_reals("/site"); }), path + ": /site is not a dataset");
  EXPECT_EQ(message([&] { file.read_reals("/site/name"); }),
            path + ": /site/name must hold numbers");
  EXPECT_EQ(message([&] { file.read_integers("/value"); }), path + ": /value must hold integers");
  EXPECT_EQ(message([&] { file.read_text("/value"); }), path + ": /value must hold one text");
  EXPECT_EQ(message([&] {
              file.require_shape("/value", {3, 5});
            }),
            path + ": /value has 3 x 4; expected: 3 x 5");
  EXPECT_EQ(message([&] { file.require_shape("/value", {}); }),
            path + ": /value has 3 x 4; expected: one value");
  EXPECT_EQ(message([&] {
              file.read_reals("/value", {2, 4});
            }),
            path + ": /value has 3 x 4; rows 2 to 4 were asked for");
  EXPECT_EQ(message([&] { file.text_attribute("/value", "long_name"); }),
            path + ": /value has no attribute long_name");
  EXPECT_EQ(message([&] { file.text_attribute("/value", "level"); }),
            path + ": level of /value must be text");
  EXPECT_EQ(message([&] { file.integer_attribute("/value", "units"); }),
            path + ": units of /value must be an integer");
}

TEST(OpenFile, SaysOnEveryRankWhyItCannot) {
  const SharedDirectory folder;
  const std::string foreign = folder / "foreign.h5", text = folder / "text.h5",
                    empty = folder / "empty.h5", cut = folder / "cut.h5",
                    running = folder / "running.h5";
  if (world_rank() == 0) {
    write_foreign(foreign);
    write_bytes(text, "time value\n0.0 1.0\n");
    write_bytes(empty, "");
    const std::string bytes = bytes_of_file(foreign);
    write_bytes(cut, bytes.substr(0, bytes.size() / 2));
    write_bytes(running + ".part", "");
  }
  MPI_Barrier(world());
  const auto message = [&](const std::string& path) {
    return message_of<InputError>([&] { File::open(path, world()); });
  };
  const std::string none = folder / "none.h5";
  EXPECT_EQ(message(none), none + ": no such file");
  EXPECT_EQ(message(running),
            running + ": no such file; the run that writes it has not ended: " + running + ".part");
  EXPECT_EQ(message(folder.path()), folder.path().string() + ": a folder, not a file");
  EXPECT_EQ(message(text), text + ": not an HDF5 file");
  EXPECT_EQ(message(empty), empty + ": the file is empty");
  EXPECT_EQ(message(cut), cut + ": the end of the file is missing (truncated)");
  EXPECT_EQ(message_of<InputError>([&] { File::open(none); }), none + ": no such file");
}

// Cut anywhere, the file is refused in one line; nothing crashes.
TEST(OpenFile, RefusesEveryTruncation) {
  const SharedDirectory folder;
  if (world_rank() != 0) return;
  const std::string path = folder / "whole.h5", cut = folder / "cut.h5";
  write_foreign(path);
  const std::string bytes = bytes_of_file(path);
  for (std::size_t length = 0; length < bytes.size(); length += 97) {
    write_bytes(cut, bytes.substr(0, length));
    const std::string message = message_of<InputError>([&] { File::open(cut); });
    EXPECT_EQ(message.find(cut + ": "), 0U) << length << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
}

TEST(Handle, ClosesWithItsOwner) {
  silence_hdf5();
  const hid_t id = H5Screate(H5S_SCALAR);
  {
    Handle one(id);
    Handle other = std::move(one);
    EXPECT_FALSE(one.valid());  // NOLINT(bugprone-use-after-move): that is the test
    EXPECT_GT(H5Iis_valid(other), 0);
  }
  EXPECT_EQ(H5Iis_valid(id), 0);
}

// A share of a frame of several axes is not one box; the selection must be the same elements in the
// same order as counting says.
TEST(SelectFrames, IsTheRowMajorRange) {
  const std::vector<Index> extents = {3, 2, 3, 4};
  const SharedDirectory folder;
  if (world_rank() != 0) return;
  const std::string path = folder / "grid.h5";
  {
    NewFile made(path, 0);
    std::vector<double> values(72);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i);
    EXPECT_TRUE(write_whole(make_dataset(made.handle(), "/grid", H5T_NATIVE_DOUBLE, extents),
                            H5T_NATIVE_DOUBLE, values.data()));
    made.finish();
  }
  const Handle file = open_alone(path, false);
  const Handle grid(H5Dopen2(file, "/grid", H5P_DEFAULT));
  for (Index begin = 0; begin <= 24; ++begin) {
    for (Index end = begin; end <= 24; ++end) {
      const Index size = end - begin;
      std::vector<double> read(static_cast<std::size_t>(2 * size));
      const Handle space = select_frames(extents, {1, 3}, {{begin, end}});
      EXPECT_EQ(H5Sget_select_npoints(space), 2 * size);
      if (size == 0) continue;
      H5Dread(grid, H5T_NATIVE_DOUBLE, flat_space(2 * size), space, H5P_DEFAULT, read.data());
      for (Index i = 0; i < 2 * size; ++i) {
        const Index frame = 1 + i / size;
        EXPECT_EQ(read[static_cast<std::size_t>(i)],
                  static_cast<double>(frame * 24 + begin + i % size));
      }
    }
  }
}

}  // namespace
}  // namespace starling::io
