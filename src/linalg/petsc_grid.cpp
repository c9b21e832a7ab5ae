// SPDX-License-Identifier: BSD-3-Clause
#include "linalg/petsc_grid.hpp"

#include "core/error.hpp"

namespace starling::linalg::petsc {
namespace {

PetscInt integer(Index n) { return static_cast<PetscInt>(n); }

}  // namespace

Grid::Grid(std::vector<Index> points, Edge edge, Index reach)
    : session_(own_session()), points_(std::move(points)), edge_(edge), reach_(reach) {
  STARLING_ASSERT(points_.size() == 1 || points_.size() == 2);
  for (const Index n : points_)
    require(n >= reach, "a grid of {} points for stencils that reach {}; allowed: as many or more",
            n, reach);
  const DMBoundaryType type = edge == Edge::periodic ? DM_BOUNDARY_PERIODIC : DM_BOUNDARY_GHOSTED;
  if (dimensions() == 1) {
    STARLING_PETSC(DMDACreate1d(PETSC_COMM_SELF, type, integer(points_[0]), 1, integer(reach),
                                nullptr, grid_.out()));
  } else {
    STARLING_PETSC(DMDACreate2d(PETSC_COMM_SELF, type, type, DMDA_STENCIL_BOX, integer(points_[0]),
                                integer(points_[1]), 1, 1, 1, integer(reach), nullptr, nullptr,
                                grid_.out()));
  }
  STARLING_PETSC(DMSetUp(grid_));
}

Index Grid::points() const {
  Index all = 1;
  for (const Index n : points_) all *= n;
  return all;
}

MatrixHandle Grid::matrix(const std::vector<Term>& stencil) const {
  const Index nx = points_[0], ny = dimensions() == 2 ? points_[1] : 1;
  MatrixHandle matrix;
  STARLING_PETSC(DMCreateMatrix(grid_, matrix.out()));
  for (Index j = 0; j < ny; ++j)
    for (Index i = 0; i < nx; ++i) {
      MatStencil row = {0, integer(j), integer(i), 0};
      for (const Term& term : stencil) {
        MatStencil column = {0, integer(j + term.y), integer(i + term.x), 0};
        const bool inside = 0 <= column.i && column.i < nx && 0 <= column.j && column.j < ny;
        if (edge_ == Edge::zero && !inside) continue;
        STARLING_PETSC(MatSetValuesStencil(matrix, 1, &row, 1, &column, &term.factor, ADD_VALUES));
      }
    }
  STARLING_PETSC(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  STARLING_PETSC(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  return matrix;
}

Ghosted::Ghosted(const Grid& grid) {
  STARLING_PETSC(PetscObjectReference(reinterpret_cast<PetscObject>(grid.dm())));
  *grid_.out() = grid.dm();
  STARLING_PETSC(
      VecCreateSeqWithArray(PETSC_COMM_SELF, 1, integer(grid.points()), nullptr, global_.out()));
  STARLING_PETSC(DMCreateLocalVector(grid_, local_.out()));
  STARLING_PETSC(VecSet(local_, 0));
  STARLING_PETSC(VecGetArrayRead(local_, &first_));
  const Real* start = first_;
  STARLING_PETSC(VecRestoreArrayRead(local_, &start));
  first_ += grid.reach_ * (grid.dimensions() == 2 ? grid.stride() + 1 : 1);
  // The first use of a grid makes what others find.
  const std::vector<Real> zeros(static_cast<std::size_t>(grid.points()));
  fill(zeros.data());
}

const Real* Ghosted::fill(const Real* values) {
  STARLING_PETSC(VecPlaceArray(global_, values));
  STARLING_PETSC(DMGlobalToLocalBegin(grid_, global_, INSERT_VALUES, local_));
  STARLING_PETSC(DMGlobalToLocalEnd(grid_, global_, INSERT_VALUES, local_));
  STARLING_PETSC(VecResetArray(global_));
  return first_;
}

Factors::Factors(const MatrixHandle& matrix, Order order) : session_(own_session()) {
  using Permutation = Handle<IS, ISDestroy>;
  Permutation rows, columns;
  STARLING_PETSC(MatGetOrdering(matrix,
                                order == Order::natural ? MATORDERINGNATURAL : MATORDERINGND,
                                rows.out(), columns.out()));
  STARLING_PETSC(MatGetFactor(matrix, MATSOLVERPETSC, MAT_FACTOR_LU, factors_.out()));
  MatFactorInfo info;
  STARLING_PETSC(MatFactorInfoInitialize(&info));
  STARLING_PETSC(MatLUFactorSymbolic(factors_, matrix, rows, columns, &info));
  STARLING_PETSC(MatLUFactorNumeric(factors_, matrix, &info));
  MatFactorError error = MAT_FACTOR_NOERROR;
  STARLING_PETSC(MatFactorGetError(factors_, &error));
  if (error != MAT_FACTOR_NOERROR) throw NumericalError("a matrix to be solved with is singular");
  PetscInt n = 0;
  STARLING_PETSC(MatGetSize(matrix, &n, nullptr));
  STARLING_PETSC(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, nullptr, x_.out()));
  STARLING_PETSC(VecCreateSeqWithArray(PETSC_COMM_SELF, 1, n, nullptr, b_.out()));
}

void Factors::solve(Real* x, const Real* b) {
  STARLING_PETSC(VecPlaceArray(x_, x));
  STARLING_PETSC(VecPlaceArray(b_, b));
  STARLING_PETSC(MatSolve(factors_, b_, x_));
  STARLING_PETSC(VecResetArray(x_));
  STARLING_PETSC(VecResetArray(b_));
}

}  // namespace starling::linalg::petsc
