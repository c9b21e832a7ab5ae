// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "plots/png.hpp"
#include "plots/png_reader.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace starling::plots {
namespace {

using test_support::bytes_of;
using test_support::decoded;

// Ramps, which every filter predicts differently, with noise below them.
Image picture(Index width, Index height) {
  Image image(width, height);
  std::uint32_t noise = 1;
  for (Index row = 0; row < height; ++row) {
    for (Index column = 0; column < width; ++column) {
      noise = noise * 1664525U + 1013904223U;
      const bool rough = row > height / 2;
      image.at(column, row) = {static_cast<std::uint8_t>(3 * column + row),
                               static_cast<std::uint8_t>(rough ? noise >> 24 : 255 - 2 * row),
                               static_cast<std::uint8_t>(column == row ? 255 : 0)};
    }
  }
  return image;
}

void expect_same(const Image& a, const Image& b) {
  ASSERT_EQ(a.width(), b.width());
  ASSERT_EQ(a.height(), b.height());
  Index different = 0;
  for (Index row = 0; row < a.height(); ++row) {
    for (Index column = 0; column < a.width(); ++column) {
      if (!(a.at(column, row) == b.at(column, row))) ++different;
    }
  }
  EXPECT_EQ(different, 0);
}

TEST(Png, ADecoderWrittenApartGivesTheSamePixels) {
  for (const auto& [width, height] :
       {std::pair<Index, Index>{1, 1}, {97, 61}, {3, 200}, {400, 2}}) {
    const Image image = picture(width, height);
    expect_same(decoded(encode_png(image)), image);
  }
}

TEST(Png, SmoothPicturesDeflateWell) {
  Image ramp(200, 200);
  for (Index row = 0; row < 200; ++row) {
    for (Index column = 0; column < 200; ++column) {
      ramp.at(column, row) = {static_cast<std::uint8_t>(column), static_cast<std::uint8_t>(row), 0};
    }
  }
  // Filtered, both ramps are constants.
  EXPECT_LT(encode_png(ramp).size(), 2000U);
}

TEST(Png, OnlyWholeOnesAreWhole) {
  const std::string png = encode_png(picture(20, 10));
  EXPECT_TRUE(is_whole_png(png));
  EXPECT_FALSE(is_whole_png(png.substr(0, png.size() - 1)));
  EXPECT_FALSE(is_whole_png(png.substr(1)));
  EXPECT_FALSE(is_whole_png(""));
}

TEST(Png, TheFileHoldsItAndNothingElseIsLeft) {
  const test_support::SharedDirectory folder;
  const std::string file = folder / "picture.png";
  write_png(file, picture(31, 17));
  expect_same(decoded(bytes_of(file)), picture(31, 17));
  write_png(file, picture(8, 9));  // replaced
  expect_same(decoded(bytes_of(file)), picture(8, 9));
  const std::filesystem::directory_iterator begin(folder.path()), end;
  EXPECT_EQ(std::distance(begin, end), 1);
}

TEST(Png, AFileThatCannotBeWrittenIsNamed) {
  const test_support::SharedDirectory folder;
  const std::string file = folder / "no" / "such" / "folder.png";
  try {
    write_png(file, picture(2, 2));
    FAIL() << "was written";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find(file), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace starling::plots
