// SPDX-License-Identifier: BSD-3-Clause
// Weights on a coarse grid. They don't depend on the columns they act on: where all columns of the
// background are alike, the analysis of a column is linear in its weights, and that of the coarse
// grid is the interpolation of the analyses at its points.
#include "core/error.hpp"
#include "filters/etkf.hpp"
#include "filters/letkf.hpp"
#include "filters/problem.hpp"
#include "filters/weight_grid.hpp"
#include "support/mpi_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace starling::filters {
namespace {

using linalg::Matrix;

constexpr Index members = 9;

LocalSettings settings(Index spacing, Real support = 12) {
  return {.localization = {Taper(Taper::Shape::gaspari_cohn, support)}, .weight_spacing = spacing};
}

Matrix analysed(const Problem& problem, const LocalSettings& with, Index line = 0) {
  const MakeFilter make = [&](const FilterContext& context) {
    FilterContext plane = context;
    if (line > 0) {
      plane.line = line;
      plane.geometry = problem.geometry;
      plane.place = [line](Index dof) {
        return Place{{static_cast<Real>(dof % line), static_cast<Real>(dof / line), 0}, 0, false};
      };
    }
    return std::make_unique<Letkf>(plane, with);
  };
  return analyse(problem, make, test_support::world(), fair_share(problem, test_support::world()));
}

void make_columns_alike(Problem& problem) {
  for (Index m = 0; m < problem.members(); ++m)
    std::fill_n(problem.ensemble.row(m), problem.dofs(), problem.ensemble(m, 0));
}

TEST(WeightGrid, InterpolatesAnalysesOnALine) {
  for (const bool periodic : {true, false})
    for (const Index dofs : {80, 83})
      for (const Index spacing : {2, 4, 7}) {
        Problem problem = random_problem(members, dofs, 60, 5);
        if (!periodic) problem.geometry.period = {};
        make_columns_alike(problem);
        const Matrix fine = analysed(problem, settings(1)),
                     coarse = analysed(problem, settings(spacing));
        for (Index j = 0; j < dofs; ++j) {
          const Index low = j / spacing * spacing;
          Index high = low + spacing;
          if (high >= dofs) high = periodic ? dofs : dofs - 1;
          const Real t =
              high == low ? 0 : static_cast<Real>(j - low) / static_cast<Real>(high - low);
          for (Index m = 0; m < members; ++m)
            EXPECT_NEAR(coarse(m, j), (1 - t) * fine(m, low) + t * fine(m, high % dofs), 1e-12)
                << "column " << j << " of " << dofs << ", spacing " << spacing;
        }
      }
}

TEST(WeightGrid, InterpolatesAnalysesInAPlane) {
  constexpr Index line = 22, lines = 13, dofs = line * lines;
  for (const bool periodic : {true, false})
    for (const Index spacing : {2, 3, 5}) {
      Problem problem = random_problem(members, dofs, 40, 5);
      problem.geometry = {2, {0, 0, 0}, 0};
      if (periodic) problem.geometry.period = {line, lines, 0};
      for (Index o = 0; o < 40; ++o)
        problem.places[static_cast<std::size_t>(o)] = {
            {static_cast<Real>(o * 7 % line), static_cast<Real>(o * 5 % lines), 0}, 0, false};
      make_columns_alike(problem);
      const Matrix fine = analysed(problem, settings(1, 6), line);
      const Matrix coarse = analysed(problem, settings(spacing, 6), line);
      const auto bracket = [&](Index i, Index count, Index& low, Index& high) {
        low = i / spacing * spacing;
        Index next = low + spacing;
        if (next >= count) next = periodic ? count : count - 1;
        high = next % count;
        return next == low ? 0 : static_cast<Real>(i - low) / static_cast<Real>(next - low);
      };
      for (Index j = 0; j < dofs; ++j) {
        Index left = 0, right = 0, down = 0, up = 0;
        const Real s = bracket(j % line, line, left, right);
        const Real t = bracket(j / line, lines, down, up);
        for (Index m = 0; m < members; ++m) {
          const auto at = [&](Index x, Index y) { return fine(m, x + line * y); };
          const Real expected = (1 - s) * (1 - t) * at(left, down) + s * (1 - t) * at(right, down) +
                                (1 - s) * t * at(left, up) + s * t * at(right, up);
          EXPECT_NEAR(coarse(m, j), expected, 1e-12) << "column " << j << ", spacing " << spacing;
        }
      }
    }
}

// Without localization weights are the same everywhere.
TEST(WeightGrid, OfOneMatrixIsTheGlobalFilter) {
  const Problem problem = random_problem(members, 83, 60, 5);
  const Matrix coarse = analysed(problem, settings(4, std::numeric_limits<Real>::infinity()));
  const Matrix global =
      analyse(problem, [](const FilterContext& context) -> std::unique_ptr<Filter> {
        return std::make_unique<Etkf>(context, Etkf::Options{});
      });
  for (Index m = 0; m < members; ++m)
    for (Index j = 0; j < 83; ++j) EXPECT_NEAR(coarse(m, j), global(m, j), 1e-12);
}

// What is everywhere lies behind the grid.
TEST(WeightGrid, SharesSumToOne) {
  FilterContext context{.comm = MPI_COMM_SELF, .members = 2, .dofs = 62};
  context.geometry = {2, {10, 0, 0}, 0};
  context.line = 10;
  context.place = [](Index dof) { return Place{{}, 0, dof >= 60}; };
  const WeightGrid grid(context, 4);
  for (Index j = 0; j < 62; ++j) {
    const WeightGrid::Stencil stencil = grid.around(j);
    Real sum = 0;
    for (Index k = 0; k < stencil.count; ++k) {
      sum += stencil.share[static_cast<std::size_t>(k)];
      EXPECT_EQ(stencil.dof[static_cast<std::size_t>(k)] >= 60, j >= 60);
    }
    EXPECT_NEAR(sum, 1, 1e-15);
    if (j >= 60) {
      EXPECT_EQ(stencil.dof[0], j);
    }
  }
}

TEST(WeightGrid, IsOfSinglePoints) {
  const Problem problem = random_problem(members, 83, 60, 5);
  LocalSettings both = settings(4);
  both.domain_points = 2;
  EXPECT_THROW(analysed(problem, both), InputError);
}

}  // namespace
}  // namespace starling::filters
