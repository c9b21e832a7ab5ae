// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "datasets/manifest.hpp"
#include "datasets/record.hpp"
#include "datasets/settings.hpp"
#include "io/sha256.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace {

using namespace starling;
using datasets::Row;

const std::string input =
    "[dataset]\nname = \"x\"\ntrajectories = 20\ntrajectories_per_file = 2\nframes = 4\n"
    "frame_interval = 1.0\n[sweep.a]\nkey = \"model.a\"\nvalues = [0.1, 0.30000000000000004]\n";

std::vector<Row> rows(const std::string& more = "") {
  return datasets::make_rows(input + more, "test_manifest.cpp", {"run.seed=7"}, {"", "", {}}, 0, 0);
}

// Of FIPS 180-4's examples.
TEST(Sha256, OfKnownTexts) {
  EXPECT_EQ(io::sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(io::sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Row, ComesBackFromItsLine) {
  for (const Row& row : rows()) {
    const Row again = Row::from_json(row.to_json(), "here");
    EXPECT_EQ(again.hash(), row.hash());
    EXPECT_EQ(again.parameters, row.parameters);
    EXPECT_EQ(again.set, row.set);
  }
}

TEST(Row, ThatWasChangedIsRefused) {
  std::string line = rows()[3].to_json();
  EXPECT_THROW(Row::from_json(line.substr(1), "here"), InputError);
  EXPECT_THROW(Row::from_json("{}", "here"), InputError);
  line.replace(line.find("0.1"), 3, "0.2");
  EXPECT_THROW(Row::from_json(line, "here"), InputError);
}

TEST(Rows, HaveEachTrajectoryOnceAndEveryParameterSet) {
  const auto all = rows();
  ASSERT_EQ(all.size(), 20u);
  std::set<Index> seen;
  for (const Row& row : all)
    for (Index t = row.first; t < row.first + row.count; ++t) EXPECT_TRUE(seen.insert(t).second);
  EXPECT_EQ(seen.size(), 40u);
  // A parameter comes back from the text that sets it, bit for bit.
  EXPECT_EQ(all[15].set.back(), "model.a=0.30000000000000004");
}

TEST(Rows, AreDealtToSplitsByTheirShares) {
  std::map<std::string, int> count;
  for (const Row& row : rows()) ++count[row.split];
  EXPECT_EQ(count, (std::map<std::string, int>{{"train", 16}, {"valid", 2}, {"test", 2}}));
  // By parameter: all rows of one are in one split.
  std::map<Real, std::set<std::string>> of;
  for (const Row& row : rows("[split]\nby = \"parameter\"\n"))
    of[row.parameters[0].second].insert(row.split);
  for (const auto& [value, splits] : of) EXPECT_EQ(splits.size(), 1u) << value;
  // Siblings test.
  for (const Row& row : datasets::make_rows(input, "", {}, {"ood", "parameter", {}}, 20, 40)) {
    EXPECT_EQ(row.split, "test");
    EXPECT_EQ(row.dataset, "x_ood");
    EXPECT_GE(row.first, 40);
  }
}

TEST(Record, ComesBackAndIsFoundWithItsFilesOnly) {
  const test_support::SharedDirectory folder;
  const Row row = rows()[1];
  datasets::RowRecord record;
  record.row = row.number;
  record.hash = row.hash();
  record.files.push_back({"x_hf", "train", "a.hdf5", 5, "00", 2, 5, {}});
  record.files[0].statistics.push_back({"u", {{{3, 0.1, 0.2, -1, 1}, {}}}});
  const std::string base = folder.path().string();
  EXPECT_FALSE(datasets::find_record(base, row));
  std::filesystem::create_directories(folder / "rows");
  datasets::write_text(datasets::record_path(base, row), record.to_json());
  EXPECT_FALSE(datasets::find_record(base, row)) << "its file is not there";
  datasets::write_text(base + "/a.hdf5", "12345");
  const auto found = datasets::find_record(base, row);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->to_json(), record.to_json());
  EXPECT_FALSE(datasets::find_record(base, rows()[2])) << "another row";
  datasets::write_text(base + "/a.hdf5", "1234");
  EXPECT_FALSE(datasets::find_record(base, row)) << "its file is cut off";
}

}  // namespace
