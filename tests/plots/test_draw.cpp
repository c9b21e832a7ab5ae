// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "plots/draw.hpp"
#include "plots/gnuplot.hpp"
#include "plots/png_reader.hpp"
#include "plots/sample_files.hpp"
#include "support/mpi_test.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include <filesystem>
#include <fstream>
#include <functional>

namespace starling::plots {
namespace {

using test_support::bytes_of;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names(const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const std::string& file : files) {
    out.push_back(std::filesystem::path(file).filename().string());
  }
  return out;
}

class Draw : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_ / name; }
  std::string input_error(const std::string& file, const Options& options = {}) const {
    try {
      draw(file, out_, options);
    } catch (const InputError& error) {
      return error.what();
    }
    return "nothing was thrown";
  }

  test_support::SharedDirectory folder_;
  std::string out_ = folder_ / "pictures";
  MPI_Comm self_ = MPI_COMM_SELF;
  Options small_{.from = {}, .to = {}, .scale = 0.5, .gnuplot = "gnuplot"};
};

class DrawAll : public Draw {
 protected:
  void SetUp() override {
    if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
  }
};

TEST_F(DrawAll, AnAssimilation) {
  test_support::write_assimilation(path("twin.h5"), {}, self_);
  const auto written = draw(path("twin.h5"), out_, small_);
  EXPECT_THAT(names(written), ElementsAre("twin_overview.png", "twin_fields.png", "twin_scores.png",
                                          "twin_ranks.png", "twin_spectra.png"));
  for (const std::string& file : written) {
    EXPECT_EQ(test_support::checked_size(bytes_of(file)).first, 600) << file;
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(out_), {}), std::ssize(written));
}

TEST_F(DrawAll, ASimulation) {
  test_support::write_simulation(path("free.h5"), {}, self_);
  EXPECT_THAT(names(draw(path("free.h5"), out_, small_)),
              ElementsAre("free_overview.png", "free_fields.png", "free_spectra.png",
                          "free_diagnostics.png"));
}

TEST_F(DrawAll, AModelOfThreeVariables) {
  test_support::write_assimilation(path("lorenz.h5"), {.points = 3}, self_);
  EXPECT_THAT(names(draw(path("lorenz.h5"), out_, small_)),
              ElementsAre("lorenz_overview.png", "lorenz_fields.png", "lorenz_scores.png",
                          "lorenz_ranks.png", "lorenz_spectra.png"));
}

TEST_F(DrawAll, LyapunovExponents) {
  test_support::write_exponents(path("chaos.h5"), self_);
  EXPECT_THAT(names(draw(path("chaos.h5"), out_, small_)), ElementsAre("chaos_lyapunov.png"));
}

TEST_F(DrawAll, ARunThatGoesOnUpToItsLastFrame) {
  test_support::write_assimilation(path("half.h5"), {.complete = 50}, self_);
  EXPECT_THAT(names(draw(path("half.h5.part"), out_, small_)),
              ElementsAre("half_overview.png", "half_fields.png", "half_scores.png"));
}

TEST_F(DrawAll, ARunOfOneFrame) {
  test_support::write_assimilation(path("one.h5"), {.complete = 1}, self_);
  EXPECT_EQ(draw(path("one.h5.part"), out_, small_).size(), 3U);
}

TEST_F(DrawAll, AFewTimesOfALongRun) {
  test_support::write_assimilation(path("long.h5"), {.frames = 3000, .complete = 3000}, self_);
  small_.from = 100;
  small_.to = 140;
  EXPECT_EQ(draw(path("long.h5"), out_, small_).size(), 5U);
  small_.to = {};
  small_.from = 3001;
  EXPECT_THAT(input_error(path("long.h5"), small_), HasSubstr("long.h5"));
  small_.from = 140;
  small_.to = 100;
  EXPECT_THAT(input_error(path("long.h5"), small_), HasSubstr("t = 140 to 100"));
  small_.from = 100.25;
  small_.to = 100.75;
  EXPECT_THAT(input_error(path("long.h5"), small_), HasSubstr("no frame between"));
}

