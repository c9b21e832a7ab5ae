// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "plots/gnuplot.hpp"
#include "plots/page.hpp"
#include "plots/png_reader.hpp"
#include "support/mpi_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace starling::plots {
namespace {

using testing::HasSubstr;
using Size = std::pair<Index, Index>;

template <class Failure>
std::string message_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "nothing was thrown";
}

Index files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

class Gnuplot : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  }
  test_support::SharedDirectory folder_;
  std::string file_ = folder_ / "picture.png";
};

TEST(GnuplotProgram, IsFoundOnPathAndByName) {
  EXPECT_TRUE(has_gnuplot("sh"));
  EXPECT_TRUE(has_gnuplot("/bin/sh"));
  EXPECT_FALSE(has_gnuplot("no-such-program"));
  EXPECT_FALSE(has_gnuplot("/no/such/program"));
}

TEST(GnuplotProgram, ThePackageOfAMissingOneIsNamed) {
  const std::string message =
      message_of<InputError>([] { run_gnuplot("a.png", "", "no-such-gnuplot"); });
  EXPECT_THAT(message, HasSubstr("no-such-gnuplot"));
  EXPECT_THAT(message, HasSubstr("apt install gnuplot-nox"));
}

TEST_F(Gnuplot, DrawsThePicture) {
  run_gnuplot(file_, "set terminal pngcairo size 320,200\nplot sin(x)\n");
  EXPECT_EQ(test_support::checked_size(test_support::bytes_of(file_)), Size(320, 200));
  EXPECT_EQ(files_in(folder_.path()), 1);
}

TEST_F(Gnuplot, ItsComplaintIsPassedOnAndNothingIsLeft) {
  const std::string message = message_of<IoError>(
      [&] { run_gnuplot(file_, "set terminal pngcairo\nset colour nonsense\nplot x\n"); });
  EXPECT_THAT(message, HasSubstr(file_));
  EXPECT_THAT(message, HasSubstr("unrecognized option"));
  EXPECT_EQ(files_in(folder_.path()), 0);
}

TEST_F(Gnuplot, ASilentEndInTheMiddleIsAnErrorToo) {
  // More than a socket holds, so that the writer meets the closed end.
  const std::string script = "exit\n" + std::string(1 << 24, '#');
  EXPECT_THAT(message_of<IoError>([&] { run_gnuplot(file_, script); }),
              HasSubstr("gnuplot failed"));
  EXPECT_THAT(message_of<IoError>([&] { run_gnuplot(file_, "x = 1\n"); }),
              HasSubstr("gnuplot failed"));
  EXPECT_EQ(files_in(folder_.path()), 0);
}

TEST_F(Gnuplot, APageHasTheSizeAskedFor) {
  Page page(400, 300, 1.5);
  page.write(file_);
  EXPECT_EQ(test_support::checked_size(test_support::bytes_of(file_)), Size(600, 450));
}

TEST_F(Gnuplot, PanelsOfEveryKindAreDrawn) {
  Page page(400, 300, 1);
  for (const Mark mark : {Mark::line, Mark::points, Mark::band, Mark::bars, Mark::errors}) {
    Panel panel;
    panel.box = {50, 50, 300, 200};
    const Real gap = std::numeric_limits<Real>::quiet_NaN();
    panel.curves = {{mark, "name", {0, 0, 255}, {0, 0.5, 1}, {0.1, gap, 0.3}, {0.2, 0.1, 0.1}}};
    page.add(panel);
    panel.x.logarithmic = panel.y.logarithmic = true;
    panel.x.from = panel.y.from = 1e-9;
    panel.legend = Legend::inside;
    page.add(panel);
  }
  page.write(file_);
  EXPECT_EQ(test_support::checked_size(test_support::bytes_of(file_)), Size(400, 300));
}

TEST_F(Gnuplot, AnImageFillsItsBoxUpright) {
  Page page(60, 60, 1);
  Panel panel;
  panel.box = {10, 10, 40, 40};
  panel.image = Image(40, 40, {255, 0, 0});
  for (Index column = 0; column < 40; ++column) {
    for (Index row = 0; row < 20; ++row) panel.image.at(column, row) = {0, 0, 255};  // above
  }
  panel.x.ticks = panel.y.ticks = false;
  page.add(panel);
  page.write(file_);
  const Image drawn = test_support::decoded(test_support::bytes_of(file_));
  EXPECT_EQ(drawn.at(30, 20), (Rgb{0, 0, 255}));
  EXPECT_EQ(drawn.at(30, 40), (Rgb{255, 0, 0}));
  EXPECT_EQ(drawn.at(14, 14), (Rgb{0, 0, 255}));
  EXPECT_EQ(drawn.at(46, 46), (Rgb{255, 0, 0}));
  EXPECT_EQ(drawn.at(4, 30), (Rgb{255, 255, 255}));
  EXPECT_EQ(drawn.at(56, 30), (Rgb{255, 255, 255}));
}

TEST_F(Gnuplot, TextsAreNeverCommands) {
  const std::string trace = folder_ / "trace";
  Page page(300, 200, 1);
  const std::string nasty = "it's {/:Bold a}_b^c \"`touch " + trace + "`\" \\n\n!touch " + trace;
  page.add(Text{10, 10, nasty, 10, {}, true, Align::centre});
  Panel panel;
  panel.box = {50, 50, 200, 100};
  panel.title = panel.x.label = panel.y.label = nasty;
  panel.curves = {{Mark::line, nasty, {}, {0, 1}, {0, 1}, {}}};
  page.add(panel);
  panel.legend = Legend::inside;
  page.add(panel);
  page.write(file_);
  EXPECT_FALSE(std::filesystem::exists(trace));
}

}  // namespace
}  // namespace starling::plots
