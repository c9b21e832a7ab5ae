// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "spectral/plan.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace {

using namespace starling;
using spectral::Plan;
using spectral::Planning;

TEST(Plan, ForwardAfterInverseIsTheIdentityTimesTheNumberOfPoints) {
  for (const Planning planning : {Planning::estimate, Planning::measured}) {
    const Plan forward(12, Plan::Direction::forward, planning);
    const Plan inverse(12, Plan::Direction::inverse, planning);
    const Array<Complex*> a("a", 12), b("b", 12), c("c", 12);
    for (std::size_t j = 0; j < 12; ++j) a(j) = Complex(1.0 / (1.0 + static_cast<Real>(j)), -0.3);
    inverse.execute(b.data(), a.data());
    forward.execute(c.data(), b.data());
    for (std::size_t j = 0; j < 12; ++j) EXPECT_NEAR((c(j) - 12.0 * a(j)).real(), 0, 1e-13);
    EXPECT_EQ(a(3).real(), 0.25) << "out of place leaves the input alone";
  }
}

TEST(Plan, WisdomIsStoredAndSharedAndForeignFilesAreRefused) {
  const test_support::SharedDirectory directory;
  const std::string file = (directory / "fftw.wisdom").string();
  if (test_support::world_rank() == 0) {
    spectral::read_wisdom(file);
    const Plan plan(48, Plan::Direction::forward, Planning::measured);
  }
  spectral::share_wisdom(file, test_support::world());
  MPI_Barrier(test_support::world());
  EXPECT_GT(std::filesystem::file_size(file), 0u);
  const std::string foreign =
      (directory / ("foreign" + std::to_string(test_support::world_rank()))).string();
  std::ofstream(foreign) << "no wisdom";
  EXPECT_THROW(spectral::read_wisdom(foreign), InputError);
}

}  // namespace
