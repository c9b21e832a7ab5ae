// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "core/process_grid.hpp"
#include "linalg/dense.hpp"
#include "linalg/random_matrix.hpp"
#include "linalg/singular_vectors.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

namespace starling::linalg {
namespace {

using test_support::world;
using test_support::world_rank;
using test_support::world_size;

constexpr Index members = 20, dofs = 333;

// An ensemble with a spectrum: waves with amplitudes that fall as 0.6^k, and a little noise.
Array<Real**> ensemble(Range columns) {
  const Matrix amplitude = random_matrix(members, 8, 11), noise = random_matrix(members, dofs, 12);
  Array<Real**> block("ensemble", members, static_cast<std::size_t>(columns.size()));
  for (Index m = 0; m < members; ++m)
    for (Index j = columns.begin; j < columns.end; ++j) {
      Real value = 1e-4 * noise(m, j);
      for (Index k = 0; k < 8; ++k)
        value += amplitude(m, k) * std::pow(0.6, static_cast<Real>(k)) *
                 std::cos(2 * std::numbers::pi * static_cast<Real>((k + 1) * j) / dofs +
                          static_cast<Real>(k));
      block(m, j - columns.begin) = value;
    }
  return block;
}

Range mine() { return deal(dofs, world_size(), world_rank(), dof_block); }

void expect_lapack(SvdMethod method, Real tolerance) {
  constexpr Index count = 6;
  const Range columns = mine();
  const auto block = ensemble(columns);
  const auto svd = leading_singular_vectors(world(), block, count, method);

  const auto whole = ensemble({0, dofs});
  Matrix a(members, dofs), left(members, members), right(members, dofs);
  for (Index m = 0; m < members; ++m)
    for (Index j = 0; j < dofs; ++j) a(m, j) = whole(m, j);
  std::vector<Real> values(members);
  singular_values(values.data(), left, right, a);

  EXPECT_EQ(svd.values.size(), static_cast<std::size_t>(count));
  for (Index i = 0; i < count; ++i) {
    const Real expected = values[static_cast<std::size_t>(i)];
    EXPECT_NEAR(svd.values[static_cast<std::size_t>(i)], expected, tolerance * values[0]);
    Index largest = 0;
    for (Index m = 1; m < members; ++m)
      if (std::abs(left(m, i)) > std::abs(left(largest, i))) largest = m;
    const Real sign = left(largest, i) > 0 ? 1 : -1;
    for (Index m = 0; m < members; ++m)
      EXPECT_NEAR(svd.coefficients(i, m), sign * left(m, i), 100 * tolerance);
    for (Index j = 0; j < columns.size(); ++j)
      EXPECT_NEAR(svd.modes(i, j), sign * right(i, columns.begin + j), 100 * tolerance);
  }
}

TEST(SingularVectors, BySnapshotsAreLapacks) { expect_lapack(SvdMethod::snapshots, 1e-13); }

TEST(SingularVectors, BySnapshotsHaveTheSameBitsForAnyNumberOfRanks) {
  const Range columns = mine();
  const auto shared = leading_singular_vectors(world(), ensemble(columns), 5);
  const auto alone = leading_singular_vectors(MPI_COMM_SELF, ensemble({0, dofs}), 5);
  EXPECT_EQ(shared.values, alone.values);
  for (Index i = 0; i < 5; ++i) {
    for (Index m = 0; m < members; ++m)
      EXPECT_EQ(shared.coefficients(i, m), alone.coefficients(i, m));
    for (Index j = 0; j < columns.size(); ++j)
      EXPECT_EQ(shared.modes(i, j), alone.modes(i, columns.begin + j));
  }
}

TEST(SingularVectors, OfRankOneIsFoundWithItsZeros) {
  Array<Real**> block("block", 3, world_rank() == 0 ? 4 : 0);
  if (world_rank() == 0)
    for (Index m = 0; m < 3; ++m) block(m, 2) = static_cast<Real>(m + 1);
  const auto svd = leading_singular_vectors(world(), block, 3);
  EXPECT_NEAR(svd.values[0], std::sqrt(14.0), 1e-14);
  EXPECT_NEAR(svd.values[1], 0, 1e-7);
  EXPECT_NEAR(svd.coefficients(0, 2), 3 / std::sqrt(14.0), 1e-14);
  if (world_rank() == 0) {
    EXPECT_NEAR(svd.modes(0, 2), 1, 1e-14);
  }
}

TEST(SingularVectors, AskedForTooManyAreRefused) {
  const auto block = ensemble(mine());
  EXPECT_THROW(leading_singular_vectors(world(), block, members + 1), InputError);
  EXPECT_THROW(leading_singular_vectors(world(), block, 0), InputError);
}

#ifdef STARLING_HAVE_PETSC

TEST(SingularVectors, BySlepcAreLapacks) {
  expect_lapack(SvdMethod::slepc, 1e-12);
  expect_lapack(SvdMethod::slepc, 1e-12);  // PETSc opens and closes again
}

TEST(SingularVectors, BySlepcKeepTheDigitsOfSmallValues) {
  // Diagonal 1, 1e-3, ..., 1e-12: snapshots would see squares below rounding.
  Array<Real**> block("block", 5, world_rank() == 0 ? 16 : 0);
  if (world_rank() == 0)
    for (Index i = 0; i < 5; ++i) block(i, 2 * i) = std::pow(10, -3.0 * static_cast<Real>(i));
  const auto svd = leading_singular_vectors(world(), block, 5, SvdMethod::slepc);
  for (Index i = 0; i < 5; ++i) {
    const Real expected = std::pow(10, -3.0 * static_cast<Real>(i));
    EXPECT_NEAR(svd.values[static_cast<std::size_t>(i)] / expected, 1, 1e-3);
  }
}

#else

TEST(SingularVectors, BySlepcAreRefusedInABuildWithoutIt) {
  const auto block = ensemble(mine());
  EXPECT_THROW(leading_singular_vectors(world(), block, 3, SvdMethod::slepc), InputError);
}

#endif

}  // namespace
}  // namespace starling::linalg