TEST_F(DrawAll, SeveralRunsAreCompared) {
  std::filesystem::create_directories(folder_ / "other");
  test_support::write_assimilation(path("run.h5"), {}, self_);
  test_support::write_assimilation(path("other/run.h5"), {.inflation = 1.05, .error = 0.3}, self_);
  const auto written = draw(std::vector{path("run.h5"), path("other/run.h5")}, out_, small_);
  EXPECT_EQ(written.size(), 11U);
  EXPECT_EQ(names(written).back(), "comparison.png");
  EXPECT_EQ(names(written)[5], "other_run_overview.png");
}

TEST_F(DrawAll, ManyRunsFitOnOnePage) {
  std::vector<std::string> files;
  for (int i = 0; i < 12; ++i) {
    files.push_back(
        path("a_run_with_a_name_that_is_much_too_long_for_a_legend_" + std::to_string(i) + ".h5"));
    // The second one has diverged.
    test_support::write_assimilation(
        files.back(), {.points = 16, .frames = 40, .complete = 40, .error = i == 1 ? 9.0 : 0.2},
        self_);
  }
  EXPECT_EQ(names(draw(files, out_, small_)).back(), "comparison.png");
}

TEST_F(DrawAll, SimulationsAreNotCompared) {
  test_support::write_simulation(path("a.h5"), {}, self_);
  test_support::write_exponents(path("b.h5"), self_);
  EXPECT_EQ(draw(std::vector{path("a.h5"), path("b.h5")}, out_, small_).size(), 5U);
}

TEST_F(Draw, WithoutGnuplotTheFieldsRemain) {
  test_support::write_assimilation(path("twin.h5"), {}, self_);
  const auto written = draw(path("twin.h5"), out_, {.gnuplot = "no-such-gnuplot"});
  EXPECT_THAT(names(written), ElementsAre("twin_fields.png"));
  const Image image = test_support::decoded(bytes_of(written.at(0)));
  // Truth, analysis, error, spread: not white at the heart of each.
  for (const Index panel : {0, 1, 2, 3}) {
    Index coloured = 0;
    for (Index row = 100; row < 700; ++row) {
      const Rgb pixel = image.at(16 + panel * 316 + 150, row);
      if (!(pixel == Rgb{255, 255, 255})) ++coloured;
    }
    EXPECT_GT(coloured, 300) << panel;
  }
}

TEST_F(Draw, WithoutGnuplotAndFieldsThePackageIsNamed) {
  test_support::write_exponents(path("chaos.h5"), self_);
  const std::string message = input_error(path("chaos.h5"), {.gnuplot = "no-such-gnuplot"});
  EXPECT_THAT(message, HasSubstr(path("chaos.h5")));
  EXPECT_THAT(message, HasSubstr("gnuplot-nox"));
}

TEST_F(Draw, WhatIsNoResultFileIsNamed) {
  const auto expect_named = [&](const std::string& name) {
    EXPECT_THAT(input_error(path(name)), HasSubstr(path(name)));
    EXPECT_THAT(input_error(path(name)), testing::Not(HasSubstr("\n")));
  };
  expect_named("missing.h5");
  std::ofstream(path("empty.h5")).close();
  expect_named("empty.h5");
  std::ofstream(path("text.h5")) << "not HDF5\n";
  expect_named("text.h5");
  H5Fclose(H5Fcreate(path("foreign.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  expect_named("foreign.h5");
  test_support::write_assimilation(path("whole.h5"), {}, self_);
  const std::string bytes = bytes_of(path("whole.h5"));
  std::ofstream(path("cut.h5"), std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  expect_named("cut.h5");
}

TEST_F(DrawAll, NothingToDrawYetIsSaid) {
  test_support::write_bare(path("bare.h5"), self_);
  EXPECT_THAT(input_error(path("bare.h5")), HasSubstr("bare.h5: nothing to draw"));
  test_support::write_assimilation(path("new.h5"), {.complete = 0}, self_);
  EXPECT_THAT(input_error(path("new.h5.part")), HasSubstr("new.h5.part: nothing to draw"));
}

TEST_F(Draw, AFolderThatCannotBeMadeIsNamed) {
  test_support::write_assimilation(path("twin.h5"), {}, self_);
  std::ofstream(out_) << "in the way\n";
  EXPECT_THAT(input_error(path("twin.h5")), HasSubstr(out_));
}

}  // namespace
}  // namespace starling::plots
