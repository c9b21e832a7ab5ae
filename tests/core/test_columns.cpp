// SPDX-License-Identifier: BSD-3-Clause
#include "core/columns.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using namespace starling;

std::vector<Index> numbers(const Columns& columns) {
  std::vector<Index> all;
  for (Index i = 0; i < columns.count(); ++i) all.push_back(columns.global(i));
  return all;
}

TEST(Columns, AreAllOfThemByDefault) {
  const Columns columns(3);
  EXPECT_TRUE(columns.is_whole());
  EXPECT_EQ(columns.pieces().size(), 1u);
  EXPECT_EQ(numbers(columns), (std::vector<Index>{0, 1, 2}));
}

TEST(Columns, NamePlacesAmongAll) {
  const Columns columns(20, {{2, 4}, {4, 5}, {9, 9}, {10, 12}});
  EXPECT_EQ(columns.all(), 20);
  EXPECT_FALSE(columns.is_whole());
  EXPECT_EQ(numbers(columns), (std::vector<Index>{2, 3, 4, 10, 11}));
  // Pieces that touch are one, empty ones none.
  EXPECT_EQ(columns.pieces().size(), 2u);
}

TEST(Columns, MayBeNone) {
  for (const Columns& none : {Columns(), Columns(7, {}), Columns(7, {{3, 3}})}) {
    EXPECT_EQ(none.count(), 0);
    EXPECT_TRUE(none.pieces().empty());
    EXPECT_EQ(none.part({0, 0}).count(), 0);
    EXPECT_EQ(none.repeated(3).count(), 0);
  }
  EXPECT_EQ(Columns(7, {}).all(), 7);
}

TEST(Columns, PartsAreCutFromWhatIsHere) {
  const Columns columns(20, {{2, 5}, {10, 12}, {15, 20}});
  for (Index begin = 0; begin <= columns.count(); ++begin)
    for (Index end = begin; end <= columns.count(); ++end) {
      std::vector<Index> expected;
      for (Index i = begin; i < end; ++i) expected.push_back(columns.global(i));
      const Columns part = columns.part({begin, end});
      EXPECT_EQ(numbers(part), expected) << begin << " to " << end;
      EXPECT_EQ(part.all(), 20);
    }
}

TEST(Columns, RowsOneAfterTheOtherAreOneRow) {
  const Columns twice = Columns(6, {{0, 1}, {4, 6}}).repeated(2);
  EXPECT_EQ(twice.all(), 12);
  EXPECT_EQ(numbers(twice), (std::vector<Index>{0, 4, 5, 6, 10, 11}));
  // The end of one row touches the beginning of the next.
  EXPECT_EQ(twice.pieces().size(), 3u);
  EXPECT_TRUE(Columns(6).repeated(3).is_whole());
}

}  // namespace
