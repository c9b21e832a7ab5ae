// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"
#include "linalg/petsc_grid.hpp"
#include "linalg/singular_vectors.hpp"
#include "support/allocation_counter.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace starling::linalg::petsc {
namespace {

std::vector<Real> counted(Index n) {
  std::vector<Real> values(static_cast<std::size_t>(n));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

TEST(PetscGrid, APeriodicLineGoesOnAtItsOtherEnd) {
  const Grid grid({6}, Grid::Edge::periodic, 2);
  Ghosted ghosted(grid);
  const auto values = counted(6);
  const Real* first = ghosted.fill(values.data());
  for (Index i = -2; i < 8; ++i) EXPECT_EQ(first[i], static_cast<Real>((i + 6) % 6 + 1));
}

TEST(PetscGrid, ABasinHasZerosAroundIt) {
  const Grid grid({5, 3}, Grid::Edge::zero, 1);
  Ghosted ghosted(grid);
  const auto values = counted(15);
  const Real* first = ghosted.fill(values.data());
  for (Index j = -1; j < 4; ++j)
    for (Index i = -1; i < 6; ++i) {
      const bool inside = i >= 0 && i < 5 && j >= 0 && j < 3;
      EXPECT_EQ(first[i + j * grid.stride()], inside ? static_cast<Real>(1 + i + 5 * j) : 0.0);
    }
}

// The matrix is the stencil applied to the values with what lies across the edges, and its solution
// the way back; neither allocates.
TEST(PetscGrid, AMatrixAndItsFactorsAreThoseOfTheStencil) {
  for (const Grid::Edge edge : {Grid::Edge::periodic, Grid::Edge::zero})
    for (const auto order : {Factors::Order::natural, Factors::Order::nested_dissection}) {
      const Grid grid({7, 6}, edge, 1);
      const std::vector<Grid::Term> stencil = {{0, 0, 5.0}, {1, 0, -1.0},  {-1, 0, 0.5},
                                               {0, 1, 0.7}, {0, -1, -1.3}, {1, 1, 0.3}};
      const MatrixHandle matrix = grid.matrix(stencil);
      Factors factors(matrix, order);
      Ghosted ghosted(grid);
      std::vector<Real> x(42), b(42), back(42);
      for (std::size_t i = 0; i < 42; ++i) x[i] = std::sin(1.3 * static_cast<Real>(i * i));
      const test_support::AllocationCounter allocations;
      const Real* first = ghosted.fill(x.data());
      for (Index j = 0; j < 6; ++j)
        for (Index i = 0; i < 7; ++i)
          for (const Grid::Term& term : stencil)
            b[static_cast<std::size_t>(i + 7 * j)] +=
                term.factor * first[i + term.x + (j + term.y) * grid.stride()];
      factors.solve(back.data(), b.data());
      EXPECT_EQ(allocations.count(), 0u);
      for (std::size_t i = 0; i < 42; ++i) EXPECT_NEAR(back[i], x[i], 1e-14);
    }
}

TEST(PetscGrid, ASingularMatrixIsRefused) {
  const Grid grid({6}, Grid::Edge::periodic, 1);
  EXPECT_THROW(Factors(grid.matrix({{0, 0, 0.0}}), Factors::Order::natural), NumericalError);
  EXPECT_THROW(Grid({1}, Grid::Edge::periodic, 2), InputError);
}

// A rank's own session is no hindrance to what all ranks do with SLEPc meanwhile, nor the other way
// round.
TEST(PetscGrid, SlepcWorksBesideIt) {
  Array<Real**> block("block", 3, test_support::world_rank() == 0 ? 8 : 4);
  for (std::size_t i = 0; i < 3; ++i) block(i, i) = static_cast<Real>(3 - i);
  const auto before = leading_singular_vectors(test_support::world(), block, 2, SvdMethod::slepc);
  const Grid grid({6}, Grid::Edge::periodic, 1);
  Factors factors(grid.matrix({{0, 0, 2.0}}), Factors::Order::natural);
  const auto svd = leading_singular_vectors(test_support::world(), block, 2, SvdMethod::slepc);
  const Real scale = std::sqrt(static_cast<Real>(test_support::world_size()));
  EXPECT_NEAR(before.values[0], 3 * scale, 1e-12);
  EXPECT_NEAR(svd.values[0], 3 * scale, 1e-12);
  EXPECT_NEAR(svd.values[1], 2 * scale, 1e-12);
  const auto b = counted(6);
  std::vector<Real> x(6);
  factors.solve(x.data(), b.data());
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(x[i], b[i] / 2);
}

}  // namespace
}  // namespace starling::linalg::petsc
